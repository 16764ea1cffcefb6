//! How data comes in: a connector fetches it, bronze keeps its exact bytes, silver holds it typed.
//!
//! `connector` is the seam to outside systems, `sync` the durable operation that brings an org's
//! data up to date. Silver is a function of bronze: the same bytes always give the same rows.

pub mod connector;

pub mod connectors;

mod delimited;

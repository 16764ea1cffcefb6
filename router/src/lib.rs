//! The router: directs each org's requests to the org's cell, from memory, asking nobody.
//!
//! `decide` is the whole policy and is pure. `proxy` is the only file that implements Pingora's
//! trait; `route_feed` keeps the table fresh in the background and its death stops nothing.

pub mod decide;

pub mod host;

pub mod route_table;

mod layered;

pub mod snapshot;

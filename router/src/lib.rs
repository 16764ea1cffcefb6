//! The router: directs each org's requests to the org's cell, from memory, asking nobody.
//!
//! `decide` is the whole policy and is pure. `proxy` is the only file that implements Pingora's
//! trait; `route_feed` keeps the table fresh in the background and its death stops nothing.

pub mod config;

pub mod decide;

pub mod host;

pub mod route_table;

pub mod snapshot;

mod route_feed;

mod proxy;

mod context;

mod framing;

mod headers;

mod upstreams;

pub mod hold;

mod answers;

mod access_log;

mod metrics;

mod admin;

mod listeners;

mod server;

pub use server::run;

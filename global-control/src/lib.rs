//! global-control: who exists, who may sign in, which cell serves whom. Never on a request's path.
//!
//! A slice is a folder with `mod.rs` (types and rules), `http.rs` (its endpoints) and `store.rs`
//! (its SQL). Read `app` and `routes` first, then `signup`: a new org from request to route.

pub mod app;

pub mod routes;

pub mod signup;

pub mod orgs;

pub mod placements;

pub mod cells;

pub mod replays;

pub mod route_feed;

pub mod operations;

pub mod auth;

pub mod oauth;

pub mod config_docs;

pub mod quota;

pub mod internal;

pub mod idempotency;

pub mod audit;

pub mod db;

pub mod work;

pub mod metrics;

pub mod config;

pub mod cli;

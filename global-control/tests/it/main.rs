//! The service in process, on a real Postgres, with a stand-in for the one thing that is not ours
//! to run here: a cell's internal listener.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod support;

mod auth;
mod cells;
mod config_docs;
mod gates;
mod openapi;
mod orgs;
mod provisioning;
mod quota;
mod replays;
mod route_feed;
mod signup;
mod slugs;
mod worker;

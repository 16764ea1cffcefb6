//! The cell against a real Postgres: one binary, one module per promise.

mod support;

mod fence;

mod isolation;

mod catalogue;

mod routes;

mod sign_in;

mod writes;

mod queue;

mod orgs;

mod usage;

mod config_copy;

mod house;

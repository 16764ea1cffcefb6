//! The process driver on real Postgres and Redis, and the refusals of the command line.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod clusters;
mod deletions;
mod holding;
mod leftovers;
mod platform;
mod refusals;
mod support;

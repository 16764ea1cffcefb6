//! The simulator over HTTP, as a connector meets it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod client;

mod conformance;
mod controls;
mod edits;
mod entities;
mod faults;
mod journal;
mod oauth;
mod quotas;
mod rates;
mod reports;
mod shapes;
mod time;

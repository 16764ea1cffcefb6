//! Real databases and whole platforms for tests. A dev-dependency only; it starts binaries and
//! links no service.
//!
//! `database`: a database per test, cut from a template. `durable`: the crash harness for durable
//! operations. `platform`: everything on loopback, started by the driver `cargo x up` uses.

pub mod database;

pub mod durable;

pub mod platform;

pub mod journey;

pub mod wait;

pub use database::TestDatabase;
pub use platform::Platform;

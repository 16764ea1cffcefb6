//! Real databases and whole platforms for tests. A dev-dependency only; it starts binaries and
//! links no service.
//!
//! `database`: a database per test, cut from a template. `durable`: the crash harness for durable
//! operations. `cluster`: a Postgres of one's own. `platform`: everything on loopback, started by the driver `cargo x up` uses. `parts`:
//! Postgres, the simulator and a worker, to be killed one by one. `rig`: their calendar and their calls.

pub mod cluster;

pub mod database;

pub mod durable;

pub mod parts;

pub mod platform;

pub mod rig;

pub mod journey;

pub mod wait;

pub use database::TestDatabase;
pub use platform::Platform;

//! Brings cells to life, runs a whole platform on one machine, and is the operator's command line.
//!
//! - `driver`: the trait that makes cells real, and the driver that makes them of processes
//! - `fleet`: the client of global-control
//! - `local`: the supervisor behind `cellctl local`
//! - `cli`: one file per command, printing only

pub mod driver;

pub mod fleet;

pub mod local;

pub mod cli;

pub mod config;

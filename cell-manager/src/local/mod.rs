//! The supervisor behind `cellctl local`: a whole platform on this machine, every part a child
//! process with its own Postgres and Redis where it needs them. It holds the data directory's
//! lock while it lives.
//!
//! Reading order: `preflight` (may we?), `platform` (up and down), `programs` (what each part is
//! told), `admin` (how other `cellctl` commands talk to it), `status`, `seed`.

use std::path::PathBuf;

use crate::driver;
use crate::driver::process::{self, files, lock, ports, postgres, privileges, processes, tools};
use crate::fleet;

pub mod admin;
pub mod client;
pub mod detach;
pub mod platform;
pub mod preflight;
pub mod status;

mod memory;
mod programs;
mod run;
mod secrets;
mod seed;
mod signals;
mod stop_order;

pub use run::{Ready, run};
pub use seed::Login;

/// What `cellctl local` was asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Absolute.
    pub data: PathBuf,
    pub port: u16,
    pub cells: u32,
    pub fresh: bool,
    pub seed_demo: bool,
    pub bin_dir: PathBuf,
    pub pg_bin_dir: Option<PathBuf>,
    pub redis_server: Option<PathBuf>,
    pub ui_dir: Option<PathBuf>,
    pub simulator: SimulatorOptions,
}

/// How the DV360 simulator differs from what it is by itself.
#[derive(Debug, Clone, Default)]
pub struct SimulatorOptions {
    pub report_delay_ms: Option<u64>,
    /// Of every advertiser.
    pub line_items: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{data} is not one of our data folders; what is in it would be in danger: choose an empty folder, or a new one, with --data"
    )]
    NotOurs { data: PathBuf },
    #[error(
        "only {free_mb} MB are free where {path} is; at least {needed_mb} MB are needed: free some space, or choose another disk with --data"
    )]
    LittleSpace {
        path: PathBuf,
        free_mb: u64,
        needed_mb: u64,
    },
    #[error(
        "{path} is too long a path ({length} bytes; Postgres takes {limit}); choose a shorter one with --data"
    )]
    LongPath {
        path: PathBuf,
        length: usize,
        limit: usize,
    },
    #[error("{cell} still serves {orgs} orgs; move them off first")]
    CellInUse { cell: driver::CellName, orgs: u32 },
    #[error("there is no cell {0}")]
    UnknownCell(String),
    #[error("{0} did not become active in the fleet within {1} s")]
    NotActive(String, u64),
    #[error("fill in the demo org: {0}")]
    Seed(String),
    #[error("listen for other cellctl commands")]
    Admin(#[source] std::io::Error),
    #[error("catch signals")]
    Signals(#[source] std::io::Error),
    #[error("stopped while starting")]
    Interrupted,
    #[error(transparent)]
    Lock(#[from] lock::Error),
    #[error(transparent)]
    Driver(#[from] process::Error),
    #[error(transparent)]
    Fleet(#[from] fleet::Error),
}

/// Parts of the driver have errors of their own; to the supervisor they are all the driver's.
macro_rules! from_driver {
    ($($error:ty),+) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::Driver(error.into())
            }
        })+
    };
}

from_driver!(
    files::Error,
    ports::Error,
    postgres::Error,
    privileges::Error,
    processes::Error,
    tools::Error
);

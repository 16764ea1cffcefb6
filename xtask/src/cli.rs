//! The command line of `cargo x`: one variant per command, one call per variant.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::db;

/// An error that carries its own exit status.
#[derive(Debug)]
pub(crate) struct Exit(pub(crate) u8);

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit with status {}", self.0)
    }
}

impl std::error::Error for Exit {}

/// An error whose text the user has seen already.
#[derive(Debug)]
pub(crate) struct Quiet;

impl std::fmt::Display for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("see above")
    }
}

impl std::error::Error for Quiet {}

#[derive(Parser)]
#[command(
    name = "cargo x",
    bin_name = "cargo x",
    about = "Every developer command of Cellplane"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The developer databases that SQL is checked against while compiling
    Db {
        #[command(subcommand)]
        action: db::Action,
        /// Where the platform keeps its data
        #[arg(long, global = true, default_value = ".cellplane")]
        data: PathBuf,
    },
}

pub(crate) fn run() -> Result<()> {
    let cli = Cli::parse();
    let config = Config::load()?;
    match cli.command {
        Command::Db { action, data } => db::run(&config, &data, &action),
    }
}

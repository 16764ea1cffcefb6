//! The command line of `cargo x`: one variant per command, one call per variant.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::bench::{self, BenchArgs};
use crate::config::Config;
use crate::test::{self, TestArgs};
use crate::up::{self, Place, UpArgs};
use crate::{check, db, generate, tidy};

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
    /// Start the whole platform on this machine
    Up(UpArgs),
    /// Stop it
    Down(Place),
    /// Say what runs where, and how it is
    Status {
        #[command(flatten)]
        place: Place,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Run the DV360 simulator alone
    Sim {
        /// Address to listen on
        #[arg(long, default_value = "127.0.0.1:8360")]
        listen: String,
    },
    /// Make all generated files again: schema.sql, .sqlx, OpenAPI, UI types
    Gen {
        /// Change nothing; fail if something is stale
        #[arg(long)]
        check: bool,
    },
    /// Run every test; ends with `N passed, M failed`
    Test(TestArgs),
    /// Format, tidy, clippy, generated files, UI lint and types
    Check,
    /// Put right what a program can: format, clippy's suggestions, snapshots
    Fix,
    /// What must pass before anything lands: check and test, with the time each took
    Ci,
    /// Check the rules that no compiler checks
    Tidy,
    /// The developer databases that SQL is checked against while compiling
    Db {
        #[command(subcommand)]
        action: db::Action,
        #[command(flatten)]
        place: Place,
    },
    /// Measure a claim
    Bench(BenchArgs),
}

pub(crate) fn run() -> Result<()> {
    let cli = Cli::parse();
    let config = Config::load()?;
    match cli.command {
        Command::Up(args) => up::up(&config, &args),
        Command::Down(place) => up::down(&config, &place),
        Command::Status { place, json } => up::status(&config, &place, json),
        Command::Sim { listen } => up::sim(&config, &listen),
        Command::Gen { check } => generate::run(&config, check),
        Command::Test(args) => test::run(&config, &args),
        Command::Check => check::check(&config),
        Command::Fix => check::fix(&config),
        Command::Ci => check::ci(&config),
        Command::Tidy => tidy::run(&config),
        Command::Db { action, place } => db::run(&config, &place.resolve(&config)?, &action),
        Command::Bench(args) => bench::run(&config, &args),
    }
}

//! The command line of a bench.

use std::path::PathBuf;

use clap::Parser;

use crate::scenarios;

#[derive(Parser)]
#[command(about = "Runs one measured claim and prints a table and one JSON line")]
pub(crate) struct Arguments {
    /// Which claim; see --list
    #[arg(required_unless_present = "list")]
    pub(crate) name: Option<String>,
    /// Say what can be measured
    #[arg(long)]
    pub(crate) list: bool,
    /// Fewer repetitions; for trying out, not for figures
    #[arg(long)]
    pub(crate) quick: bool,
    /// Also write the JSON line to this file
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) wish: scenarios::Wish,
    /// The process that is measured by `ingest`, and what it is to load
    #[arg(long, hide = true)]
    pub(crate) load: Option<String>,
    /// One of the walks that `accuracy` and `quota` start
    #[arg(long, hide = true)]
    pub(crate) walk: Option<String>,
}

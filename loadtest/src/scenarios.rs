//! The list of claims, each with what it measures.

mod accuracy;

mod fuzz;

mod idle;

mod ingest;

mod onboarding;

mod orgtx;

mod quota;

mod replay;

mod restart;

use anyhow::{Result, bail};

use crate::report::Report;

/// Name and claim of every bench.
const LIST: &[(&str, &str)] = &[
    (
        "onboarding",
        "signup to the first true pacing row, and provisioning alone",
    ),
    (
        "restart",
        "warm start of the platform, and a new cell until it serves",
    ),
    ("idle", "memory and CPU of an idle platform with two cells"),
    (
        "accuracy",
        "silver against the source's truth, through faults and kills",
    ),
    (
        "fuzz",
        "ten million spoiled reports, against an independent reader",
    ),
    (
        "ingest",
        "a report file to committed, proven silver, against the owner's COPY; memory",
    ),
    (
        "orgtx",
        "what the signed org context and the fence add to a transaction",
    ),
    (
        "quota",
        "requests per report, and a thousand orgs' mornings in a day's two thousand",
    ),
    (
        "replay",
        "a year of fifty orgs read again from their files, byte for byte",
    ),
];

pub(crate) fn print_list() {
    for (name, claim) in LIST {
        println!("{name:<12} {claim}");
    }
}

/// Which part of a claim that is too long for one run.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Chunk {
    /// How many seeded histories (accuracy)
    #[arg(long)]
    pub(crate) histories: Option<u32>,
    /// Which histories (accuracy)
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

pub(crate) async fn run(name: &str, quick: bool, chunk: Chunk) -> Result<Report> {
    match name {
        "accuracy" => accuracy::run(quick, chunk.histories, chunk.seed).await,
        "onboarding" => onboarding::run(quick).await,
        "restart" => restart::run(quick).await,
        "idle" => idle::run(quick).await,
        "fuzz" => fuzz::run(quick).await,
        "ingest" => ingest::run(quick).await,
        "orgtx" => orgtx::run(quick).await,
        "quota" => quota::run(quick).await,
        "replay" => replay::run(quick).await,
        _ => bail!("there is no bench {name:?}; `cargo x bench --list` names them"),
    }
}

/// In a process of its own, so that its memory is its own.
pub(crate) async fn load(order: &str) -> Result<()> {
    ingest::load(order).await
}

//! The list of claims, each with what it measures.

mod accuracy;

mod agency;

mod fuzz;

mod idle;

mod ingest;

mod onboarding;

mod orgtx;

mod pacing;

mod quota;

mod replay;

mod restart;

mod routes;

mod taxonomy;

mod ui;

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
        "pacing",
        "pacing's page for a usual and for a large org, warm and cold",
    ),
    (
        "quota",
        "requests per report, and a thousand orgs' mornings in a day's two thousand",
    ),
    (
        "replay",
        "a year of fifty orgs read again from their files, byte for byte",
    ),
    (
        "routes",
        "a route table of a million orgs: look-ups, memory, changes, start from disk",
    ),
    (
        "taxonomy",
        "names a second against a convention, and what was meant by wrong ones",
    ),
    (
        "ui",
        "how long a person waits for a page, in a throttled Chromium",
    ),
];

pub(crate) fn print_list() {
    for (name, claim) in LIST {
        println!("{name:<12} {claim}");
    }
}

pub(crate) use accuracy::Wish;

pub(crate) async fn run(name: &str, quick: bool, wish: &Wish) -> Result<Report> {
    match name {
        "accuracy" => accuracy::run(quick, wish).await,
        "onboarding" => onboarding::run(quick).await,
        "restart" => restart::run(quick).await,
        "routes" => routes::run(quick).await,
        "idle" => idle::run(quick).await,
        "fuzz" => fuzz::run(quick).await,
        "ingest" => ingest::run(quick).await,
        "orgtx" => orgtx::run(quick).await,
        "pacing" => pacing::run(quick).await,
        "quota" => quota::run(quick).await,
        "replay" => replay::run(quick).await,
        "taxonomy" => taxonomy::run(quick).await,
        "ui" => ui::run(quick).await,
        _ => bail!("there is no bench {name:?}; `cargo x bench --list` names them"),
    }
}

/// In a process of its own, so that its memory is its own.
pub(crate) async fn load(order: &str) -> Result<()> {
    ingest::load(order).await
}

/// In a process of its own, because it moves its calendar.
pub(crate) async fn walk(name: &str, order: &str) -> Result<()> {
    match name {
        "quota" => quota::walk(order).await,
        _ => accuracy::walk(order).await,
    }
}

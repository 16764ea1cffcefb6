//! `cargo x bench <name>`: one measured claim per file of `scenarios/`.

mod report;

mod scenarios;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(about = "Runs one measured claim and prints a table and one JSON line")]
struct Arguments {
    /// Which claim; see --list
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// Say what can be measured
    #[arg(long)]
    list: bool,
    /// Fewer repetitions; for trying out, not for figures
    #[arg(long)]
    quick: bool,
    /// Also write the JSON line to this file
    #[arg(long)]
    json: Option<PathBuf>,
    #[command(flatten)]
    chunk: scenarios::Chunk,
    /// The process that is measured by `ingest`, and what it is to load
    #[arg(long, hide = true)]
    load: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let Some(name) = arguments.name.filter(|_| !arguments.list) else {
        scenarios::print_list();
        return Ok(());
    };
    if let Some(order) = &arguments.load {
        return scenarios::load(order).await;
    }
    let report = scenarios::run(&name, arguments.quick, arguments.chunk).await?;
    report.print(arguments.json.as_deref())
}

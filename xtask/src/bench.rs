//! Runs a measured claim from `loadtest`, always on optimised builds.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::build::{self, Profile};
use crate::config::Config;
use crate::tools;
use crate::up::Parts;

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Which claim; `--list` names them
    name: Option<String>,
    /// Fewer rounds: for trying it out, not for quoting
    #[arg(long)]
    quick: bool,
    /// Write the result object to this file as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Name every bench
    #[arg(long)]
    list: bool,
    /// Passed on to the bench
    #[arg(last = true)]
    more: Vec<String>,
}

pub(crate) fn run(config: &Config, args: &BenchArgs) -> Result<()> {
    if !args.list && args.name.is_none() {
        bail!("start a bench: name one, or see `cargo x bench --list`");
    }
    // Naming the benches needs no optimised build of everything.
    let profile = Profile::of(!args.list);
    if args.list {
        tools::ensure(config, &tools::BUILD)?;
    } else {
        // A bench starts the binaries that lie beside it.
        Parts::prepare(config, profile)?;
    }
    let bin = build::package(config, "loadtest", profile)?;
    let mut command = config.command(bin.join("loadtest"));
    command.args(&args.name);
    for (flag, given) in [("--quick", args.quick), ("--list", args.list)] {
        if given {
            command.arg(flag);
        }
    }
    if let Some(file) = &args.json {
        command
            .arg("--json")
            .arg(std::path::absolute(file).context("find the JSON file")?);
    }
    command.args(&args.more);
    Err(command.exec()).context("start loadtest")
}

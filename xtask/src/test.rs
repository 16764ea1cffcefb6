//! Runs every test there is, runner by runner, and adds up the counts. The last line is
//! always `N passed, M failed`.

mod browser;
mod counts;
mod rust;
mod vitest;

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;

use crate::build::Profile;
use crate::cli::Quiet;
use crate::config::Config;
use crate::tools::{self, Tool};
use crate::ui::Ui;
use crate::up::Parts;
use counts::Counts;

#[derive(Args, Default)]
pub(crate) struct TestArgs {
    /// Leave out what needs a whole platform: platform tests and the browser
    #[arg(long)]
    fast: bool,
    /// Only tests whose name contains this
    filter: Option<String>,
}

struct Outcome {
    runner: &'static str,
    counts: Counts,
    elapsed: Duration,
}

/// What the tests need, as one list, so that everything missing is named at once.
pub(crate) fn wanted_tools(config: &Config, args: &TestArgs) -> Vec<Tool> {
    let mut wanted = [tools::BUILD, tools::PLATFORM].concat();
    let ui = Ui::find(config).is_some();
    if ui {
        wanted.extend(tools::UI);
    }
    if !args.fast {
        wanted.push(Tool::Python);
    }
    if ui && !args.fast {
        wanted.push(Tool::Chromium);
    }
    wanted
}

pub(crate) fn run(config: &Config, args: &TestArgs) -> Result<()> {
    let toolbox = tools::ensure(config, &wanted_tools(config, args))?;
    let filter = args.filter.as_deref();
    let ui = Ui::find(config);
    let mut outcomes = Vec::new();

    // Platform tests start binaries, which only exist once they are built.
    let parts = if args.fast {
        None
    } else {
        Some(Parts::prepare(config, Profile::Dev)?)
    };
    outcomes.push(timed("Rust tests", || {
        rust::run(config, args.fast, filter)
    })?);
    if let Some(ui) = &ui {
        ui.install()?;
        outcomes.push(timed("UI tests", || vitest::run(ui, filter))?);
    }
    if let (Some(ui), Some(parts)) = (&ui, &parts)
        && browser::has_tests(ui, filter)
    {
        let chromium = toolbox.path(Tool::Chromium)?;
        outcomes.push(timed("Browser tests", || {
            browser::run(config, ui, parts, chromium, filter)
        })?);
    }
    summarise(&outcomes)
}

/// Writes what the code gives now into every inline snapshot.
pub(crate) fn update_snapshots(config: &Config) -> Result<()> {
    rust::update_snapshots(config)
}

fn timed(runner: &'static str, work: impl FnOnce() -> Result<Counts>) -> Result<Outcome> {
    let started = Instant::now();
    let counts = work()?;
    Ok(Outcome {
        runner,
        counts,
        elapsed: started.elapsed(),
    })
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    println!();
    for Outcome {
        runner,
        counts,
        elapsed,
    } in outcomes
    {
        let Counts {
            passed,
            failed,
            skipped,
        } = counts;
        let seconds = elapsed.as_secs_f64();
        println!(
            "{runner:<14} {passed:>5} passed {failed:>4} failed {skipped:>4} skipped {seconds:>7.1} s"
        );
    }
    let passed: u64 = outcomes.iter().map(|outcome| outcome.counts.passed).sum();
    let failed: u64 = outcomes.iter().map(|outcome| outcome.counts.failed).sum();
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        Err(anyhow::Error::new(Quiet))
    } else {
        Ok(())
    }
}

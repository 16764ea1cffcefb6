//! `cellctl local`: runs a whole platform until Ctrl-C.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use service_kit::config::{LogFormat, Telemetry};

use super::{Place, print};
use crate::config::Config;
use crate::driver::Progress;
use crate::local::{self, Options, Ready, SimulatorOptions, detach};

#[derive(Debug, Args)]
pub(super) struct LocalArgs {
    #[command(flatten)]
    place: Place,
    /// Port of the router, on loopback
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many cells there should be at least
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100))]
    cells: u32,
    /// Return once everything is ready; `cellctl local-down` stops it
    #[arg(long)]
    detach: bool,
    /// Delete all data of earlier runs first
    #[arg(long)]
    fresh: bool,
    /// Fill in an org to look at
    #[arg(long)]
    seed: Option<Seed>,
    /// Folder of Cellplane's own programs [default: where this one is]
    #[arg(long, value_name = "DIR")]
    bin_dir: Option<PathBuf>,
    /// Folder of PostgreSQL's programs [default: the newest found]
    #[arg(long, value_name = "DIR")]
    pg_bin_dir: Option<PathBuf>,
    /// redis-server or valkey-server [default: the one on PATH]
    #[arg(long, value_name = "PATH")]
    redis_server: Option<PathBuf>,
    /// Serve the UI from this folder instead of the built-in one
    #[arg(long, value_name = "DIR")]
    ui_dir: Option<PathBuf>,
    /// How long the DV360 simulator lets reports wait
    #[arg(long, value_name = "N")]
    report_delay_ms: Option<u64>,
    /// How many line items each of the simulator's advertisers has
    #[arg(long, value_name = "N")]
    line_items: Option<u32>,
    /// We are the process that --detach leaves behind
    #[arg(long, hide = true)]
    detached: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Seed {
    /// demo.localhost, connected to the simulator, with 90 days of data
    Demo,
}

pub(super) async fn run(config: &Config, args: LocalArgs) -> Result<ExitCode> {
    let data = args.place.resolve()?;
    if args.detach && !args.detached {
        detach::start(again()?, &data, &mut std::io::stdout()).await?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.detached {
        detach::leave_terminal()?;
    }
    let telemetry = Telemetry {
        log_format: LogFormat::Compact,
        log_filter: "warn".to_owned(),
        ..Telemetry::default()
    };
    let _guard = service_kit::telemetry::init("cellctl", &telemetry)?;
    let options = options(config, args, data.clone())?;
    let (progress, mut steps) = Progress::channel();
    let printing = tokio::spawn(async move {
        while let Some(step) = steps.recv().await {
            print::out(&print::step_line(&step));
        }
    });
    let outcome = local::run(config, options, &progress, |ready| {
        progress.text(announcement(ready, &data));
    })
    .await;
    drop(progress);
    printing.await.context("print the last steps")?;
    match outcome {
        // Ctrl-C before it was up is no failure of ours.
        Ok(()) | Err(local::Error::Interrupted) => Ok(ExitCode::SUCCESS),
        Err(err) => Err(err.into()),
    }
}

/// This very command, to be run in the background.
fn again() -> Result<tokio::process::Command> {
    let own = std::env::current_exe().context("find this program")?;
    let mut command = tokio::process::Command::new(own);
    command.args(std::env::args_os().skip(1)).arg("--detached");
    Ok(command)
}

fn options(config: &Config, args: LocalArgs, data: PathBuf) -> Result<Options> {
    let absolute = |path: PathBuf| std::path::absolute(path).context("find a given folder");
    Ok(Options {
        data,
        port: args.port,
        cells: args.cells,
        fresh: args.fresh,
        seed_demo: args.seed.is_some(),
        bin_dir: absolute(args.bin_dir.unwrap_or_else(|| config.own_folder.clone()))?,
        pg_bin_dir: args.pg_bin_dir.map(absolute).transpose()?,
        redis_server: args.redis_server.map(absolute).transpose()?,
        ui_dir: args.ui_dir.map(absolute).transpose()?,
        simulator: SimulatorOptions {
            report_delay_ms: args.report_delay_ms,
            line_items: args.line_items,
        },
    })
}

fn announcement(ready: &Ready, data: &Path) -> String {
    let data = data.display();
    let urls = &ready.urls;
    let mut rows = vec![
        ("Sign up", urls.app.clone()),
        ("Your org", urls.org.replace("{slug}", "<org>")),
        ("API", urls.api_docs.clone()),
        ("DV360", format!("{} (simulator)", urls.dv360_simulator)),
        ("Cells", ready.cells.to_string()),
        ("Data", format!("{data} (logs in {data}/log)")),
    ];
    if let Some(demo) = &ready.demo {
        rows.push(("Demo", demo.url.clone()));
        rows.push(("", format!("{} / {}", demo.email, demo.password)));
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|(name, value)| format!("  {name:10}{value}"))
        .collect();
    format!(
        "\nCellplane is up after {:.1} s.\n\n{}\n\nCtrl-C or `cellctl local-down --data {data}` \
         (in a checkout: `cargo x down`) stops it.",
        ready.seconds,
        rows.join("\n"),
    )
}

//! Starts the router: settings from `ROUTER_*`, logs to standard output, ends with a signal.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use router::config::Config;

/// Directs each org's traffic to its cell.
#[derive(Parser)]
#[command(name = "router", version)]
struct Arguments {
    /// Show the settings, secrets hidden, and exit.
    #[arg(long)]
    print_config: bool,
}

fn main() -> ExitCode {
    match start(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: &Arguments) -> anyhow::Result<()> {
    let config = Config::load().context("load the configuration")?;
    if arguments.print_config {
        println!("{}", service_kit::config::print(&config)?);
        return Ok(());
    }
    service_kit::install_crypto();
    let telemetry = config.telemetry();
    let _guard = service_kit::telemetry::init("router", &telemetry).context("start logging")?;
    router::run(config).context("run the router")
}

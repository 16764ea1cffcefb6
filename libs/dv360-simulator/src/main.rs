//! The simulator as a process: `dv360-simulator serve`, configured by `SIMULATOR_*`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use dv360_simulator::{Simulator, SimulatorConfig};
use service_kit::{config, shutdown, telemetry};

#[derive(Parser)]
#[command(about = "A stand-in for Google's DV360 and Bid Manager APIs", version)]
struct Arguments {
    /// Shows the settings in force and exits.
    #[arg(long, global = true)]
    print_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Serve,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let settings: SimulatorConfig = config::load("SIMULATOR").context("read settings")?;
    if arguments.print_config {
        println!("{}", config::print(&settings)?);
        return Ok(());
    }
    let Command::Serve = arguments.command.context("find the command `serve`")?;
    let _telemetry = telemetry::init("dv360-simulator", &settings.telemetry)?;
    let stop = shutdown::token()?;
    let started = Simulator::start(settings).await;
    let running = started.context("start the simulator")?;
    let base = &running.base_url;
    tracing::info!("Simulating DV360 at {base}; its controls are at {base}/sim.");
    stop.cancelled().await;
    running.stop().await.context("stop the simulator")
}

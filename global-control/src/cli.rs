//! The subcommands and how each process is put together.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use service_kit::metrics::Metrics;
use service_kit::{http, shutdown, telemetry};
use tokio::net::TcpListener;

use crate::app::{self, App};
use crate::cells::CellClient;
use crate::config::Config;
use crate::db::GlobalDb;
use crate::metrics::Meters;
use crate::work::Worker;
use crate::{routes, signup};

#[derive(Parser)]
#[command(
    name = "global-control",
    version,
    about = "Signup, identity, orgs, cells and routes"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Show the settings in force, secrets hidden, and stop
    #[arg(long, global = true)]
    print_config: bool,
}

#[derive(Clone, Copy, Subcommand)]
enum Command {
    /// Answer the app host and the internal API
    Serve,
    /// Run durable operations and keep house
    Work,
    /// Wait for the database and apply what is missing
    Migrate,
    /// Print the description of the public API
    Openapi,
}

pub fn run(cli: Cli) -> Result<()> {
    if matches!(cli.command, Command::Openapi) {
        let text = routes::describe().to_pretty_json();
        println!("{}", text.context("describe the API")?);
        return Ok(());
    }
    let config: Config = service_kit::config::load("GLOBAL").context("load the settings")?;
    if cli.print_config {
        println!(
            "{}",
            service_kit::config::print(&config).context("print the settings")?
        );
        return Ok(());
    }
    service_kit::install_crypto();
    let _failpoints = service_kit::failpoints::init();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.worker_threads)
        .enable_all()
        .build()
        .context("start the runtime")?
        .block_on(async {
            let _guard =
                telemetry::init("global-control", &config.telemetry).context("start logging")?;
            match cli.command {
                Command::Serve => serve(&config).await,
                Command::Work => work(&config).await,
                Command::Migrate => migrate(&config).await,
                Command::Openapi => Ok(()),
            }
        })
}

async fn serve(config: &Config) -> Result<()> {
    let stop = shutdown::token().context("listen for signals")?;
    let app = App::new(config, stop.clone())?;
    let public = bind(config.public_listen).await?;
    let internal = bind(config.internal_listen).await?;
    tracing::info!(
        public = %config.public_listen, internal = %config.internal_listen,
        version = service_kit::VERSION, "serving"
    );
    let (public, internal) = tokio::join!(
        http::serve(public, app::public_router(&app)?, stop.clone()),
        http::serve(internal, app::internal_router(&app), stop.clone()),
    );
    public.context("serve the app host")?;
    internal.context("serve the internal API")
}

async fn work(config: &Config) -> Result<()> {
    let stop = shutdown::token().context("listen for signals")?;
    let metrics = Metrics::new();
    let meters = Meters::register(&metrics);
    let db = GlobalDb::open(&config.database_url, config.database_connections)
        .context("read the database url")?;
    let master = config.control_master_key.clone();
    let context = signup::Context {
        db: db.clone(),
        cells: CellClient::new(master).context("build the HTTP client")?,
        policy: placement::Policy::default(),
    };
    let worker = Worker::new(format!("work-{}", std::process::id()), context, meters);
    let listener = bind(config.health_listen).await?;
    let ops = http::ops_router(app::health(&db), metrics);
    tracing::info!(health = %config.health_listen, version = service_kit::VERSION, "working");
    let (served, ()) = tokio::join!(
        http::serve(listener, ops, stop.clone()),
        worker.run(stop.clone()),
    );
    served.context("serve health")
}

async fn migrate(config: &Config) -> Result<()> {
    let db = GlobalDb::open(&config.database_url, 1).context("read the database url")?;
    db.migrate().await.context("migrate the database")?;
    tracing::info!("the database is up to date");
    Ok(())
}

async fn bind(addr: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(addr)
        .await
        .with_context(|| format!("listen on {addr}"))
}

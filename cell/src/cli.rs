//! The command line: `serve` and `work` are the cell's two processes, `migrate` prepares its
//! database, `openapi` prints what `serve` offers, `export` writes an org's stored files.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use contracts::OrgId;
use secrecy::ExposeSecret;
use service_kit::config;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{self, App, Process};
use crate::config::Config;
use crate::global::{self, GlobalControl};
use crate::ingestion::budget::lease;
use crate::ingestion::export;
use crate::jobs::Worker;
use crate::tenancy::wake;
use crate::{config_docs, migrate, moves, orgs, routes, work};

#[derive(Parser)]
#[command(version, about = "One full copy of the app for a set of orgs")]
pub struct Cli {
    /// Print the settings, without secrets, and exit
    #[arg(long, global = true)]
    print_config: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests
    Serve,
    /// Run jobs
    Work,
    /// Bring the database up to date
    Migrate,
    /// Print the OpenAPI description
    Openapi,
    /// Write the files that an org's days are from, as they came, to check our figures by
    Export(Export),
}

#[derive(Args)]
struct Export {
    /// The org's id
    #[arg(long)]
    org: OrgId,
    /// The first day
    #[arg(long)]
    from: NaiveDate,
    /// The last day
    #[arg(long)]
    to: NaiveDate,
    /// A folder that is empty or not there yet
    folder: PathBuf,
}

pub fn run(cli: &Cli) -> Result<()> {
    if matches!(cli.command, Command::Openapi) {
        let (_, description) = routes::all().into_parts();
        let text = description.to_pretty_json();
        return print(&text.context("write the description")?);
    }
    let config: Config = config::load("CELL").context("load the settings")?;
    if cli.print_config {
        return print(&config::print(&config).context("write the settings")?);
    }
    service_kit::install_crypto();
    let _failpoints = service_kit::failpoints::init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.worker_threads)
        .enable_all()
        .build()
        .context("start the runtime")?;
    runtime.block_on(async {
        let _telemetry =
            service_kit::telemetry::init("cell", &config.telemetry).context("start telemetry")?;
        match &cli.command {
            Command::Serve => serve(config).await,
            Command::Work => run_work(config).await,
            Command::Migrate => run_migrate(&config).await,
            Command::Openapi => Ok(()),
            Command::Export(wish) => export(config, wish).await,
        }
    })
}

/// Whoever reads may stop reading; that is no panic.
fn print(text: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{text}").context("print")
}

async fn serve(config: Config) -> Result<()> {
    let shutdown = service_kit::shutdown::token().context("watch for signals")?;
    let public = TcpListener::bind(config.public_listen)
        .await
        .with_context(|| format!("listen on {}", config.public_listen))?;
    let internal = TcpListener::bind(config.internal_listen)
        .await
        .with_context(|| format!("listen on {}", config.internal_listen))?;
    let app = App::new(config, Process::Serve).context("set up the app")?;
    let global = GlobalControl::new(&app.config).context("set up calls to global-control")?;
    let tasks = TaskTracker::new();
    let usage_ends = CancellationToken::new();
    tasks.spawn(app.usage.clone().keep(app.db.clone(), usage_ends.clone()));
    tasks.spawn(global::keep_heartbeat(
        app.db.clone(),
        global.clone(),
        shutdown.clone(),
    ));
    tasks.spawn(config_docs::keep(
        app.db.clone(),
        global.clone(),
        shutdown.clone(),
    ));
    tasks.spawn(lease::keep(
        app.ingestion.budget.clone(),
        global,
        shutdown.clone(),
    ));
    let router = app::public_router(&app).context("build the routes")?;
    tracing::info!(cell.id = %app.config.cell_id, "serving on {}", app.config.public_listen);
    let served = tokio::try_join!(
        service_kit::http::serve(public, router, shutdown.clone()),
        service_kit::http::serve(internal, app::internal_router(&app), shutdown.clone()),
    );
    shutdown.cancel();
    // Only now: the last requests have been counted.
    usage_ends.cancel();
    tasks.close();
    tasks.wait().await;
    served.context("serve")?;
    Ok(())
}

async fn run_work(config: Config) -> Result<()> {
    let shutdown = service_kit::shutdown::token().context("watch for signals")?;
    let health = TcpListener::bind(config.health_listen)
        .await
        .with_context(|| format!("listen on {}", config.health_listen))?;
    let app = App::new(config, Process::Work).context("set up the app")?;
    let tasks = TaskTracker::new();
    let usage_ends = CancellationToken::new();
    tasks.spawn(app.usage.clone().keep(app.db.clone(), usage_ends.clone()));
    tasks.spawn(moves::watch(app.db.clone(), shutdown.clone()));
    let wake = Arc::new(Notify::new());
    tasks.spawn(wake::listen(
        app.config.database_url.expose_secret().to_owned(),
        "jobs",
        Arc::clone(&wake),
        shutdown.clone(),
    ));
    let worker = Worker {
        db: app.db.clone(),
        usage: app.usage.clone(),
        registry: work::registry(&app),
        settings: app.config.work,
        metrics: app.metrics.clone(),
    };
    let working = tokio::spawn(worker.run(wake, shutdown.clone()));
    let watched = service_kit::http::serve(health, app.ops(), shutdown.clone()).await;
    shutdown.cancel();
    working.await.context("finish the running jobs")?;
    usage_ends.cancel();
    tasks.close();
    tasks.wait().await;
    watched.context("serve health")?;
    Ok(())
}

async fn export(config: Config, wish: &Export) -> Result<()> {
    let app = App::new(config, Process::Work).context("set up the app")?;
    let found = orgs::find_scope(&app.db, wish.org).await;
    let Some(scope) = found.context("look for the org")? else {
        bail!("export: {} is not in this cell", wish.org);
    };
    let (range, bronze) = ((wish.from, wish.to), &app.ingestion.bronze);
    let exported = export::export(&app.db, bronze, &scope, range, &wish.folder).await;
    let exported = exported.context("export the stored files")?;
    print(&format!(
        "{} files with {} days of advertisers in {}",
        exported.files,
        exported.days,
        wish.folder.display()
    ))
}

async fn run_migrate(config: &Config) -> Result<()> {
    let Some(owner) = &config.owner_database_url else {
        bail!("migrate: set CELL_OWNER_DATABASE_URL, the address for the owner of the tables");
    };
    migrate::run(
        owner.expose_secret(),
        &config.app_role,
        &config.mover_role,
        &config.context_key,
    )
    .await
    .context("migrate")
}

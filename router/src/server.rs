//! Puts the parts together on one runtime and stops them in order.
//!
//! Pingora's own `Server` is left out: its graceful stop always sleeps the whole grace period. Its
//! services run just as well on our runtime, and the stop ends with the last open request.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use pingora::apps::ServerApp;
use pingora::listeners::ListenerConfig;
use pingora::proxy::ProxyServiceBuilder;
use pingora::server::configuration::ServerConf;
use pingora::server::{Fds, ShutdownWatch};
use pingora::services::Service as _;
use pingora::services::listening::Service;
use service_kit::health::Health;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admin::Admin;
use crate::config::Config;
use crate::hold::Holds;
use crate::listeners::Bound;
use crate::metrics::Metrics;
use crate::proxy::Edge;
use crate::route_feed::RouteFeed;
use crate::route_table::{EdgeKeys, GLOBAL_CONTROL, Routes};
use crate::upstreams;

/// Idle connections kept to upstreams, over all of them.
const UPSTREAM_POOL: usize = 1024;

/// Runs until a signal; returns when the last request has ended or the grace period is over.
pub fn run(config: Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.threads.max(1))
        .thread_name("router")
        .enable_all()
        .build()
        .context("start the runtime")?;
    let result = runtime.block_on(serve(config));
    // What is still open has had its time.
    runtime.shutdown_background();
    result
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let public = Bound::all(&config.public_listen.0)?;
    let admin = Bound::all(&[config.admin_listen])?;
    let (public_addresses, admin_addresses) = (public.to_string(), admin.to_string());

    let routes = Arc::new(Routes::default());
    let metrics = Arc::new(Metrics::new());
    let holds = Arc::new(Holds::new(config.hold, Arc::clone(&metrics)));
    let keys = EdgeKeys::new(*config.edge_master_key.bytes());
    let feed = RouteFeed::new(
        &config,
        keys.clone(),
        Arc::clone(&routes),
        Arc::clone(&metrics),
        Arc::clone(&holds),
    )
    .context("prepare the route feed")?;
    feed.start_from_disk();

    let open = TaskTracker::new();
    let edge = Edge {
        domain: config.domain.clone(),
        routes: Arc::clone(&routes),
        app: config.app_upstream,
        app_key: keys.derive(GLOBAL_CONTROL),
        metrics: Arc::clone(&metrics),
        holds: Arc::clone(&holds),
        open: open.clone(),
    };
    let shutdown = CancellationToken::new();
    let (stop, stopping) = watch::channel(false);
    let conf = Arc::new(ServerConf {
        threads: config.threads.max(1),
        max_retries: upstreams::MAX_TRIES,
        upstream_keepalive_pool_size: UPSTREAM_POOL,
        ..ServerConf::default()
    });
    let proxy = ProxyServiceBuilder::new(&conf, edge).name("public").build();
    start(proxy, public, stopping.clone());
    let admin_service = Service::new(
        "admin".to_owned(),
        admin_app(&config, &routes, &metrics, &open, holds),
    );
    start(admin_service, admin, stopping);
    tokio::spawn(feed.run(shutdown.clone()));

    tracing::info!(
        public = public_addresses,
        admin = admin_addresses,
        "listening"
    );
    let grace = asked_to_stop(&config).await?;
    tracing::info!(open = open.len(), "stopping");
    shutdown.cancel();
    stop.send_replace(true);
    open.close();
    if tokio::time::timeout(grace, open.wait()).await.is_err() {
        tracing::warn!(open = open.len(), "stopped with requests open");
    }
    Ok(())
}

fn admin_app(
    config: &Config,
    routes: &Arc<Routes>,
    metrics: &Arc<Metrics>,
    open: &TaskTracker,
    holds: Arc<Holds>,
) -> Admin {
    let registry = service_kit::metrics::Metrics::new();
    registry.register(|registry| metrics.register(registry));
    let known = Arc::clone(routes);
    let health = Health::new().check("route_table", move || {
        std::future::ready(known.load().seq().is_some())
    });
    Admin {
        domain: config.domain.clone(),
        routes: Arc::clone(routes),
        health,
        metrics: Arc::clone(metrics),
        registry,
        open: open.clone(),
        holds,
    }
}

/// Lets a Pingora service accept on sockets that are already bound.
fn start<A>(mut service: Service<A>, bound: Bound, stopping: ShutdownWatch)
where
    A: ServerApp + Send + Sync + 'static,
{
    for address in bound.addresses() {
        service.add_listener(ListenerConfig::tcp(address.to_string()));
    }
    let fds: Fds = bound.into_fds();
    tokio::spawn(async move {
        let fds = Arc::new(parking_lot::Mutex::new(fds));
        service.start_service(Some(fds), stopping, 1).await;
    });
}

/// How long open requests get: some time after SIGTERM, none after SIGINT.
async fn asked_to_stop(config: &Config) -> anyhow::Result<Duration> {
    let mut terminate = signal(SignalKind::terminate()).context("watch SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("watch SIGINT")?;
    let grace = tokio::select! {
        _ = terminate.recv() => Duration::from_millis(config.grace_period_ms),
        _ = interrupt.recv() => Duration::ZERO,
    };
    Ok(grace)
}

//! The process's shared state, and the routers of its two listeners.

use std::sync::Arc;

use axum::body::Body;
use axum::middleware;
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use secrecy::ExposeSecret;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::tokens::VerifyingKeys;
use service_kit::ui;

use crate::config::Config;
use crate::ingestion::bronze::{self, Bronze};
use crate::ingestion::budget::Budget;
use crate::ingestion::connector;
use crate::ingestion::connectors::Connectors;
use crate::ingestion::connectors::dv360::{self, Dv360};
use crate::ingestion::connectors::file_drop::FileDrop;
use crate::ingestion::deliveries::folder::{AddressError, Root};
use crate::ingestion::live::Live;
use crate::ingestion::replay::operator::http as replays;
use crate::ingestion::{Ingestion, Parts};
use crate::metering::Usage;
use crate::metrics::CellMetrics;
use crate::modules::pacing;
use crate::tenancy::envelope::CellKey;
use crate::tenancy::{self, DbSettings, OrgDb};
use crate::{auth, idempotency, metering, orgs, routes};

/// Everything a handler may need. Cheap to clone; nothing in it has connected yet when it is made.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: OrgDb,
    pub cell_key: CellKey,
    /// Whose sign-in codes are honoured.
    pub signers: VerifyingKeys,
    pub usage: Usage,
    pub metrics: CellMetrics,
    pub ingestion: Ingestion,
    pub pacing: pacing::compute::Cache,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("set up the database")]
    Database(#[from] tenancy::Error),
    #[error("set up the store of raw files")]
    Bronze(#[from] bronze::Error),
    #[error("set up the folder of delivered files")]
    Folder(#[from] AddressError),
    #[error("set up the connector")]
    Connector(#[from] connector::Error),
    #[error("read the name of the project whose quota is used")]
    Quota(#[from] contracts::quota::PoolNameError),
    #[error("read the address of Redis")]
    Redis(#[from] redis::RedisError),
}

/// Which of the cell's processes this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    Serve,
    Work,
}

impl App {
    pub fn new(config: Config, process: Process) -> Result<Self, Error> {
        let (name, max_connections, statement_timeout_ms) = match process {
            Process::Serve => ("serve", config.serve.database_connections, 25_000),
            Process::Work => ("work", config.work.database_connections, 600_000),
        };
        let settings = DbSettings {
            url: config.database_url.expose_secret().to_owned(),
            name,
            max_connections,
            statement_timeout_ms,
        };
        let db = OrgDb::new(&settings, &config.context_key)?;
        let cell_key = CellKey::new(config.cell_id, config.envelope_key.clone());
        let usage = Usage::default();
        let leased = dv360::leased(&config.quota.project, &config.dv360)?;
        let ingestion = Ingestion::new(Parts {
            db: db.clone(),
            cell_key: cell_key.clone(),
            connectors: Connectors::new(vec![
                Arc::new(Dv360::new(config.dv360.clone())?),
                Arc::new(FileDrop),
            ]),
            bronze: Bronze::open(&config.bronze_url)?,
            drop_folder: config.file_drop_url.as_ref().map(Root::open).transpose()?,
            live: Live::new(config.redis_url.expose_secret())?,
            usage: usage.clone(),
            budget: Budget::new(db.clone(), config.quota.clone(), leased),
        });
        Ok(Self {
            db,
            cell_key,
            ingestion,
            pacing: pacing::compute::Cache::default(),
            signers: VerifyingKeys::new(config.global_public_keys.0.clone()),
            usage,
            metrics: CellMetrics::default(),
            config: Arc::new(config),
        })
    }

    /// What watches this process: it cannot work without its database.
    pub fn ops(&self) -> Router {
        let metrics = Metrics::new();
        self.metrics.register(&metrics);
        let db = self.db.clone();
        let health = Health::new().check("database", move || {
            let db = db.clone();
            async move { db.answers().await }
        });
        service_kit::http::ops_router(health, metrics)
    }
}

/// The public listener: only routers get in, and every request belongs to an org.
pub fn public_router(app: &App) -> Result<Router, serde_json::Error> {
    let (api, description) = routes::all().into_parts();
    let pages = ui::routes(app.config.ui_dir.clone(), ui::Place::Org).into_service::<Body>();
    let router = api
        .with_state(app.clone())
        .merge(service_kit::openapi::routes(&description)?)
        // Routes, not a fallback: the outer layers have a fallback of their own.
        .route_service("/", pages.clone())
        .route_service("/{*page}", pages);
    Ok(around(app, router))
}

/// The gates every public route stands behind, from the outside in: access log, the router's
/// signature, metering, other sites, idempotency keys.
pub fn around(app: &App, router: Router) -> Router {
    let router = router
        .layer(middleware::from_fn(idempotency::http::digest))
        .layer(middleware::from_fn(auth::edge::http::refuse_cross_site))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            metering::http::count,
        ))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            auth::edge::http::verify,
        ))
        .layer(Extension(app.clone()));
    service_kit::http::layers(router)
}

/// The internal listener: global-control's calls, and what watches the process.
pub fn internal_router(app: &App) -> Router {
    let calls = Router::new()
        .route("/internal/orgs", get(orgs::http::list))
        .route(
            "/internal/orgs/{org}",
            put(orgs::http::prepare).delete(orgs::http::remove),
        )
        .route("/internal/orgs/{org}/replays", get(replays::list))
        .route(
            "/internal/orgs/{org}/replays/{replay}",
            put(replays::start).get(replays::show),
        )
        .route(
            "/internal/orgs/{org}/replays/{replay}/cancel",
            post(replays::cancel),
        )
        .route_layer(middleware::from_fn_with_state(
            app.clone(),
            orgs::http::require_global_control,
        ))
        .with_state(app.clone());
    service_kit::http::layers(calls).merge(app.ops())
}

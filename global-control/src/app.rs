//! The state handlers share, the two routers, and the gates in front of the public one.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any_service, get_service};
use chrono::Utc;
use contracts::edge::EdgeRequest;
use service_kit::config::{HexKey, PublicUrls};
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::tokens::SigningKey;
use service_kit::{ApiError, edge, http, openapi, ui};
use tokio_util::sync::CancellationToken;

use crate::auth::limits::Limits;
use crate::auth::origin;
use crate::auth::password::Hasher;
use crate::cells::CellClient;
use crate::config::{Config, Sessions};
use crate::db::{self, GlobalDb};
use crate::idempotency::{self, Fingerprints};
use crate::metrics::Meters;
use crate::route_feed::Feed;
use crate::routes;

pub struct App {
    pub db: GlobalDb,
    pub cells: CellClient,
    pub urls: PublicUrls,
    pub master: HexKey,
    pub edge_key: HexKey,
    pub signing: SigningKey,
    pub hasher: Hasher,
    pub limits: Limits,
    pub sessions: Sessions,
    pub fingerprints: Fingerprints,
    pub feed: Feed,
    pub metrics: Metrics,
    pub meters: Meters,
    pub ui_dir: Option<PathBuf>,
}

impl App {
    /// Also starts the reader of the route log, so it needs a running tokio.
    pub fn new(config: &Config, shutdown: CancellationToken) -> anyhow::Result<Arc<Self>> {
        let metrics = Metrics::new();
        let meters = Meters::register(&metrics);
        let db = GlobalDb::open(&config.database_url, config.database_connections)
            .context("read the database url")?;
        let hasher = Hasher::new(meters.password_seconds.clone());
        Ok(Arc::new(Self {
            feed: Feed::start(db.clone(), &meters, shutdown),
            db,
            cells: CellClient::new(config.control_master_key.clone())
                .context("build the HTTP client")?,
            urls: config.public_url_template.clone(),
            master: config.control_master_key.clone(),
            edge_key: config.edge_key.clone(),
            signing: SigningKey::from_seed(&config.signing_key),
            hasher,
            limits: Limits::new(&config.limits),
            sessions: config.sessions,
            fingerprints: Fingerprints::new(config.control_master_key.bytes()),
            metrics,
            meters,
            ui_dir: config.ui_dir.clone(),
        }))
    }

    pub fn health(&self) -> Health {
        health(&self.db)
    }
}

pub fn health(db: &GlobalDb) -> Health {
    let db = db.clone();
    Health::new().check("database", move || {
        let db = db.clone();
        async move { db.is_reachable().await }
    })
}

/// What browsers reach, through the router only.
pub fn public_router(app: &Arc<App>) -> anyhow::Result<Router> {
    let (api, description) = routes::public()
        .with_state(Arc::clone(app))
        .split_for_parts();
    let pages = ui::routes(app.ui_dir.clone(), ui::Place::FrontDoor);
    let router = api
        .merge(openapi::routes(&openapi::complete(description)).context("describe the API")?)
        .route("/", get_service(pages.clone()))
        .route("/{*path}", any_service(pages))
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            refuse_other_origins,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            require_router,
        ));
    Ok(http::layers(router))
}

/// What routers, cells and operators reach.
pub fn internal_router(app: &Arc<App>) -> Router {
    let router = routes::internal().with_state(Arc::clone(app));
    http::layers(router).merge(http::ops_router(app.health(), app.metrics.clone()))
}

/// Everything must have come through a router that holds our edge key.
async fn require_router(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let host = text(&request, &header::HOST).unwrap_or_default().to_owned();
    let target = request.uri().path_and_query();
    let seen = EdgeRequest {
        method: request.method().as_str(),
        host: &host,
        path_and_query: target.map_or("/", |target| target.as_str()),
    };
    let now = Utc::now().timestamp();
    match edge::verify(app.edge_key.bytes(), request.headers(), seen, now) {
        Ok(context) => {
            request.extensions_mut().insert(context);
            next.run(request).await
        }
        Err(error) => ApiError::forbidden("not_through_router", "ask the platform's router")
            .with_source(error)
            .into_response(),
    }
}

async fn refuse_other_origins(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let origin = text(&request, &header::ORIGIN);
    let site = request.headers().get("sec-fetch-site");
    let site = site.map(|value| value.to_str().unwrap_or("unreadable"));
    if reads || origin::is_allowed(&app.urls.app(), origin, site) {
        next.run(request).await
    } else {
        ApiError::forbidden("other_origin", "this page may not write here").into_response()
    }
}

/// A header's text; one that is no text reads as something that fits nothing.
fn text<'a>(request: &'a Request, name: &header::HeaderName) -> Option<&'a str> {
    let value = request.headers().get(name)?;
    Some(value.to_str().unwrap_or("unreadable"))
}

impl From<db::Error> for ApiError {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(_) => Self::unavailable(
                "try_again",
                "this cannot be done at this moment; try again shortly",
                2,
            )
            .with_source(error),
            db::Error::Query(_)
            | db::Error::Stored(_)
            | db::Error::Migrate(_)
            | db::Error::Url(_) => Self::internal(error),
        }
    }
}

impl From<idempotency::Error> for ApiError {
    fn from(error: idempotency::Error) -> Self {
        match error {
            idempotency::Error::Reused => {
                Self::unprocessable("idempotency_key_reused", error.to_string())
            }
            idempotency::Error::Database(source) => source.into(),
        }
    }
}

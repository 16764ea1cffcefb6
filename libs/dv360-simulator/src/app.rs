//! What the request handlers share, how a caller is recognised, and the whole router.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use chrono::Utc;

use crate::bid_manager;
use crate::bid_manager::store::Store;
use crate::clock::Clock;
use crate::config::SimulatorConfig;
use crate::control;
use crate::display_video;
use crate::download::{self, Links};
use crate::error::Error;
use crate::faults::FaultBook;
use crate::oauth::{self, SCOPE_ENTITIES, SCOPE_REPORTS, Tokens};
use crate::quota::Quota;
use crate::world::World;
use crate::world::facts::Restatement;

pub(crate) type Shared = Arc<App>;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: SimulatorConfig,
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) quota: Quota,
    pub(crate) faults: FaultBook,
    pub(crate) reports: Store,
    pub(crate) links: Links,
    pub(crate) restatement: Restatement,
    report_delay_ms: AtomicU64,
}

impl App {
    pub(crate) fn new(config: SimulatorConfig, world: World) -> Self {
        Self {
            clock: Clock::new(config.today),
            tokens: Tokens::new(config.seed, config.access_token_lifetime_s),
            quota: Quota::new(config.quotas.clone()),
            faults: FaultBook::default(),
            reports: Store::new(Utc::now()),
            links: Links::new(config.seed, config.link_lifetime_s),
            restatement: Restatement::default(),
            report_delay_ms: AtomicU64::new(config.report_delay_ms),
            config,
            world,
        }
    }

    pub(crate) fn report_delay_ms(&self) -> u64 {
        self.report_delay_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn set_report_delay_ms(&self, delay: u64) {
        self.report_delay_ms.store(delay, Ordering::Relaxed);
    }
}

pub(crate) fn router(app: Shared) -> Router {
    Router::new()
        .merge(oauth::http::routes())
        .merge(bid_manager::http::routes())
        .merge(display_video::http::routes())
        .merge(download::http::routes())
        .merge(control::http::routes())
        .fallback(|| async { Error::not_found() })
        .method_not_allowed_fallback(|| async { Error::not_modelled("this method") })
        .layer(tower_http::trace::TraceLayer::new_for_http())
        .with_state(app)
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self.body())).into_response()
    }
}

/// Who makes an API request, and for which project it counts.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) email: String,
    project: String,
    scopes: Vec<String>,
}

pub(crate) fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Error> {
    let header = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(Error::no_credentials)?;
    let token = header
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("Bearer "));
    let grant = token.and_then(|token| app.tokens.find_access(token, Utc::now().timestamp()));
    let grant = grant.ok_or_else(Error::bad_credentials)?;
    Ok(Caller {
        email: grant.email,
        project: grant.client_id,
        scopes: grant.scopes,
    })
}

pub(crate) fn authorize_reports(app: &App, headers: &HeaderMap) -> Result<Caller, Error> {
    let caller = caller(app, headers)?;
    app.quota.take_report(&caller.project, Utc::now())?;
    check(app, caller, SCOPE_REPORTS)
}

pub(crate) fn authorize_entities(
    app: &App,
    headers: &HeaderMap,
    advertiser: Option<u64>,
) -> Result<Caller, Error> {
    let caller = caller(app, headers)?;
    app.quota
        .take_entity(&caller.project, advertiser, Utc::now())?;
    check(app, caller, SCOPE_ENTITIES)
}

/// The scope was granted, and the person is a Display & Video 360 user at all.
fn check(app: &App, caller: Caller, scope: &str) -> Result<Caller, Error> {
    if !caller.scopes.iter().any(|held| held == scope) {
        return Err(Error::missing_scope());
    }
    let user = app.world.find_user(&caller.email);
    if user.is_none_or(|user| user.partners.is_empty()) {
        return Err(Error::no_permission());
    }
    Ok(caller)
}

/// The address download links begin with: the configured one, else the host that was asked.
pub(crate) fn base_url(app: &App, headers: &HeaderMap) -> String {
    let host = || {
        headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
    };
    match &app.config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", host().unwrap_or("127.0.0.1")),
    }
}

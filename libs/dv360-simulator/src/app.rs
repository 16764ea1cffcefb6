//! What the request handlers share, how a caller is recognised, and the whole router.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use bytes::Bytes;
use chrono::Utc;
use parking_lot::RwLock;
use serde::Serialize;

use crate::bid_manager;
use crate::bid_manager::store::Store;
use crate::clock::Clock;
use crate::config::SimulatorConfig;
use crate::control;
use crate::display_video;
use crate::download::{self, Links};
use crate::error::{Error, Form};
use crate::faults::{Call, FaultBook, Outcome};
use crate::journal::{Entry, Journal};
use crate::oauth::{self, SCOPE_ENTITIES, SCOPE_REPORTS, Tokens};
use crate::quota::Quota;
use crate::request_log::{self, RequestLog};
use crate::world::{Edit, World, edits, mix};
use crate::worlds::Worlds;

/// How long reports were seen to wait.
pub(crate) const OBSERVED_DELAYS_MS: [u64; 5] = [21_000, 91_000, 239_000, 500_000, 756_000];

pub(crate) type Shared = Arc<App>;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: SimulatorConfig,
    pub(crate) worlds: Worlds,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) quota: Quota,
    pub(crate) faults: FaultBook,
    pub(crate) reports: Store,
    pub(crate) links: Links,
    pub(crate) log: RequestLog,
    pub(crate) knobs: RwLock<Knobs>,
    pub(crate) journal: Arc<Journal>,
    delays_drawn: AtomicU64,
}

/// What can be turned while it runs and belongs to no other part.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Knobs {
    /// How long reports wait: one of these each, a little more or less; a single one exactly.
    pub(crate) report_delays_ms: Vec<u64>,
    pub(crate) foreign_queries: u32,
    pub(crate) tokens_die_with_roster: bool,
}

impl App {
    pub(crate) fn new(config: SimulatorConfig, world: World, journal: Arc<Journal>) -> Self {
        let seed = config.seed;
        let report_delays_ms = match config.observed_delays {
            true => OBSERVED_DELAYS_MS.to_vec(),
            false => vec![config.report_delay_ms],
        };
        Self {
            clock: Clock::new(config.today),
            tokens: Tokens::new(seed, config.access_token_lifetime_s, journal.clone()),
            quota: Quota::new(config.quotas.clone(), journal.clone()),
            faults: FaultBook::new(seed, journal.clone()),
            reports: Store::new(Utc::now(), journal.clone()),
            links: Links::new(seed, config.link_lifetime_s),
            log: RequestLog::default(),
            knobs: RwLock::new(Knobs {
                report_delays_ms,
                foreign_queries: config.foreign_queries,
                tokens_die_with_roster: config.tokens_die_with_roster,
            }),
            worlds: Worlds::new(world),
            journal,
            delays_drawn: AtomicU64::new(0),
            config,
        }
    }

    /// The world as it is now.
    pub(crate) fn world(&self) -> Arc<World> {
        self.worlds.latest()
    }

    pub(crate) fn edit(&self, edit: Edit) -> Result<(), edits::Error> {
        let now = self.clock.now();
        self.worlds.edit(&edit, now)?;
        self.journal.write(&Entry::Edited(edit, now));
        Ok(())
    }

    /// The next report's wait: the observed ones in a seeded order, a seventh more or less.
    pub(crate) fn draw_delay_ms(&self) -> u64 {
        let delays = self.knobs.read().report_delays_ms.clone();
        if let [single] = delays.as_slice() {
            return *single;
        }
        let drawn = self.delays_drawn.fetch_add(1, Ordering::Relaxed);
        let chance = mix::pair(self.config.seed, drawn);
        let at = usize::try_from(chance % delays.len().max(1) as u64).unwrap_or(0);
        let base = delays.get(at).copied().unwrap_or(0);
        base * (857 + (chance >> 32) % 287) / 1_000
    }

    pub(crate) fn foreign_queries(&self) -> u32 {
        self.knobs.read().foreign_queries
    }

    /// Part of every page token's identity, so that a change of the roster can end them all.
    pub(crate) fn roster_in_tokens(&self) -> usize {
        let counts = self.knobs.read().tokens_die_with_roster;
        if counts {
            self.world().advertisers.len()
        } else {
            0
        }
    }

    /// The faults of an API call: refuses it, delays it, or says that its answer is lost.
    pub(crate) async fn strike(&self, call: Call, advertisers: &[u64]) -> Result<Outcome, Error> {
        let outcome = self.faults.check_api(call, advertisers)?;
        if let Outcome::Late { ms } = outcome {
            tokio::time::sleep(Duration::from_millis(u64::from(ms))).await;
        }
        Ok(outcome)
    }
}

/// The answer, or a connection that breaks instead of it.
pub(crate) fn answer(outcome: Outcome, body: impl IntoResponse) -> Response {
    match outcome {
        Outcome::AnswerLost => broken_answer(),
        Outcome::Fine | Outcome::Late { .. } => body.into_response(),
    }
}

fn broken_answer() -> Response {
    let length = [(header::CONTENT_LENGTH, "64")];
    (StatusCode::OK, length, download::http::broken(Bytes::new())).into_response()
}

pub(crate) fn router(app: Shared) -> Router {
    let log = axum::middleware::from_fn_with_state(app.clone(), request_log::note);
    Router::new()
        .merge(oauth::http::routes())
        .merge(bid_manager::http::routes())
        .merge(display_video::http::routes())
        .merge(download::http::routes())
        .layer(log)
        .merge(control::http::routes())
        .merge(control::page::routes())
        .fallback(|| async { Error::not_found() })
        .method_not_allowed_fallback(|| async { Error::not_modelled("this method") })
        .layer(tower_http::trace::TraceLayer::new_for_http())
        .with_state(app)
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match self.form {
            Form::Json => (status, Json(self.body())).into_response(),
            Form::Html => (status, Html("<html><body>Error 502</body></html>")).into_response(),
            Form::Broken => broken_answer(),
        }
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
    app.quota
        .take_report(&caller.project, app.clock.now().instant)?;
    check(app, caller, SCOPE_REPORTS)
}

pub(crate) fn authorize_entities(
    app: &App,
    headers: &HeaderMap,
    advertiser: Option<u64>,
) -> Result<Caller, Error> {
    let caller = caller(app, headers)?;
    app.quota
        .take_entity(&caller.project, advertiser, app.clock.now().instant)?;
    check(app, caller, SCOPE_ENTITIES)
}

/// The scope was granted, and the person is a Display & Video 360 user at all.
fn check(app: &App, caller: Caller, scope: &str) -> Result<Caller, Error> {
    if !caller.scopes.iter().any(|held| held == scope) {
        return Err(Error::missing_scope());
    }
    let world = app.world();
    let user = world.find_user(&caller.email);
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

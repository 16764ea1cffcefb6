//! A stand-in for a cell's internal listener: it prepares and forgets orgs, repeats what else it is
//! asked, or fails as told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, put};
use axum::{Json, Router};
use contracts::provisioning::{PrepareOrg, PreparedOrg};
use contracts::{CellId, Epoch, OrgId};
use serde::Deserialize;
use service_kit::{keys, tokens};
use tokio_util::sync::{CancellationToken, DropGuard};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Works,
    Answers(StatusCode),
    /// Prepares, but loses the answer.
    LosesAnswers,
}

pub(crate) struct StandInCell {
    pub(crate) id: CellId,
    pub(crate) addr: SocketAddr,
    inner: Arc<Inner>,
    _stops: DropGuard,
}

struct Inner {
    id: CellId,
    key: [u8; 32],
    behaviour: Mutex<Behaviour>,
    orgs: Mutex<BTreeMap<OrgId, PrepareOrg>>,
}

impl StandInCell {
    pub(crate) async fn start(master: [u8; 32]) -> Self {
        let id = CellId::new();
        let inner = Arc::new(Inner {
            id,
            key: keys::derive(&master, keys::CONTROL, &id.to_string()),
            behaviour: Mutex::new(Behaviour::Works),
            orgs: Mutex::default(),
        });
        let router = Router::new()
            .route("/internal/orgs/{org}", put(prepare).delete(forget))
            .route("/internal/orgs/{org}/{*rest}", any(echo))
            .with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        tokio::spawn(async move {
            let serving = axum::serve(listener, router)
                .with_graceful_shutdown(async move { stopped.cancelled().await });
            serving.await.unwrap();
        });
        Self {
            id,
            addr,
            inner,
            _stops: stop.drop_guard(),
        }
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.inner.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn orgs(&self) -> Vec<(OrgId, PrepareOrg)> {
        let orgs = self.inner.orgs.lock().unwrap();
        orgs.iter().map(|(id, org)| (*id, org.clone())).collect()
    }
}

impl Inner {
    /// The answer to give instead, if this call is not to work.
    fn instead(&self, headers: &HeaderMap) -> Option<Response> {
        let token = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.strip_prefix("Bearer "))
            .unwrap_or_default();
        let claims = tokens::verify_internal(token, &self.id.to_string(), &self.key);
        if claims.is_err() {
            return Some(StatusCode::UNAUTHORIZED.into_response());
        }
        match *self.behaviour.lock().unwrap() {
            Behaviour::Answers(status) => Some(status.into_response()),
            Behaviour::Works | Behaviour::LosesAnswers => None,
        }
    }
}

async fn prepare(
    State(cell): State<Arc<Inner>>,
    Path(org): Path<OrgId>,
    headers: HeaderMap,
    Json(wish): Json<PrepareOrg>,
) -> Response {
    if let Some(response) = cell.instead(&headers) {
        return response;
    }
    let epoch = wish.epoch;
    cell.orgs.lock().unwrap().insert(org, wish);
    if *cell.behaviour.lock().unwrap() == Behaviour::LosesAnswers {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(PreparedOrg { org, epoch }).into_response()
}

#[derive(Deserialize)]
struct Forget {
    epoch: Epoch,
}

async fn forget(
    State(cell): State<Arc<Inner>>,
    Path(org): Path<OrgId>,
    Query(query): Query<Forget>,
    headers: HeaderMap,
) -> Response {
    if let Some(response) = cell.instead(&headers) {
        return response;
    }
    assert_eq!(query.epoch, Epoch::FIRST);
    match cell.orgs.lock().unwrap().remove(&org) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What else it is asked, as it came.
async fn echo(
    State(cell): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    if let Some(response) = cell.instead(&headers) {
        return response;
    }
    let body: Option<serde_json::Value> = serde_json::from_str(&body).ok();
    let asked = serde_json::json!({
        "method": method.as_str(),
        "target": uri.to_string(),
        "body": body,
    });
    (StatusCode::ACCEPTED, Json(asked)).into_response()
}

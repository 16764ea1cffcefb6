//! The operations listener: health, metrics and why a host goes where it goes.
//!
//! A tiny Pingora application, so that the router links no second HTTP server.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use contracts::{CellId, Epoch, OrgId};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Response, StatusCode};
use pingora::apps::http_app::ServeHttp;
use pingora::protocols::http::ServerSession;
use serde::Serialize;
use serde_json::json;
use service_kit::health::Health;
use tokio_util::task::TaskTracker;

use crate::decide::{Decision, RequestParts, decide};
use crate::hold::Holds;
use crate::metrics::Metrics;
use crate::route_table::{RouteTable, Routes};

const JSON: &str = "application/json";
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) struct Admin {
    pub(crate) domain: String,
    pub(crate) routes: Arc<Routes>,
    pub(crate) health: Health,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) registry: service_kit::metrics::Metrics,
    pub(crate) open: TaskTracker,
    pub(crate) holds: Arc<Holds>,
}

/// A decision in words; what `/routes/explain` answers.
#[derive(Debug, Serialize)]
struct Explanation {
    host: String,
    /// Absent before the first snapshot.
    table_seq: Option<i64>,
    #[serde(flatten)]
    decision: Explained,
}

#[derive(Debug, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
enum Explained {
    ToApp,
    Redirect {
        location: String,
    },
    Forward {
        org: OrgId,
        epoch: Epoch,
        cell: CellId,
        cell_name: String,
        addr: SocketAddr,
        held: bool,
    },
    Reject {
        status: u16,
        code: &'static str,
        message: &'static str,
    },
}

#[async_trait]
impl ServeHttp for Admin {
    async fn response(&self, session: &mut ServerSession) -> Response<Vec<u8>> {
        let uri = session.req_header().uri.clone();
        match uri.path() {
            "/livez" => answer(StatusCode::OK, JSON, json!({ "status": "ok" }).to_string()),
            "/readyz" => self.ready().await,
            "/metrics" => {
                self.metrics.refresh(self.open.len(), self.holds.waiting());
                answer(StatusCode::OK, OPENMETRICS, self.registry.text())
            }
            "/holds" => answer(
                StatusCode::OK,
                JSON,
                json!({ "held": self.holds.list() }).to_string(),
            ),
            "/routes/explain" => self.explain(uri.query().unwrap_or("")),
            _ => {
                let message =
                    "ask for /livez, /readyz, /metrics, /holds or /routes/explain?host=NAME";
                problem(StatusCode::NOT_FOUND, "not_found", message)
            }
        }
    }
}

impl Admin {
    async fn ready(&self) -> Response<Vec<u8>> {
        let failing = self.health.failing().await;
        let version = service_kit::VERSION;
        if failing.is_empty() {
            let body = json!({ "status": "ok", "version": version });
            return answer(StatusCode::OK, JSON, body.to_string());
        }
        let body = json!({ "status": "failing", "failing": failing, "version": version });
        answer(StatusCode::SERVICE_UNAVAILABLE, JSON, body.to_string())
    }

    /// A host needs no percent-encoding: what would need it is not a host.
    fn explain(&self, query: &str) -> Response<Vec<u8>> {
        let host = query.split('&').find_map(|pair| pair.strip_prefix("host="));
        let Some(host) = host else {
            let message = "say which host: /routes/explain?host=NAME";
            return problem(StatusCode::BAD_REQUEST, "host_required", message);
        };
        let explanation = explain(&self.routes.load(), &self.domain, host);
        match serde_json::to_string(&explanation) {
            Ok(body) => answer(StatusCode::OK, JSON, body),
            Err(error) => {
                tracing::error!(%error, "an explanation could not be written");
                problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this failed")
            }
        }
    }
}

fn explain(table: &RouteTable, domain: &str, host: &str) -> Explanation {
    let request = RequestParts {
        host: Some(host),
        path_and_query: "/",
        content_length: None,
    };
    let decision = match decide(table, domain, request) {
        Decision::ToApp => Explained::ToApp,
        Decision::Redirect { location } => Explained::Redirect { location },
        Decision::Forward(forward) => Explained::Forward {
            org: forward.org,
            epoch: forward.epoch,
            cell: forward.cell.id,
            cell_name: forward.cell.name.clone(),
            addr: forward.cell.addr,
            held: forward.held,
        },
        Decision::Reject(reject) => Explained::Reject {
            status: reject.status(),
            code: reject.code(),
            message: reject.message(),
        },
    };
    Explanation {
        host: host.to_owned(),
        table_seq: table.seq(),
        decision,
    }
}

fn problem(status: StatusCode, code: &str, message: &str) -> Response<Vec<u8>> {
    let body = json!({ "error": { "code": code, "message": message, "request_id": null } });
    answer(status, JSON, body.to_string())
}

fn answer(status: StatusCode, kind: &str, body: String) -> Response<Vec<u8>> {
    let response = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, kind)
        .header(CONTENT_LENGTH, body.len())
        .body(body.into_bytes());
    response.expect("the parts are valid by construction")
}

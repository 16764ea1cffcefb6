//! Serving: the layers every public router wears, the operations router, and a graceful stop.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::serve::ListenerExt;
use contracts::{RequestId, edge};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::error::ApiError;
use crate::health::Health;
use crate::metrics::Metrics;

mod requests;

/// The largest body a public route reads unless it says otherwise.
pub const BODY_LIMIT_BYTES: usize = 1 << 20;
/// The longest a handler may take to begin its answer.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long open requests may go on after a stop was asked for.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

tokio::task_local! {
    static REQUEST_ID: RequestId;
}

/// The id of the request this task is answering, if it is answering one.
pub fn current_request_id() -> Option<RequestId> {
    REQUEST_ID.try_with(|id| *id).ok()
}

/// Serves until `shutdown`, then lets open requests finish for a short while.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let stopping = shutdown.clone();
    // Small writes, such as events of a stream, must not wait for the peer's acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "could not switch off Nagle's algorithm");
        }
    });
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(async move { stopping.cancelled().await });
    let drained = async {
        shutdown.cancelled().await;
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    };
    tokio::select! {
        result = serving.into_future() => result,
        () = drained => Ok(()),
    }
}

/// Request id, access log, body limit, panic barrier and deadline around a public router; no answer of
/// the API is kept by a browser or a proxy, and larger ones go compressed, streams of events never.
pub fn layers(router: Router) -> Router {
    router
        .fallback(|| async { ApiError::not_found("not_found", "there is nothing here") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this address does not take that method",
            )
        })
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(middleware::from_fn(deadline))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(middleware::from_fn(forbid_storing))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn(observe))
}

/// What every process answers about itself: `/livez`, `/readyz`, `/metrics`.
pub fn ops_router(health: Health, metrics: Metrics) -> Router {
    requests::register(&metrics);
    health.routes().merge(metrics.routes())
}

async fn deadline(request: Request, next: Next) -> axum::response::Response {
    match tokio::time::timeout(HANDLER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            ApiError::unavailable("deadline", "this took too long; try again", 1).into_response()
        }
    }
}

/// What the API says is about one person and one moment.
async fn forbid_storing(request: Request, next: Next) -> axum::response::Response {
    let of_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if of_api {
        let headers = response.headers_mut();
        let kept = headers.entry(header::CACHE_CONTROL);
        kept.or_insert(HeaderValue::from_static("no-store"));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
    }
    response
}

/// Gives the request its id, runs it inside a span and writes one line about it.
async fn observe(request: Request, next: Next) -> axum::response::Response {
    let id = request
        .headers()
        .get(edge::REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(RequestId::new);
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = match &matched {
        Some(path) => path.as_str().to_owned(),
        None => request.uri().path().to_owned(),
    };
    let org = header_text(&request, edge::ORG);
    let span = tracing::info_span!("request", request.id = %id, org.id = org, %method, route);
    let started = Instant::now();
    let answered = async {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let took = started.elapsed();
        requests::count(matched.as_ref().map(MatchedPath::as_str), status, took);
        let duration_ms = took.as_secs_f64() * 1_000.0;
        tracing::info!(status, duration_ms, "answered");
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(edge::REQUEST_ID, value);
        }
        response
    };
    REQUEST_ID.scope(id, answered.instrument(span)).await
}

fn header_text(request: &Request, name: &str) -> String {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
        .to_owned()
}

fn answer_panic(panic: Box<dyn Any + Send + 'static>) -> Response<axum::body::Body> {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    ApiError::internal(text.to_owned()).into_response()
}

#[cfg(test)]
mod tests;

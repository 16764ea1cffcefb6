//! Every answer carries its request id; panics and unknown paths become error bodies.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::routing::get;
use contracts::RequestId;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::layers;
use crate::error::ApiError;

fn app() -> Router {
    layers(
        Router::new()
            .route("/fine", get(|| async { "fine" }))
            .route(
                "/refused",
                get(|| async { ApiError::not_found("gone", "not here") }),
            )
            .route(
                "/panic",
                get(|| async { panic!("secret detail") as &'static str }),
            ),
    )
}

async fn call(method: Method, path: &str, id: Option<&str>) -> (StatusCode, String, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(id) = id {
        request = request.header("x-cellplane-request-id", id);
    }
    let response = app()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let id = response.headers()["x-cellplane-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, id, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn an_error_body_names_the_request() {
    let id = RequestId::new().to_string();
    let (status, echoed, body) = call(Method::GET, "/refused", Some(&id)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(echoed, id);
    assert_eq!(
        body,
        format!(r#"{{"error":{{"code":"gone","message":"not here","request_id":"{id}"}}}}"#)
    );
}

#[tokio::test]
async fn a_panic_is_answered_without_its_details() {
    let (status, _, body) = call(Method::GET, "/panic", None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        body.contains("internal") && !body.contains("secret"),
        "{body}"
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_have_error_bodies() {
    assert_eq!(
        call(Method::GET, "/nowhere", None).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, _, body) = call(Method::POST, "/fine", Some("nonsense")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(body.contains("method_not_allowed"), "{body}");
}

#[tokio::test]
async fn answers_of_the_api_are_kept_nowhere() {
    let app = layers(
        Router::new()
            .route("/api/me", get(|| async { "me" }))
            .route("/page", get(|| async { "page" })),
    );
    for (path, expected) in [
        ("/api/me", Some("no-store")),
        ("/api/none", Some("no-store")),
        ("/page", None),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let kept = response.headers().get("cache-control");
        assert_eq!(
            kept.map(|value| value.to_str().unwrap()),
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn large_answers_go_compressed_and_events_never() {
    let long = || async { "a row of many; ".repeat(100) };
    let events = || async {
        (
            [("content-type", "text/event-stream")],
            "data: x\n\n".repeat(100),
        )
    };
    let app = layers(
        Router::new()
            .route("/api/rows", get(long))
            .route("/api/events", get(events)),
    );
    for (path, expected) in [("/api/rows", Some("gzip")), ("/api/events", None)] {
        let request = Request::get(path).header("accept-encoding", "gzip, br");
        let request = request.body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let encoding = response.headers().get("content-encoding");
        assert_eq!(
            encoding.map(|value| value.to_str().unwrap()),
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_class() {
    let metrics = crate::metrics::Metrics::new();
    let _ops = super::ops_router(crate::health::Health::new(), metrics.clone());
    call(Method::GET, "/refused", None).await;
    call(Method::GET, "/no-such-page-1", None).await;
    let text = metrics.text();
    assert!(
        text.contains(r#"http_requests_total{route="/refused",status="4xx"}"#),
        "{text}"
    );
    assert!(text.contains(r#"route="other""#), "{text}");
    assert!(!text.contains("no-such-page"), "{text}");
}

//! What stands in front of every public route: the router's signature and our own origin.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn nothing_is_answered_that_did_not_come_through_a_router() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    for path in ["/api/me", "/api/openapi.json", "/", "/nowhere"] {
        let request = axum::http::Request::builder()
            .uri(path)
            .header(header::HOST, crate::support::HOST)
            .body(Body::empty())
            .unwrap();
        browser
            .send(request)
            .await
            .refused(403, "not_through_router");
    }
    let mut request = browser
        .request(Method::GET, "/api/slugs/acme")
        .body(Body::empty())
        .unwrap();
    request
        .headers_mut()
        .insert("x-cellplane-client", "127.0.0.1".parse().unwrap());
    browser
        .send(request)
        .await
        .refused(403, "not_through_router");
    let mut request = browser
        .request(Method::GET, "/api/slugs/acme")
        .body(Body::empty())
        .unwrap();
    *request.uri_mut() = "/api/me".parse().unwrap();
    browser
        .send(request)
        .await
        .refused(403, "not_through_router");
}

#[tokio::test]
async fn pages_of_other_origins_cannot_write() {
    let test = TestApp::start().await;
    let mut ada = test.person("ada").await;
    for (name, value) in [
        ("origin", "http://acme.localhost:8080"),
        ("origin", "https://app.localhost:8080"),
        ("origin", "null"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = ada
            .request(Method::POST, "/api/logout")
            .header(name, value)
            .body(Body::empty())
            .unwrap();
        ada.send(request).await.refused(403, "other_origin");
    }
    ada.get("/api/me").await.expect(200);
    let request = ada
        .request(Method::POST, "/api/logout")
        .header("origin", "http://app.localhost:8080")
        .header("sec-fetch-site", "same-origin")
        .body(Body::empty())
        .unwrap();
    ada.send(request).await.expect(204);
}

#[tokio::test]
async fn malformed_and_huge_bodies_are_refused_cleanly() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    let post = |kind: &str, body: Vec<u8>| {
        test.browser()
            .request(Method::POST, "/api/signup")
            .header("idempotency-key", "k")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap()
    };
    let json = "application/json";
    for (request, status, code) in [
        (post(json, b"{".to_vec()), 400, "malformed_json"),
        (post(json, vec![0xff, 0xfe]), 400, "malformed_json"),
        (post(json, b"[]".to_vec()), 422, "invalid_body"),
        (post("text/plain", b"{}".to_vec()), 415, "not_json"),
        (post(json, vec![b' '; 2 << 20]), 413, "body_too_large"),
        (
            post(json, "[".repeat(10_000).into_bytes()),
            422,
            "invalid_body",
        ),
    ] {
        let answer = browser.send(request).await;
        assert!(
            answer.status.is_client_error(),
            "{status} {code}: {answer:?}"
        );
        if code != "invalid_body" {
            answer.refused(status, code);
        }
    }
    let extra = json!({
        "email": "a@example.com", "password": PASSWORD, "name": "a", "role": "owner",
    });
    browser
        .post("/api/signup", extra)
        .await
        .refused(422, "invalid_body");
    assert_eq!(test.count("select count(*) from users").await, 0);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_errors_of_the_api() {
    let test = TestApp::start().await;
    let mut browser = test.browser();
    browser.get("/api/nowhere").await.refused(404, "not_found");
    browser
        .get("/api/login")
        .await
        .refused(405, "method_not_allowed");
    let answer = browser.get("/api/me").await;
    assert!(answer.headers.contains_key("x-cellplane-request-id"));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(answer.body["error"]["request_id"].is_string());
}

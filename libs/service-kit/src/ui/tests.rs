//! Pages, assets and traversal.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{Place, routes};

const LIST: &str = r#"{
    "front_door": {"always": ["/api/me"], "pages": []},
    "org": {"always": ["/api/session"], "pages": [
        {"path": "/pacing/new", "files": ["assets/new-1.js"], "requests": []},
        {"path": "/pacing/$orderId", "files": ["assets/order-1.js", "assets/order-1.css"],
         "requests": ["/api/first?limit=2"]}
    ]}
}"#;

async fn get(path: &str) -> Response<Body> {
    get_at(path, Place::Org, "gzip").await
}

async fn get_at(path: &str, place: Place, encodings: &str) -> Response<Body> {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(dist.join("assets/app-1a2b.js"), "1;".repeat(1_000)).unwrap();
    std::fs::write(dist.join("assets/app-1a2b.js.gz"), "as gzip").unwrap();
    std::fs::write(dist.join("assets/app-1a2b.js.br"), "as brotli").unwrap();
    std::fs::write(dist.join("preload.json"), LIST).unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let request = Request::get(path).header("accept-encoding", encodings);
    let request = request.body(Body::empty()).unwrap();
    routes(Some(dist), place).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn every_page_is_the_app_and_is_never_kept() {
    for path in ["/", "/pacing", "/onboarding/connect?x=1"] {
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert!(response.headers().contains_key("content-security-policy"));
    }
}

#[tokio::test]
async fn hashed_assets_are_kept_and_missing_ones_are_404() {
    let response = get("/assets/app-1a2b.js").await;
    assert!(
        response.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(
        get("/assets/old-9z.js").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(get("/api/unknown").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_outside_the_bundle_is_served() {
    for path in ["/../secret.txt", "/assets/../../secret.txt", "//secret.txt"] {
        let response = get(path).await;
        assert_ne!(response.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_smallest_copy_that_a_browser_takes_is_served() {
    for (encodings, packing, length) in [
        ("gzip, deflate, br", Some("br"), "as brotli".len()),
        ("gzip", Some("gzip"), "as gzip".len()),
        ("zstd", None, 2_000),
        ("", None, 2_000),
    ] {
        let response = get_at("/assets/app-1a2b.js", Place::Org, encodings).await;
        let said = response.headers().get("content-encoding");
        assert_eq!(said.map(|value| value.to_str().unwrap()), packing);
        assert_eq!(response.headers()["vary"], "accept-encoding");
        assert_eq!(response.headers()["content-type"], "text/javascript");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(bytes.len(), length, "{encodings}");
    }
}

#[tokio::test]
async fn a_page_says_what_it_will_ask_for() {
    let session = "</api/session>; rel=preload; as=fetch; crossorigin";
    let order = "</assets/order-1.js>; rel=modulepreload, \
                 </assets/order-1.css>; rel=preload; as=style";
    let first = "</api/first?limit=2>; rel=preload; as=fetch; crossorigin";
    for (path, place, links) in [
        (
            "/pacing/new",
            Place::Org,
            format!("</assets/new-1.js>; rel=modulepreload, {session}"),
        ),
        (
            "/pacing/7",
            Place::Org,
            format!("{order}, {session}, {first}"),
        ),
        ("/pacing/7?x=1", Place::Org, format!("{order}, {session}")),
        ("/pacing/7/days", Place::Org, session.to_owned()),
        (
            "/pacing/7",
            Place::FrontDoor,
            session.replace("session", "me"),
        ),
    ] {
        let response = get_at(path, place, "").await;
        assert_eq!(response.headers()["link"], links, "{path} {place:?}");
    }
    let asset = get("/assets/app-1a2b.js").await;
    assert!(!asset.headers().contains_key("link"));
}

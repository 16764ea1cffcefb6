//! Pages, assets and traversal.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::routes;

async fn get(path: &str) -> Response<Body> {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(dist.join("assets/app-1a2b.js"), "1;".repeat(1_000)).unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let request = Request::get(path).header("accept-encoding", "gzip");
    let request = request.body(Body::empty()).unwrap();
    routes(Some(dist)).oneshot(request).await.unwrap()
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
async fn text_goes_compressed() {
    let response = get("/assets/app-1a2b.js").await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert!(bytes.len() < 200, "{} bytes", bytes.len());
}

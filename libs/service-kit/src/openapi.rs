//! `/api/openapi.json` and a small reading page at `/api/docs`, without a third party's script.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use utoipa::openapi::OpenApi;

mod gates;

pub use gates::{answers, complete, operations};

/// Serves the description and its reading page.
pub fn routes(api: &OpenApi) -> Result<Router, serde_json::Error> {
    let json: Arc<str> = api.to_pretty_json()?.into();
    Ok(
        Router::new()
            .route(
                "/api/openapi.json",
                get(move || {
                    let json = Arc::clone(&json);
                    async move {
                        ([(CONTENT_TYPE, "application/json")], json.to_string()).into_response()
                    }
                }),
            )
            .route(
                "/api/docs",
                get(|| async { Html(include_str!("openapi/docs.html")) }),
            )
            .route(
                "/api/docs.js",
                get(|| async {
                    let kind = "text/javascript; charset=utf-8";
                    ([(CONTENT_TYPE, kind)], include_str!("openapi/docs.js"))
                }),
            ),
    )
}

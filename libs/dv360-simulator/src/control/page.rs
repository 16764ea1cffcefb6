//! The page that drives the simulator by hand: a few files, served as they are.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;

use crate::app::Shared;

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const FAULTS: &str = include_str!("page/faults.js");
const TRUTH: &str = include_str!("page/truth.js");

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/sim") }))
        .route("/sim", get(|| async { Html(PAGE) }))
        .route("/sim/page.css", get(|| file("text/css", STYLE)))
        .route("/sim/page.js", get(|| file("text/javascript", SCRIPT)))
        .route("/sim/faults.js", get(|| file("text/javascript", FAULTS)))
        .route("/sim/truth.js", get(|| file("text/javascript", TRUTH)))
}

async fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}

//! The process's metrics in OpenMetrics text, and the request metrics every service has.
//!
//! Labels come from closed sets; an org's id is never one.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use parking::Lock;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

/// Shared by whoever registers metrics and the route that prints them.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Lock<Registry>>);

impl Metrics {
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers metrics; call at start, not per request.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        self.0.with(add);
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        self.0
            .with(|registry| encode(&mut text, registry))
            .expect("writing to a string cannot fail");
        text
    }

    pub fn routes(self) -> Router {
        Router::new().route(
            "/metrics",
            get(|| async move {
                let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
                ([(CONTENT_TYPE, kind)], self.text()).into_response()
            }),
        )
    }
}

mod parking {
    //! A mutex that a panic elsewhere does not poison: metrics stay readable.

    use std::sync::{Mutex, PoisonError};

    #[derive(Default)]
    pub(super) struct Lock<T>(Mutex<T>);

    impl<T> Lock<T> {
        pub(super) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
            act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }
}

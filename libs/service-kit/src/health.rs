//! `/livez`: the process turns. `/readyz`: it can do its work, or the name of what it lacks.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use futures::future::{BoxFuture, join_all};
use serde_json::json;

/// Longer than this and a check counts as failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// The checks of one process. Only what the process cannot do without belongs here.
#[derive(Clone, Default)]
pub struct Health {
    checks: Vec<(&'static str, Check)>,
}

impl Health {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        self.checks
            .push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    /// The names of the checks that fail now.
    pub async fn failing(&self) -> Vec<&'static str> {
        self.failing_within(CHECK_TIMEOUT).await
    }

    async fn failing_within(&self, timeout: Duration) -> Vec<&'static str> {
        let results = join_all(self.checks.iter().map(|(name, check)| async move {
            let passed = tokio::time::timeout(timeout, check()).await;
            (*name, passed.unwrap_or(false))
        }))
        .await;
        results
            .into_iter()
            .filter_map(|(name, passed)| (!passed).then_some(name))
            .collect()
    }

    pub fn routes(self) -> Router {
        Router::new()
            .route(
                "/livez",
                get(|| async { axum::Json(json!({ "status": "ok" })) }),
            )
            .route("/readyz", get(ready))
            .with_state(self)
    }
}

async fn ready(State(health): State<Health>) -> (StatusCode, axum::Json<serde_json::Value>) {
    let failing = health.failing().await;
    if failing.is_empty() {
        let body = json!({ "status": "ok", "version": crate::VERSION });
        (StatusCode::OK, axum::Json(body))
    } else {
        let body = json!({ "status": "failing", "failing": failing, "version": crate::VERSION });
        (StatusCode::SERVICE_UNAVAILABLE, axum::Json(body))
    }
}

#[cfg(test)]
mod tests {
    //! A failing or hanging check is named.

    use std::time::Duration;

    use super::Health;

    #[tokio::test]
    async fn failing_and_hanging_checks_are_named() {
        let health = Health::new()
            .check("fine", || async { true })
            .check("broken", || async { false })
            .check("hanging", std::future::pending);
        assert_eq!(
            health.failing_within(Duration::from_millis(50)).await,
            ["broken", "hanging"]
        );
    }
}

//! A write that is sent twice happens once, whatever happens in between.

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::middleware;
use axum::response::Response;
use axum::routing::post;
use cell::app::App;
use cell::auth;
use cell::idempotency::Write;
use cell::idempotency::http::Started;
use cell::routes::Needs;
use contracts::Action;
use serde_json::{Value, json};
use service_kit::ApiError;
use service_kit::extract::Json;

use crate::support::{Answer, TestCell, TestOrg};

/// A write as a slice would have it: it renames the org, and fails after that when asked to.
async fn rename(
    State(app): State<App>,
    write: Write,
    Json(body): Json<Value>,
) -> Result<Response, ApiError> {
    let mut tx = match write.begin(&app).await? {
        Started::Fresh(tx) => tx,
        Started::Repeated(answer) => return Ok(answer),
    };
    sqlx::query("update tenant.orgs set name = name || $1")
        .bind(body["suffix"].as_str().unwrap())
        .execute(&mut **tx.tx())
        .await
        .map_err(ApiError::internal)?;
    if let Some(ms) = body["pause_ms"].as_i64() {
        sqlx::query("select pg_sleep($1)")
            .bind(ms as f64 / 1_000.0)
            .execute(&mut **tx.tx())
            .await
            .map_err(ApiError::internal)?;
    }
    if body["fail"].as_bool() == Some(true) {
        return Err(ApiError::conflict("asked_to_fail", "as asked"));
    }
    tx.finish(StatusCode::CREATED, &json!({ "done": body["suffix"] }))
        .await
}

/// The cell with that write among its routes, behind the same layers.
async fn start() -> (TestCell, TestOrg, String) {
    let mut cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let guard =
        |request, next| auth::http::guard(Needs::May(Action::ManageSettings), request, next);
    let extra = Router::new()
        .route("/api/rename", post(rename))
        .route("/api/rename/again", post(rename))
        .route_layer(middleware::from_fn(guard))
        .with_state(cell.app.clone());
    cell.public = cell::app::around(&cell.app, extra);
    let cookie = cell.enter_by(&org).await;
    (cell, org, cookie)
}

impl TestCell {
    /// The routes of `start` have no sign-in, so the session is opened beside them.
    async fn enter_by(&mut self, org: &TestOrg) -> String {
        let routes = std::mem::replace(
            &mut self.public,
            cell::app::public_router(&self.app).unwrap(),
        );
        let cookie = self.enter_as_owner(org).await;
        self.public = routes;
        cookie
    }

    async fn rename(&self, org: &TestOrg, cookie: &str, key: &str, body: Value) -> Answer {
        let request = (Method::POST, "/api/rename");
        self.write(org, request, cookie, (key, body)).await
    }

    async fn name(&self) -> String {
        let mut admin = self.superuser().await;
        sqlx::query_scalar("select name from tenant.orgs")
            .fetch_one(&mut admin)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn the_same_write_happens_once_and_answers_the_same() {
    let (cell, org, cookie) = start().await;
    let body = json!({ "suffix": "!" });
    let first = cell.rename(&org, &cookie, "k1", body.clone()).await;
    let second = cell.rename(&org, &cookie, "k1", body.clone()).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.text, second.text);
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(cell.name().await, "ACME!");
    assert_eq!(cell.rename(&org, &cookie, "k2", body).await.status, 201);
    assert_eq!(cell.name().await, "ACME!!");
}

#[tokio::test]
async fn a_key_belongs_to_one_body_and_one_address() {
    let (cell, org, cookie) = start().await;
    let body = json!({ "suffix": "!" });
    cell.rename(&org, &cookie, "k1", body.clone()).await;
    let other_body = cell
        .rename(&org, &cookie, "k1", json!({ "suffix": "?" }))
        .await;
    let path = (Method::POST, "/api/rename/again");
    let other_path = cell.write(&org, path, &cookie, ("k1", body)).await;
    for answer in [other_body, other_path] {
        assert_eq!(answer.status, 422);
        assert_eq!(answer.code(), "idempotency_key_reused");
    }
    assert_eq!(cell.name().await, "ACME!");
}

#[tokio::test]
async fn a_write_without_a_key_is_refused() {
    let (cell, org, cookie) = start().await;
    for key in ["", "two words", &"x".repeat(129)] {
        let answer = cell
            .rename(&org, &cookie, key, json!({ "suffix": "!" }))
            .await;
        assert_eq!(answer.status, 400, "{key:?}");
    }
    assert_eq!(cell.name().await, "ACME");
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_may_be_tried_again() {
    let (cell, org, cookie) = start().await;
    let failing = json!({ "suffix": "!", "fail": true });
    for _ in 0..2 {
        let answer = cell.rename(&org, &cookie, "k1", failing.clone()).await;
        assert_eq!(answer.code(), "asked_to_fail");
    }
    assert_eq!(cell.name().await, "ACME");
    let answer = cell
        .rename(&org, &cookie, "k1", json!({ "suffix": "!" }))
        .await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn of_many_at_the_same_time_one_happens() {
    let (cell, org, cookie) = start().await;
    let body = json!({ "suffix": "!", "pause_ms": 100 });
    let tries = (0..6).map(|_| cell.rename(&org, &cookie, "k1", body.clone()));
    let answers = futures::future::join_all(tries).await;
    for answer in &answers {
        match answer.status.as_u16() {
            201 => {}
            409 => assert_eq!(answer.code(), "idempotency_in_progress"),
            _ => panic!("{answer:?}"),
        }
    }
    assert!(answers.iter().any(|answer| answer.status == 201));
    assert_eq!(cell.name().await, "ACME!");
    let again = cell.rename(&org, &cookie, "k1", body).await;
    assert_eq!(again.status, 201);
    assert_eq!(cell.name().await, "ACME!");
}

#[tokio::test]
async fn an_expired_key_is_a_new_one() {
    let (cell, org, cookie) = start().await;
    let body = json!({ "suffix": "!" });
    cell.rename(&org, &cookie, "k1", body.clone()).await;
    let mut admin = cell.superuser().await;
    sqlx::query("update tenant.idempotency_keys set expires_at = now() - interval '1 second'")
        .execute(&mut admin)
        .await
        .unwrap();
    let answer = cell
        .rename(&org, &cookie, "k1", json!({ "suffix": "?" }))
        .await;
    assert_eq!(answer.status, 201);
    assert_eq!(cell.name().await, "ACME!?");
}

#[tokio::test]
async fn two_members_do_not_share_keys() {
    let (mut cell, org, cookie) = start().await;
    let routes = cell.public.clone();
    cell.public = cell::app::public_router(&cell.app).unwrap();
    let user = contracts::UserId::new();
    let other = cell.enter(&org, user, contracts::Role::Admin).await;
    cell.public = routes;
    let body = json!({ "suffix": "!" });
    for cookie in [&cookie, &other] {
        let answer = cell.rename(&org, cookie, "k1", body.clone()).await;
        assert_eq!(answer.header("idempotency-replayed"), None);
    }
    assert_eq!(cell.name().await, "ACME!!");
}

#[tokio::test]
async fn a_write_is_counted_with_its_effect() {
    let (cell, org, cookie) = start().await;
    let body = json!({ "suffix": "!" });
    for _ in 0..3 {
        cell.rename(&org, &cookie, "k1", body.clone()).await;
    }
    let mut admin = cell.superuser().await;
    let counted: i64 = sqlx::query_scalar(
        "select sum(quantity)::bigint from tenant.usage_ledger where meter = 'api_calls'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(counted, 1, "the two repetitions are still in memory");
    cell.app.usage.flush(&cell.app.db).await;
    let counted: i64 = sqlx::query_scalar(
        "select sum(quantity)::bigint from tenant.usage_ledger where meter = 'api_calls'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(counted, 3);
}

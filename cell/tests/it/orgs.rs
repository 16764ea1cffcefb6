//! Orgs arrive by one repeatable call and can be undone while nobody has used them.

use axum::http::Method;
use contracts::{OrgId, UserId};
use serde_json::json;

use crate::support::{TestCell, wish};

#[tokio::test]
async fn preparing_twice_is_preparing_once() {
    let cell = TestCell::start().await;
    let (org, owner) = (OrgId::new(), UserId::new());
    let path = format!("/internal/orgs/{org}");
    let body = serde_json::to_value(wish("acme", owner)).unwrap();
    for _ in 0..2 {
        let answer = cell
            .as_global_control(Method::PUT, &path, body.clone())
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json(), json!({ "org": org, "epoch": 1 }));
    }
    let list = cell
        .as_global_control(Method::GET, "/internal/orgs", json!(null))
        .await;
    let expected = json!({ "items": [{ "org": org, "state": "active", "epoch": 1 }] });
    assert_eq!(list.json(), expected);
    let mut admin = cell.superuser().await;
    let keys: i64 = sqlx::query_scalar("select count(*) from tenant.data_keys")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(keys, 1);
}

#[tokio::test]
async fn an_org_in_another_state_is_not_prepared_over() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let path = format!("/internal/orgs/{}", org.scope.org());
    let mut body = serde_json::to_value(wish("acme", org.owner)).unwrap();
    body["epoch"] = json!(2);
    let answer = cell.as_global_control(Method::PUT, &path, body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (409, "org_in_another_state".into())
    );
}

#[tokio::test]
async fn a_given_up_signup_is_undone_and_may_be_undone_again() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let path = format!("/internal/orgs/{}?epoch=1", org.scope.org());
    for _ in 0..2 {
        let answer = cell
            .as_global_control(Method::DELETE, &path, json!(null))
            .await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    let list = cell
        .as_global_control(Method::GET, "/internal/orgs", json!(null))
        .await;
    assert_eq!(list.json(), json!({ "items": [] }));
    let mut admin = cell.superuser().await;
    let rows: i64 = sqlx::query_scalar(
        "select (select count(*) from tenant.orgs) + (select count(*) from tenant.members) \
         + (select count(*) from tenant.data_keys)",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn an_org_somebody_entered_is_not_removed() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let cookie = cell.enter_as_owner(&org).await;
    let path = format!("/internal/orgs/{}?epoch=1", org.scope.org());
    let answer = cell
        .as_global_control(Method::DELETE, &path, json!(null))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (409, "org_in_use".into())
    );
    assert_eq!(cell.get(&org, "/api/session", &cookie).await.status, 200);
}

#[tokio::test]
async fn only_global_control_may_call_the_internal_listener() {
    use axum::body::Body;
    use axum::http::Request;
    let cell = TestCell::start().await;
    let audience = cell.app.config.cell_id.to_string();
    let key = crate::support::CONTROL_KEY;
    let tokens = [
        String::new(),
        service_kit::tokens::internal_token("global-control", &audience, &[7; 32]),
        service_kit::tokens::internal_token("global-control", "another cell", &key),
        service_kit::tokens::internal_token(&audience, &audience, &key),
    ];
    for token in tokens {
        let request =
            Request::get("/internal/orgs").header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        let answer = crate::support::answer(&cell.internal, request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (401, "bad_token".into())
        );
    }
}

#[tokio::test]
async fn the_data_key_opens_what_it_sealed() {
    use cell::tenancy::envelope::Place;
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let place = Place {
        owner: "connection_1",
        field: "token",
        version: 1,
    };
    let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
    let key = cell.app.cell_key.fetch(&mut tx).await.unwrap();
    let sealed = key.seal(place, b"secret");
    let again = cell.app.cell_key.fetch(&mut tx).await.unwrap();
    assert_eq!(*again.open(place, &sealed).unwrap(), b"secret");
}

#[tokio::test]
async fn the_process_says_whether_its_database_answers() {
    use axum::body::Body;
    use axum::http::Request;
    let cell = TestCell::start().await;
    let request = || Request::get("/readyz").body(Body::empty()).unwrap();
    let ready = crate::support::answer(&cell.internal, request()).await;
    assert_eq!(ready.status, 200, "{ready:?}");
    let mut config = (*cell.app.config).clone();
    config.database_url = "postgres://nobody:x@127.0.0.1:1/none".into();
    let app = cell::app::App::new(config, cell::app::Process::Work).unwrap();
    let failing = crate::support::answer(&app.ops(), request()).await;
    assert_eq!(failing.status, 503);
    assert_eq!(failing.json()["failing"], json!(["database"]));
}

//! The cell works from its own copy of the configuration, layer upon layer, and says how it fares.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use cell::config_docs;
use cell::global::{self, GlobalControl};
use contracts::OrgId;
use contracts::config_docs::{ConfigBatch, ConfigDocument, Layer};
use contracts::provisioning::CellHeartbeat;
use parking_lot::Mutex;
use serde_json::{Value, json};
use test_kit::wait::until;
use tokio_util::sync::CancellationToken;

use crate::support::{CONTROL_KEY, SOON, TestCell, TestOrg};

fn document(version: i64, layer: Layer, value: Value) -> ConfigDocument {
    ConfigDocument {
        version,
        name: "pacing.settings".into(),
        layer,
        value,
    }
}

async fn apply(cell: &TestCell, documents: Vec<ConfigDocument>) -> i64 {
    let version = documents.last().map_or(0, |document| document.version);
    let batch = ConfigBatch { documents, version };
    config_docs::apply(&cell.app.db, &batch).await.unwrap();
    config_docs::version(&cell.app.db).await.unwrap()
}

async fn effective(cell: &TestCell, org: &TestOrg) -> Value {
    let mut tx = cell.app.db.begin_read(&org.scope).await.unwrap();
    config_docs::effective(&mut tx, "pacing.settings")
        .await
        .unwrap()
}

#[tokio::test]
async fn an_orgs_layer_lies_over_the_platforms() {
    let cell = TestCell::start().await;
    let (a, b) = (cell.org("acme").await, cell.org("boreal").await);
    assert_eq!(effective(&cell, &a).await, Value::Null);
    let own = Layer::Org { org: a.scope.org() };
    let stored = apply(
        &cell,
        vec![
            document(3, Layer::Platform, json!({ "low": 90, "high": 110 })),
            document(4, own, json!({ "low": 80 })),
            document(5, Layer::Org { org: OrgId::new() }, json!({ "low": 1 })),
        ],
    )
    .await;
    assert_eq!(stored, 5);
    assert_eq!(
        effective(&cell, &a).await,
        json!({ "low": 80, "high": 110 })
    );
    assert_eq!(
        effective(&cell, &b).await,
        json!({ "low": 90, "high": 110 })
    );
    apply(&cell, vec![document(6, own, Value::Null)]).await;
    assert_eq!(
        effective(&cell, &a).await,
        json!({ "low": 90, "high": 110 })
    );
}

#[tokio::test]
async fn an_older_version_never_replaces_a_newer_one() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    apply(&cell, vec![document(9, Layer::Platform, json!({ "v": 9 }))]).await;
    let stored = apply(&cell, vec![document(8, Layer::Platform, json!({ "v": 8 }))]).await;
    assert_eq!(stored, 9);
    assert_eq!(effective(&cell, &org).await, json!({ "v": 9 }));
}

#[tokio::test]
async fn a_frozen_org_holds_the_version_back_until_its_layer_is_stored() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut admin = cell.superuser().await;
    let freeze =
        "update cell.org_state set state = 'frozen', freeze_until = now() + interval '1 h'";
    sqlx::query(freeze).execute(&mut admin).await.unwrap();
    let layer = Layer::Org {
        org: org.scope.org(),
    };
    let batch = ConfigBatch {
        documents: vec![document(2, layer, json!({ "low": 80 }))],
        version: 2,
    };
    assert!(config_docs::apply(&cell.app.db, &batch).await.is_err());
    assert_eq!(config_docs::version(&cell.app.db).await.unwrap(), 0);
    let thaw = "update cell.org_state set state = 'active', freeze_until = null";
    sqlx::query(thaw).execute(&mut admin).await.unwrap();
    config_docs::apply(&cell.app.db, &batch).await.unwrap();
    assert_eq!(effective(&cell, &org).await, json!({ "low": 80 }));
}

/// What the stand-in for global-control has heard.
#[derive(Clone, Default)]
struct Heard {
    heartbeats: Arc<Mutex<Vec<CellHeartbeat>>>,
    asked_after: Arc<Mutex<Vec<i64>>>,
}

fn check_token(headers: &HeaderMap, cell: &str) {
    let token = headers["authorization"].to_str().unwrap();
    let token = token.strip_prefix("Bearer ").unwrap();
    let claims = service_kit::tokens::verify_internal(token, "global-control", &CONTROL_KEY);
    assert_eq!(claims.unwrap().iss, cell);
}

/// A global-control with one platform document of version 7.
fn stand_in(heard: Heard, cell: String) -> Router {
    let own = cell.clone();
    let config = get(
        async move |State(heard): State<Heard>,
                    headers: HeaderMap,
                    Query(after): Query<std::collections::HashMap<String, i64>>| {
            check_token(&headers, &own);
            heard.asked_after.lock().push(after["after"]);
            let document = document(7, Layer::Platform, json!({ "low": 90 }));
            let documents = if after["after"] < 7 {
                vec![document]
            } else {
                vec![]
            };
            Json(ConfigBatch {
                documents,
                version: 7,
            })
        },
    );
    let own = cell.clone();
    let heartbeat = post(
        async move |State(heard): State<Heard>,
                    headers: HeaderMap,
                    Json(beat): Json<CellHeartbeat>| {
            check_token(&headers, &own);
            heard.heartbeats.lock().push(beat);
        },
    );
    Router::new()
        .route(&format!("/internal/cells/{cell}/config"), config)
        .route(&format!("/internal/cells/{cell}/heartbeat"), heartbeat)
        .with_state(heard)
}

#[tokio::test]
async fn the_copy_is_pulled_reported_and_outlives_global_control() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = (*cell.app.config).clone();
    let address = format!("http://{}", listener.local_addr().unwrap());
    config.global_control_url = address.parse().unwrap();
    let router = stand_in(heard.clone(), config.cell_id.to_string());
    let server = tokio::spawn(axum::serve(listener, router).into_future());
    let stop = CancellationToken::new();
    let global = GlobalControl::new(&config).unwrap();
    let db = cell.app.db.clone();
    let pulling = tokio::spawn(config_docs::keep(db.clone(), global.clone(), stop.clone()));
    until("the document to be stored", SOON, async || {
        (config_docs::version(&db).await.unwrap() == 7).then_some(())
    })
    .await;
    let beating = tokio::spawn(global::keep_heartbeat(db.clone(), global, stop.clone()));
    let beat = until("a heartbeat", SOON, async || {
        heard.heartbeats.lock().first().cloned()
    })
    .await;
    assert_eq!(
        (beat.orgs, beat.jobs_queued, beat.config_version),
        (1, 0, 7)
    );
    assert!(beat.rss_bytes > 0 && beat.version == service_kit::VERSION);
    assert_eq!(heard.asked_after.lock().first(), Some(&0));
    server.abort();
    assert_eq!(effective(&cell, &org).await, json!({ "low": 90 }));
    stop.cancel();
    pulling.await.unwrap();
    beating.await.unwrap();
}

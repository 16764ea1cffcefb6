//! A connection that goes on with somebody else's consent.

use axum::http::Method;
use chrono::{Days, Utc};
use contracts::ConnectionId;
use dv360_simulator::SimulatorConfig;
use serde_json::{Value, json};

use crate::source::{COLLEAGUE as BEN, Slice};
use crate::support::SOON;

const ANA: &str = "ana.lima@meridian.example";

async fn connect_as(slice: &Slice, connection: &Value, user: &str) -> String {
    let extra = format!("auto=1&user={user}");
    let query = slice.consent_for(connection.clone(), &extra).await;
    slice.come_back(&query).await
}

/// Ana leaves: her consent ends, and with it the connection's work.
async fn leave(slice: &Slice, connection: &Value) {
    let ended = json!({"user": ANA, "invalid_grant": true});
    slice.order_faults(ended).await;
    slice.control(json!({"expire_access_tokens": true})).await;
    let wish = json!({"connection_id": connection});
    let sync = slice.write(Method::POST, "/api/syncs", wish).await;
    let sync = slice.end_of(&sync.json()).await;
    assert_eq!(sync["problem"]["code"], "signed_out", "{sync}");
}

async fn sight(slice: &Slice, allowed: bool) {
    let id = slice.advertiser_id(1).await;
    let edit = json!({"sight": {"user": BEN, "advertiser_id": id, "allowed": allowed}});
    slice.edit(edit).await;
}

/// All syncs of both pipelines that were started since `before`, when they are over.
async fn since(slice: &Slice, before: usize) -> Vec<Value> {
    test_kit::wait::until("the new syncs' end", SOON * 4, async || {
        let list = slice.json("/api/syncs").await;
        let mut items = list["items"].as_array().unwrap().clone();
        items.truncate(items.len() - before);
        let over = items.iter().all(|one| !one["finished_at"].is_null());
        (over && items.len() >= 2).then_some(items)
    })
    .await
}

async fn count(slice: &Slice) -> usize {
    let list = slice.json("/api/syncs").await;
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn another_account_goes_on_with_what_it_sees() {
    let today = Utc::now()
        .with_timezone(&chrono_tz::Asia::Kolkata)
        .date_naive();
    let config = SimulatorConfig {
        today: Some(today - Days::new(1)),
        ..SimulatorConfig::for_tests()
    };
    let slice = Slice::start_with(config).await;
    let first = slice.backfill(&[0, 1]).await;
    let connection = &first["connection_id"];
    let on = json!({"enabled": true});
    let path = "/api/pipelines/dv360_device_days/enabled";
    assert_eq!(slice.write(Method::PUT, path, on).await.status, 200);
    since(&slice, 0).await;
    leave(&slice, connection).await;

    sight(&slice, false).await;
    let before = count(&slice).await;
    let landed = connect_as(&slice, connection, BEN).await;
    let same = format!("/setup?step=2&connection={}", connection.as_str().unwrap());
    assert_eq!(landed, same);
    let path = format!("/api/connections/{}", connection.as_str().unwrap());
    let now = slice.json(&path).await;
    assert_eq!(
        (&now["state"], &now["account_email"]),
        (&json!("active"), &json!(BEN))
    );
    assert_eq!(now["problem"]["code"], "advertisers_out_of_sight", "{now}");
    let said = now["problem"]["message"].as_str().unwrap();
    assert!(
        said.contains("1 of the 2") && said.contains("Kestrel Motors"),
        "{said}"
    );
    let advice = slice.json(&format!("{path}/health")).await["what_to_do"].clone();
    assert!(advice.as_str().unwrap().contains("access"), "{advice}");

    let ours = slice.advertiser_id(0).await;
    for sync in since(&slice, before).await {
        assert_eq!(sync["state"], "done", "{sync}");
        let asked = sync["advertisers"].as_array().unwrap();
        assert_eq!(asked.len(), 1, "{sync}");
        assert_eq!(asked[0]["advertiser_id"], ours);
    }
    let made_by: Vec<String> = sqlx::query_scalar(
        "select distinct identity from tenant.source_queries where state = 'in_use'",
    )
    .fetch_all(&mut slice.cell.superuser().await)
    .await
    .unwrap();
    assert_eq!(made_by, [BEN], "queries are made anew");

    // Access is given after all: the same account again, and what was missed is there.
    sight(&slice, true).await;
    let before = count(&slice).await;
    connect_as(&slice, &Value::Null, BEN).await;
    for sync in since(&slice, before).await {
        assert_eq!(sync["advertisers"].as_array().unwrap().len(), 2, "{sync}");
    }
    let now = slice.json(&path).await;
    assert_eq!(now["problem"], Value::Null, "{now}");
    assert_eq!(
        slice.json("/api/connections").await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_account_that_cannot_go_on_is_not_taken() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let path = format!("/api/connections/{}", connection.as_str().unwrap());
    leave(&slice, connection).await;
    let partner = slice.partner_id().await;
    let access = json!({"access": {"user": BEN, "partner_id": partner, "allowed": false}});
    slice.edit(access).await;
    let landed = connect_as(&slice, connection, BEN).await;
    assert!(landed.ends_with("problem=account_sees_nothing"), "{landed}");
    let now = slice.json(&path).await;
    assert_eq!(
        (&now["state"], &now["account_email"]),
        (&json!("paused"), &json!(ANA))
    );
    // Ben has a connection of his own.
    let landed = connect_as(&slice, &Value::Null, BEN).await;
    assert!(landed.contains("connection=") && !landed.contains(connection.as_str().unwrap()));
    let landed = connect_as(&slice, connection, BEN).await;
    assert!(landed.ends_with("problem=account_connected"), "{landed}");
    let body = json!({"return_path": "/", "connection_id": ConnectionId::new()});
    let unknown = slice
        .write(Method::POST, "/api/connections/dv360/authorize", body)
        .await;
    assert_eq!(unknown.code(), "connection_not_found");
}

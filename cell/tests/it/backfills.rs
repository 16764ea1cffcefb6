//! A range of days is forecast, confirmed, brought in window by window, and stops when it should.

use axum::http::Method;
use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};
use test_kit::wait::until;

use crate::source::Slice;
use crate::support::{Answer, SOON};

const PIPELINE: &str = "dv360_line_item_days";

/// Days before today; all of them are over everywhere.
fn ago(days: u64) -> NaiveDate {
    Utc::now().date_naive() - Days::new(days)
}

async fn forecast(slice: &Slice, connection: &Value, start: NaiveDate, end: NaiveDate) -> Answer {
    let body =
        json!({"connection_id": connection, "pipeline": PIPELINE, "start": start, "end": end});
    slice
        .write(Method::POST, "/api/backfills/forecast", body)
        .await
}

async fn confirm(slice: &Slice, forecast: &Value) -> Answer {
    let body = json!({"forecast_id": forecast["forecast_id"]});
    slice.write(Method::POST, "/api/backfills", body).await
}

async fn end_of(slice: &Slice, backfill: &Value) -> Value {
    let path = format!(
        "/api/backfills/{}",
        backfill["backfill_id"].as_str().unwrap()
    );
    until("the end of a backfill", SOON * 5, async || {
        // Nobody waits for the next look here.
        hurry(slice).await;
        let seen = slice.json(&path).await;
        (!seen["finished_at"].is_null()).then_some(seen)
    })
    .await
}

async fn hurry(slice: &Slice) {
    sqlx::query(
        "update tenant.jobs set run_at = clock_timestamp() \
         where kind = 'ingestion.backfill' and state = 'queued'",
    )
    .execute(&mut slice.cell.superuser().await)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_forecast_that_is_confirmed_brings_the_days_in() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    assert_eq!(first["state"], "done", "{first}");
    let connection = &first["connection_id"];
    let said = forecast(&slice, connection, ago(110), ago(60)).await;
    assert_eq!(said.status, 200, "{said:?}");
    let said = said.json();
    assert_eq!(said["reports"], 1);
    assert_eq!(said["calls"], 4);
    assert!(said["rows"].as_u64().unwrap() > 500, "{said}");
    assert!(said["minutes"].as_u64().unwrap() >= 1);
    assert_eq!(slice.json("/api/backfills").await["items"], json!([]));
    let started = confirm(&slice, &said).await;
    assert_eq!(started.status, 202, "{started:?}");
    let ended = end_of(&slice, &started.json()).await;
    assert_eq!(
        (&ended["state"], &ended["progress"]),
        (&json!("done"), &json!(1.0)),
        "{ended}"
    );
    let rows = ended["rows_loaded"].as_u64().unwrap();
    let guessed = said["rows"].as_u64().unwrap();
    // Older days had fewer line items in flight, which history cannot know.
    assert!(
        (rows..rows * 4).contains(&guessed),
        "{guessed} were foreseen, {rows} came"
    );
    let id = slice.advertiser_id(0).await;
    let truth = slice.truth(&id, ago(110), ago(60)).await;
    let silver = slice.silver(&id).await;
    for (key, values) in &truth {
        assert_eq!(silver.get(key), Some(values), "{key:?}");
    }
    let again = confirm(&slice, &said).await.json();
    assert_eq!(again["state"], "done", "confirming again changes nothing");
    let over = format!(
        "/api/backfills/{}/cancel",
        ended["backfill_id"].as_str().unwrap()
    );
    let over = slice.write(Method::POST, &over, json!({})).await;
    assert_eq!(
        (over.status.as_u16(), over.code()),
        (409, "backfill_over".into())
    );
}

#[tokio::test]
async fn it_waits_for_a_budget_and_can_be_cancelled() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let limits = json!({"limits": {"rows": {"soft": 1}}});
    slice.write(Method::PUT, "/api/budgets", limits).await;
    let said = forecast(&slice, connection, ago(100), ago(50)).await.json();
    let codes: Vec<&Value> = said["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert!(codes.contains(&&json!("waits_for_budget")), "{said}");
    let started = confirm(&slice, &said).await.json();
    let path = format!(
        "/api/backfills/{}",
        started["backfill_id"].as_str().unwrap()
    );
    let waiting = until("the backfill to wait", SOON, async || {
        let seen = slice.json(&path).await;
        (seen["state"] == "waiting").then_some(seen)
    })
    .await;
    assert_eq!(waiting["problem"]["code"], "budget_used_up");
    assert!(!waiting["retry_at"].is_null());
    let other = forecast(&slice, connection, ago(100), ago(50)).await.json();
    let other = confirm(&slice, &other).await;
    assert_eq!(
        (other.status.as_u16(), other.code()),
        (409, "backfill_under_way".into())
    );
    let cancelled = slice
        .write(Method::POST, &format!("{path}/cancel"), json!({}))
        .await;
    assert_eq!(cancelled.json()["state"], "cancelled");
    hurry(&slice).await;
    until("the job to end", SOON, async || {
        let open: i64 = sqlx::query_scalar(
            "select count(*) from tenant.jobs \
             where kind = 'ingestion.backfill' and state not in ('done')",
        )
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap();
        (open == 0).then_some(())
    })
    .await;
    assert_eq!(slice.json(&path).await["windows"][0]["state"], "open");
}

#[tokio::test]
async fn a_range_that_cannot_be_is_refused() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    for (start, end, code) in [
        (ago(10), ago(20), "invalid_range"),
        (ago(10), ago(0), "invalid_range"),
        (ago(2_000), ago(1), "invalid_range"),
        (ago(400), ago(300), "leaves_a_gap"),
    ] {
        let answer = forecast(&slice, connection, start, end).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (422, code.into()),
            "{start} {end}"
        );
    }
    let nowhere = json!(contracts::ConnectionId::new());
    let answer = forecast(&slice, &nowhere, ago(20), ago(10)).await;
    assert_eq!(answer.status, 404);
    let said = forecast(&slice, connection, ago(20), ago(10)).await.json();
    sqlx::query("update tenant.backfills set expires_at = now() - interval '1 second'")
        .execute(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    let late = confirm(&slice, &said).await;
    assert_eq!(
        (late.status.as_u16(), late.code()),
        (409, "forecast_too_old".into())
    );
}

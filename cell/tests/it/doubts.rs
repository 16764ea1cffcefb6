//! A report that lacks an advertiser or its last days, and adds up all the same: what it says is read
//! once more, and nothing that was there is lost meanwhile.

use axum::http::Method;
use serde_json::{Value, json};

use crate::ingestion::assert_silver_is_true;
use crate::source::Slice;

async fn order(slice: &Slice, kind: Value, times: u32) {
    let fault = json!({"kind": kind, "times": times});
    let faults = json!({"everyone": {"file": fault}});
    slice.order_faults(faults).await;
}

async fn reports(slice: &Slice) -> usize {
    let all = slice.ask("/sim/reports").await;
    all["reports"].as_array().unwrap().len()
}

async fn doubted(slice: &Slice) -> i64 {
    sqlx::query_scalar("select count(*) from tenant.loaded_days where doubted_at is not null")
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap()
}

/// As if all that has happened so far had happened yesterday.
async fn sleep_over_it(slice: &Slice) {
    sqlx::raw_sql(
        "update tenant.loaded_days set doubted_at = doubted_at - interval '1 day';
         update tenant.syncs set created_at = created_at - interval '1 day'",
    )
    .execute(&mut slice.cell.superuser().await)
    .await
    .unwrap();
}

/// A sync as each morning has it.
async fn morning(slice: &Slice, before: &Value) -> Value {
    let wish = json!({"connection_id": before["connection_id"]});
    let started = slice.write(Method::POST, "/api/syncs", wish).await;
    assert_eq!(started.status, 202, "{started:?}");
    let sync = slice.end_of(&started.json()).await;
    assert_eq!(sync["state"], "done", "{sync}");
    sync
}

/// The states of the calendar's days, each once.
async fn states(slice: &Slice, sync: &Value) -> Vec<String> {
    let day = |name: &str| sync["range"][name].as_str().unwrap().to_owned();
    let path = format!("/api/data/calendar?from={}&to={}", day("start"), day("end"));
    let calendar = slice.json(&path).await;
    let rows = calendar["advertisers"].as_array().unwrap().iter();
    let days = rows.flat_map(|row| row["days"].as_array().unwrap());
    let states = days.map(|day| day["state"].as_str().unwrap().to_owned());
    let states: std::collections::BTreeSet<String> = states.collect();
    states.into_iter().collect()
}

#[tokio::test]
async fn what_a_first_report_lacks_is_asked_for_once_more() {
    for kind in [
        json!("empty"),
        json!("missing_advertiser"),
        json!({"missing_days": {"days": 2}}),
    ] {
        let slice = Slice::start().await;
        order(&slice, kind.clone(), 1).await;
        let sync = slice.backfill(&[0, 1]).await;
        assert_eq!(sync["state"], "done", "{kind}: {sync}");
        assert_eq!(reports(&slice).await, 2, "{kind}");
        assert_silver_is_true(&slice, &sync, 0).await;
        assert_silver_is_true(&slice, &sync, 1).await;
        assert_eq!(doubted(&slice).await, 0, "{kind}");
    }
}

/// Two reports of one day agree, and both are wrong.
#[tokio::test]
async fn months_that_are_doubted_are_read_again_in_the_morning() {
    let slice = Slice::start().await;
    order(&slice, json!("empty"), 2).await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    assert_eq!(
        (reports(&slice).await, slice.count("line_item_days").await),
        (2, 0)
    );
    assert_eq!(states(&slice, &sync).await, ["unconfirmed"]);
    sleep_over_it(&slice).await;
    let next = morning(&slice, &sync).await;
    assert_eq!(next["range"]["start"], sync["range"]["start"]);
    assert_silver_is_true(&slice, &sync, 0).await;
    assert_eq!(doubted(&slice).await, 0);
}

/// Bounded: a second report on the first day, months once more on the next, then as always.
#[tokio::test]
async fn an_advertiser_without_anything_settles() {
    let slice = Slice::start().await;
    order(&slice, json!("empty"), 100).await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(reports(&slice).await, 2);
    let again = morning(&slice, &sync).await;
    assert_eq!(
        reports(&slice).await,
        3,
        "no third time on one day: {again}"
    );
    sleep_over_it(&slice).await;
    morning(&slice, &sync).await;
    assert_eq!((reports(&slice).await, doubted(&slice).await), (4, 0));
    assert_eq!(states(&slice, &sync).await, ["empty"]);
    sleep_over_it(&slice).await;
    let usual = morning(&slice, &sync).await;
    assert_eq!(reports(&slice).await, 5);
    assert_ne!(
        usual["range"]["start"], sync["range"]["start"],
        "only the last days"
    );
}

#[tokio::test]
async fn a_morning_without_a_row_is_asked_for_once_more() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    order(&slice, json!("empty"), 1).await;
    morning(&slice, &sync).await;
    assert_eq!(reports(&slice).await, 3);
    assert_silver_is_true(&slice, &sync, 0).await;
}

#[tokio::test]
async fn days_that_a_morning_lacks_keep_their_rows() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0, 1]).await;
    let rows = slice.count("line_item_days").await;
    order(&slice, json!({"missing_days": {"days": 3}}), 2).await;
    morning(&slice, &sync).await;
    assert_eq!(reports(&slice).await, 3, "one more than the morning's own");
    assert_eq!(slice.count("line_item_days").await, rows);
    assert!(doubted(&slice).await >= 3);
    assert_silver_is_true(&slice, &sync, 0).await;
    let kept: bool =
        sqlx::query_scalar("select bool_or(notes->'kept' <> '[]') from tenant.load_ledger")
            .fetch_one(&mut slice.cell.superuser().await)
            .await
            .unwrap();
    assert!(kept, "the ledger says which days a file has left alone");
    sleep_over_it(&slice).await;
    morning(&slice, &sync).await;
    assert_eq!((reports(&slice).await, doubted(&slice).await), (4, 0));
    assert_silver_is_true(&slice, &sync, 0).await;
}

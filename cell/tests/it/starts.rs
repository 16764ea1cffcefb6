//! What makes pipelines run: a switch, a choice, a new consent. Each starts all of them, once.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::{Days, Utc};
use serde_json::{Value, json};

use crate::source::Slice;
use crate::support::SOON;

const DEVICES: &str = "dv360_device_days";
const LINE_ITEMS: &str = "dv360_line_item_days";

async fn switch(slice: &Slice, pipeline: &str, enabled: bool) {
    let path = format!("/api/pipelines/{pipeline}/enabled");
    let body = json!({ "enabled": enabled });
    let answer = slice.write(Method::PUT, &path, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// The kinds of all syncs so far by pipeline, when all of them are over.
async fn syncs(slice: &Slice, count: usize) -> BTreeMap<String, Vec<String>> {
    let over = async || {
        let list = slice.json("/api/syncs").await;
        let items = list["items"].as_array().unwrap().clone();
        let over = items.iter().all(|one| !one["finished_at"].is_null());
        (over && items.len() >= count).then_some(items)
    };
    let items = test_kit::wait::until("the syncs' end", SOON * 4, over).await;
    let mut kinds = BTreeMap::new();
    for one in items.iter().rev() {
        assert_eq!(one["state"], "done", "{one}");
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        let of: &mut Vec<String> = kinds.entry(text("pipeline")).or_default();
        of.push(text("kind"));
    }
    kinds
}

/// The pipelines that have a schedule.
async fn scheduled(slice: &Slice) -> Vec<String> {
    let sql = "select payload ->> 'pipeline' from tenant.jobs
                where kind = 'ingestion.daily' and state = 'queued' and run_at > now() order by 1";
    let rows = sqlx::query_scalar(sql);
    rows.fetch_all(&mut slice.cell.superuser().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_pipeline_switched_on_backfills_and_runs_each_morning() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    assert_eq!(scheduled(&slice).await, [LINE_ITEMS]);
    switch(&slice, DEVICES, true).await;
    let kinds = syncs(&slice, 2).await;
    assert_eq!(kinds[DEVICES], ["backfill"]);
    assert_eq!(scheduled(&slice).await, [DEVICES, LINE_ITEMS]);
    assert!(slice.count("breakdown_days").await > 0);
    // Off and on again: the schedule is the same one, and what was missed is read.
    switch(&slice, DEVICES, false).await;
    switch(&slice, DEVICES, true).await;
    assert_eq!(syncs(&slice, 3).await[DEVICES], ["backfill", "backfill"]);
    assert_eq!(scheduled(&slice).await, [DEVICES, LINE_ITEMS]);
}

#[tokio::test]
async fn choosing_and_consenting_again_start_what_is_on_and_nothing_else() {
    let slice = Slice::start().await;
    switch(&slice, DEVICES, true).await;
    switch(&slice, LINE_ITEMS, false).await;
    let chosen = slice.backfill(&[0]).await;
    assert_eq!(chosen["pipeline"], DEVICES, "{chosen}");
    assert_eq!(syncs(&slice, 1).await.len(), 1);
    assert_eq!(scheduled(&slice).await, [DEVICES]);
    switch(&slice, LINE_ITEMS, true).await;
    syncs(&slice, 2).await;
    slice.connect().await;
    let kinds = syncs(&slice, 4).await;
    assert_eq!(kinds[DEVICES], ["backfill", "daily"]);
    assert_eq!(kinds[LINE_ITEMS], ["backfill", "daily"]);
}

#[tokio::test]
async fn nothing_is_chosen_while_nothing_is_on() {
    let slice = Slice::start().await;
    switch(&slice, LINE_ITEMS, false).await;
    let connection = slice.connect().await;
    let refused = slice.choose(&connection, &[0]).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (409, "no_pipeline_on".into())
    );
    let path = format!("/api/connections/{connection}");
    assert_eq!(slice.json(&path).await["partner"], Value::Null);
}

/// Who or what started the syncs of a pipeline, oldest first.
async fn starters(slice: &Slice, pipeline: &str) -> Vec<Value> {
    let list = slice.json(&format!("/api/syncs?pipeline={pipeline}")).await;
    let items = list["items"].as_array().unwrap().iter().rev();
    items.map(|one| one["started_by"].clone()).collect()
}

#[tokio::test]
async fn a_sync_says_who_or_what_started_it() {
    let slice = Slice::start().await;
    let chosen = slice.backfill(&[0]).await;
    let person = json!({"by": "person", "user_id": slice.org.owner});
    assert_eq!(chosen["started_by"], person);
    switch(&slice, DEVICES, true).await;
    syncs(&slice, 2).await;
    let switched = starters(&slice, DEVICES).await;
    assert_eq!(switched, std::slice::from_ref(&person));
    // By hand, from its schedule, and by a window of a backfill.
    let connection = &chosen["connection_id"];
    let body = json!({ "connection_id": connection });
    let asked = slice.write(Method::POST, "/api/syncs", body).await;
    assert_eq!(asked.json()["started_by"], person);
    syncs(&slice, 3).await;
    let due = "update tenant.jobs set run_at = clock_timestamp()
                where kind = 'ingestion.daily' and payload ->> 'pipeline' = 'dv360_line_item_days'";
    let done = sqlx::query(due)
        .execute(&mut slice.cell.superuser().await)
        .await;
    assert_eq!(done.unwrap().rows_affected(), 1);
    syncs(&slice, 4).await;
    let end = Utc::now().date_naive() - Days::new(80);
    let wish = json!({"connection_id": connection, "pipeline": LINE_ITEMS,
        "start": end - Days::new(1), "end": end});
    let path = "/api/backfills/forecast";
    let forecast = slice.write(Method::POST, path, wish).await.json();
    let body = json!({ "forecast_id": forecast["forecast_id"] });
    let backfill = slice.write(Method::POST, "/api/backfills", body).await;
    let backfill = backfill.json();
    assert_eq!(backfill["created_by"], json!(slice.org.owner));
    syncs(&slice, 5).await;
    slice.connect().await;
    syncs(&slice, 7).await;
    let expected = [
        person.clone(),
        person,
        json!({"by": "schedule"}),
        json!({"by": "backfill", "backfill_id": backfill["backfill_id"]}),
        json!({"by": "consent", "user_id": slice.org.owner}),
    ];
    assert_eq!(starters(&slice, LINE_ITEMS).await, expected);
}

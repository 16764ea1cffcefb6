//! A backfill against the simulator: silver equals what the source shows, whatever goes wrong.

use std::time::Instant;

use axum::http::Method;
use cell::ingestion::connector::ReportRequest;
use cell::ingestion::pipelines;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dv360_simulator::SimulatorConfig;
use dv360_simulator::quota::Quotas;
use serde_json::{Value, json};

use crate::source::{Facts, Slice};
use crate::support::SOON;

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

/// Silver of the advertiser is what the source shows, to the last micro, and nothing else.
pub(crate) async fn assert_silver_is_true(slice: &Slice, sync: &Value, number: usize) {
    let id = slice.advertiser_id(number).await;
    let freshness = slice.json("/api/freshness").await;
    let items = freshness["items"].as_array().unwrap();
    let reach = items
        .iter()
        .find(|one| one["advertiser_id"] == *id)
        .unwrap();
    let (start, through) = (day(&sync["range"]["start"]), day(&reach["through"]));
    let truth = slice.truth(&id, start, through).await;
    assert!(truth.len() > 100, "only {} rows of truth", truth.len());
    assert_same(&slice.silver(&id).await, &truth);
}

/// The first difference says more than thousands of rows.
fn assert_same(silver: &Facts, truth: &Facts) {
    let wrong = truth
        .iter()
        .find(|(key, values)| silver.get(key) != Some(values));
    let found = wrong.map(|(key, _)| silver.get(key));
    assert_eq!(wrong, None, "silver has {found:?}");
    assert_eq!(
        silver.len(),
        truth.len(),
        "silver has rows that the source has not"
    );
}

#[tokio::test]
async fn a_backfill_brings_in_exactly_what_the_source_shows() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0, 1]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    assert_eq!(sync["kind"], "backfill");
    assert_eq!(sync["progress"], 1.0);
    let (start, end) = (day(&sync["range"]["start"]), day(&sync["range"]["end"]));
    assert!(end - start >= TimeDelta::days(89));
    assert_silver_is_true(&slice, &sync, 0).await;
    assert_silver_is_true(&slice, &sync, 1).await;
    let advertisers = sync["advertisers"].as_array().unwrap();
    let rows: i64 = advertisers
        .iter()
        .map(|one| one["rows"].as_i64().unwrap())
        .sum();
    assert_eq!(sync["rows_loaded"], rows);
    assert_eq!(slice.count("line_item_days").await, rows);
    let proven: bool = sqlx::query_scalar("select control_total from tenant.load_ledger")
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    assert!(proven, "the totals row was there and agreed");
    assert!(used(&slice, "dsp_calls").await >= 10);
    // The load and the modules that ran over it.
    let modules = "select coalesce(sum(row_count), 0)::bigint from tenant.module_runs";
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let mut admin = slice.cell.superuser().await;
        let modules: i64 = sqlx::query_scalar(modules)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        let metered = used(&slice, "db_rows").await;
        if modules > 0 && metered == rows + modules {
            break;
        }
        let late = tokio::time::Instant::now() > deadline;
        assert!(
            !late,
            "{metered} rows metered, {rows} loaded, {modules} of modules"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn used(slice: &Slice, meter: &str) -> i64 {
    slice.cell.app.usage.flush(&slice.cell.app.db).await;
    let usage = slice.json("/api/usage").await;
    let items = usage["items"].as_array().unwrap();
    let found = items.iter().find(|one| one["meter"] == meter);
    found.map_or(0, |one| one["quantity"].as_i64().unwrap())
}

#[tokio::test]
async fn loading_again_changes_nothing() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let id = slice.advertiser_id(0).await;
    let silver = slice.silver(&id).await;
    let body = json!({"connection_id": first["connection_id"]});
    let again = slice.write(Method::POST, "/api/syncs", body).await;
    let again = slice.end_of(&again.json()).await;
    assert_eq!(again["state"], "done", "{again}");
    assert_eq!(again["kind"], "daily");
    // The newest day and the seven before it, which may still change.
    let look_back = day(&again["range"]["end"]) - day(&again["range"]["start"]);
    assert_eq!(look_back, TimeDelta::days(7));
    assert_same(&slice.silver(&id).await, &silver);
}

/// Dies after the work of every step and before it is written down.
#[tokio::test]
async fn a_sync_survives_a_crash_at_every_step() {
    let points = [
        "sync.begun",
        "sync.entities_fetched",
        "sync.query_created",
        "sync.query_run",
        "sync.report_awaited",
        "sync.downloaded",
        "sync.loaded",
    ];
    for point in points {
        let slice = Slice::start().await;
        fail::cfg(point, "1*return").unwrap();
        let sync = slice.backfill(&[0]).await;
        fail::remove(point);
        assert_eq!(sync["state"], "done", "{point}: {sync}");
        assert_silver_is_true(&slice, &sync, 0).await;
        let mut admin = slice.cell.superuser().await;
        let attempts = "select attempts from tenant.jobs where kind = 'ingestion.sync'";
        let attempts: i32 = sqlx::query_scalar(attempts)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        assert_eq!(attempts, 2, "{point} has struck");
        // The entities and one report: nothing was stored twice.
        assert_eq!(slice.count("bronze_objects").await, 2, "{point}");
    }
}

/// A request whose answer was lost is settled by looking, not by asking again.
#[tokio::test]
async fn what_was_made_before_a_crash_is_found_again() {
    let slice = Slice::start().await;
    let session = slice.open_session().await;
    let request = ReportRequest {
        partner_id: slice.partner_id().await,
        advertiser_ids: vec![slice.advertiser_id(0).await],
        start: day(&json!("2026-10-01")),
        end: day(&json!("2026-10-31")),
    };
    let spec = pipelines::find_built_in("dv360_line_item_days").unwrap();
    let shape = session.query_shape(&spec, &request, None).unwrap();
    let ensure = async |resumed| {
        let query = session.ensure_query("cellplane test", &shape, resumed);
        query.await.unwrap()
    };
    let query = ensure(false).await;
    assert_eq!(ensure(true).await, query);
    let since = Utc::now();
    let run = async |failed: &[String], since| {
        let run = session.ensure_report(&query, &request, failed, since);
        run.await.unwrap()
    };
    let report = run(&[], None).await;
    assert_eq!(run(&[], Some(since)).await, report);
    let second = run(std::slice::from_ref(&report), Some(since)).await;
    assert_ne!(second, report, "a run that failed is not found again");
    let tomorrow = Some(since + TimeDelta::days(1));
    let third = run(&[], tomorrow).await;
    assert!(
        third != report && third != second,
        "its days are as they were"
    );
    session.delete_query(&query).await.unwrap();
    session.delete_query(&query).await.unwrap();
    assert_ne!(ensure(true).await, query);
}

#[tokio::test]
async fn a_download_that_is_cut_off_or_packed_is_fetched_again() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    for kind in [
        json!({"cut_body": {"at": 2000}}),
        json!({"cut_connection": {"at": 2000}}),
        json!("gzip"),
    ] {
        let fault = json!({"kind": kind, "times": 1});
        let faults = json!({"advertiser_id": id, "faults": {"download": fault}});
        slice.order_faults(faults).await;
        let sync = slice.backfill(&[0]).await;
        assert_eq!(sync["state"], "done", "{sync}");
        assert_silver_is_true(&slice, &sync, 0).await;
    }
}

#[tokio::test]
async fn a_file_that_stays_broken_is_quarantined_and_nothing_is_loaded() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let fault = json!({"kind": {"cut_body": {"at": 2000}}});
    slice
        .order_faults(json!({"advertiser_id": id, "faults": {"download": fault}}))
        .await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "quarantined", "{sync}");
    assert_eq!(sync["problem"]["code"], "file_cut_off");
    assert!(sync["message"].as_str().unwrap().len() > 10, "{sync}");
    assert_eq!(slice.count("line_item_days").await, 0);
    assert_eq!(slice.count("watermarks").await, 0);
}

#[tokio::test]
async fn a_failed_report_is_run_again_and_given_up_in_the_end() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let with = async |fault: Value| {
        let faults = json!({"advertiser_id": id, "faults": {"report": fault}});
        slice.order_faults(faults).await;
        slice.backfill(&[0]).await
    };
    let once = with(json!({"kind": "failed", "times": 1})).await;
    assert_eq!(once["state"], "done", "{once}");
    let always = with(json!({"kind": "failed"})).await;
    assert_eq!(always["problem"]["code"], "report_failed", "{always}");
    let pathless = with(json!({"kind": "done_without_path"})).await;
    assert_eq!(pathless["state"], "quarantined", "{pathless}");
    assert_eq!(pathless["problem"]["code"], "report_without_file");
}

/// Each of the report's links is refused, fresh ones too: another run's may not be.
#[tokio::test]
async fn a_report_out_of_reach_is_run_again_and_given_up_in_the_end() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let with = async |fault: Value| {
        let faults = json!({"advertiser_id": id, "faults": {"report": fault}});
        slice.order_faults(faults).await;
        slice.backfill(&[0]).await
    };
    let once = with(json!({"kind": "expired_link", "times": 1})).await;
    assert_eq!(once["state"], "done", "{once}");
    let always = with(json!({"kind": "expired_link"})).await;
    assert_eq!(always["problem"]["code"], "links_refused", "{always}");
    let message = always["problem"]["message"].as_str().unwrap();
    assert!(message.contains("ExpiredToken"), "{message}");
    let path = format!(
        "/api/connections/{}/health",
        always["connection_id"].as_str().unwrap()
    );
    let health = slice.json(&path).await;
    assert!(
        health["what_to_do"].as_str().unwrap().contains("download"),
        "{health}"
    );
}

#[tokio::test]
async fn hiccups_of_the_source_are_ridden_out() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let with = async |fault: Value| {
        let faults = json!({"advertiser_id": id, "faults": {"api": fault}});
        slice.order_faults(faults).await;
        slice.backfill(&[0]).await
    };
    for kind in [
        "unavailable",
        "resource_exhausted",
        "user_rate_limit_exceeded",
    ] {
        let sync = with(json!({"kind": kind, "times": 1})).await;
        assert_eq!(sync["state"], "done", "{kind}: {sync}");
    }
    let denied = with(json!({"kind": "permission_denied"})).await;
    assert_eq!(denied["problem"]["code"], "source_forbidden", "{denied}");
}

#[tokio::test]
async fn progress_is_told_live_and_ends() {
    let config = SimulatorConfig {
        report_delay_ms: 800,
        ..SimulatorConfig::for_tests()
    };
    let slice = Slice::start_with(config).await;
    let connection = slice.connect().await;
    let sync = slice.choose(&connection, &[0]).await.json();
    let path = format!("/api/syncs/{}/events", sync["sync_id"].as_str().unwrap());
    let events = slice.get(&path).await;
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let lines = || events.text.lines();
    let names: Vec<&str> = lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert!(names.len() >= 3, "{names:?}");
    assert_eq!(names.last(), Some(&"end"));
    let mut told = lines().filter_map(|line| line.strip_prefix("data: "));
    let last = told.rfind(|data| data.starts_with('{')).unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(last["state"], "done");
    assert_eq!(last["progress"], 1.0);
}

#[tokio::test]
async fn the_first_pacing_row_is_there_within_seconds() {
    let config = SimulatorConfig {
        report_delay_ms: 1_000,
        quotas: Quotas::default(),
        ..SimulatorConfig::for_tests()
    };
    let slice = Slice::start_with(config).await;
    let begun = Instant::now();
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let list = slice.json("/api/pacing/insertion-orders?limit=1").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let took = begun.elapsed();
    println!("from consent to the first row: {took:?}");
    assert!(took < SOON, "{took:?}");
    assert_eq!(
        slice.ask("/sim/requests").await["refused"],
        0,
        "within the quota"
    );
}

#[tokio::test]
async fn a_schedule_starts_the_next_day_by_itself() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let mut admin = slice.cell.superuser().await;
    sqlx::query("set app.capture = 'off'")
        .execute(&mut admin)
        .await
        .unwrap();
    let due = "update tenant.jobs set run_at = clock_timestamp() where kind = 'ingestion.daily'";
    let moved = sqlx::query(due).execute(&mut admin).await.unwrap();
    assert_eq!(moved.rows_affected(), 1);
    let path = format!(
        "/api/syncs?connection_id={}",
        sync["connection_id"].as_str().unwrap()
    );
    let daily = test_kit::wait::until("a daily sync", SOON, async || {
        let newest = slice.json(&path).await["items"][0].clone();
        (newest["kind"] == "daily").then_some(newest)
    })
    .await;
    assert_eq!(slice.end_of(&daily).await["state"], "done");
    let next = "select run_at from tenant.jobs where kind = 'ingestion.daily'";
    let next: DateTime<Utc> = sqlx::query_scalar(next)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert!(next > Utc::now() && next < Utc::now() + TimeDelta::hours(32));
}

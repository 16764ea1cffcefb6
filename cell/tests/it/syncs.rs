//! What a sync costs and survives: queries used again, mornings collected, breakers, stops, deaths.

use axum::http::Method;
use cell::connections::{self, Start};
use cell::ingestion::sync::{Kind, Starter};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use contracts::ConnectionId;
use dv360_simulator::SimulatorConfig;
use serde_json::{Value, json};

use crate::source::Slice;
use crate::support::SOON;

/// As the owner of the tables, past the fence.
async fn change(slice: &Slice, sql: &'static str) -> u64 {
    let mut admin = slice.cell.superuser().await;
    sqlx::query("set app.capture = 'off'")
        .execute(&mut admin)
        .await
        .unwrap();
    sqlx::query(sql)
        .execute(&mut admin)
        .await
        .unwrap()
        .rows_affected()
}

async fn queries(slice: &Slice) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "select query_id, purpose, state from tenant.source_queries order by purpose, query_id",
    )
    .fetch_all(&mut slice.cell.superuser().await)
    .await
    .unwrap()
}

async fn sync_again(slice: &Slice, connection: &Value) -> Value {
    let body = json!({"connection_id": connection});
    let sync = slice.write(Method::POST, "/api/syncs", body).await;
    assert_eq!(sync.status, 202, "{sync:?}");
    slice.end_of(&sync.json()).await
}

/// What the steps of a sync asked the source for, by step.
fn calls(sync: &Value, step: &str) -> i64 {
    let steps = sync["timeline"].as_array().unwrap().iter();
    let of_step = steps.filter(|one| one["step"] == step);
    of_step.map(|one| one["calls"].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn a_query_is_used_again_until_the_roster_changes() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    assert_eq!(first["state"], "done", "{first}");
    assert_eq!(calls(&first, "requesting"), 2, "create and run: {first}");
    assert_eq!(calls(&first, "downloading"), 0, "the list has the link");
    let had = queries(&slice).await;
    assert_eq!(had.len(), 1);
    let second = sync_again(&slice, &first["connection_id"]).await;
    assert_eq!(calls(&second, "requesting"), 1, "only a run: {second}");
    assert_eq!(calls(&second, "waiting"), 1, "one question: {second}");
    assert_eq!(queries(&slice).await, had);

    let connection = first["connection_id"].as_str().unwrap();
    let wider = slice.choose(connection, &[0, 1]).await;
    let wider = slice.end_of(&wider.json()).await;
    assert_eq!(wider["state"], "done", "{wider}");
    let now = test_kit::wait::until("the old query is gone", SOON, async || {
        let now = queries(&slice).await;
        (now.len() == 1).then_some(now)
    })
    .await;
    assert_ne!(now, had, "another roster is another query");
    let there = slice.ask("/sim/reports").await;
    assert_eq!(there["queries"], 1, "the one before was deleted: {there}");
}

/// Whoever consents now does not see what somebody else made.
#[tokio::test]
async fn queries_are_made_anew_for_another_account() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let had = queries(&slice).await;
    change(
        &slice,
        "update tenant.source_queries set identity = 'left@meridian.example'",
    )
    .await;
    let second = sync_again(&slice, &first["connection_id"]).await;
    assert_eq!(second["state"], "done", "{second}");
    assert_eq!(calls(&second, "requesting"), 2, "{second}");
    let now = test_kit::wait::until("the old one is forgotten", SOON, async || {
        let now = queries(&slice).await;
        (now.len() == 1).then_some(now)
    })
    .await;
    assert_ne!(now[0].0, had[0].0);
}

#[tokio::test]
async fn a_query_that_was_deleted_at_the_source_is_made_again() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    change(&slice, "update tenant.source_queries set query_id = '1'").await;
    let second = sync_again(&slice, &first["connection_id"]).await;
    assert_eq!(second["state"], "done", "{second}");
    assert_ne!(queries(&slice).await[0].0, "1");
}

#[tokio::test]
async fn mornings_collect_what_the_source_made_by_itself() {
    let new_york = chrono_tz::America::New_York;
    let today = Utc::now().with_timezone(&new_york).date_naive();
    let config = SimulatorConfig {
        today: Some(today - Days::new(1)),
        ..SimulatorConfig::for_tests()
    };
    let slice = Slice::start_with(config).await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let first = morning(&slice, &sync).await;
    assert_eq!(first["state"], "done", "{first}");
    let made = queries(&slice).await;
    assert_eq!(
        made.len(),
        2,
        "one for any days, one for mornings: {made:?}"
    );
    // A day later the source has run the second one, and silver is a day behind.
    let older = "update tenant.source_queries set created_at = created_at - interval '2 days'";
    change(&slice, older).await;
    let behind = "update tenant.watermarks set through = through - 1";
    change(&slice, behind).await;
    slice.control(json!({"today": today})).await;
    let second = morning(&slice, &sync).await;
    assert_eq!(second["state"], "done", "{second}");
    assert_eq!(calls(&second, "requesting"), 0, "nothing is run: {second}");
    assert_eq!(calls(&second, "waiting"), 1, "one list is all: {second}");
    let end: NaiveDate = second["range"]["end"].as_str().unwrap().parse().unwrap();
    assert_eq!(end, today - Days::new(1));
    let id = slice.advertiser_id(0).await;
    let start = end - Days::new(7);
    let truth = slice.truth(&id, start, end).await;
    let mut silver = slice.silver(&id).await;
    silver.retain(|key, _| key.0 >= start);
    assert_eq!(silver, truth);
    // The file reaches back further; its first day is not there of those who are a day ahead.
    let earlier: bool = sqlx::query_scalar(
        "select every(l.sync_id <> $1) from tenant.loaded_days d
           join tenant.load_ledger l on l.org_id = d.org_id and l.load_id = d.load_id
          where d.date < $2",
    )
    .bind(
        second["sync_id"]
            .as_str()
            .unwrap()
            .parse::<contracts::SyncId>()
            .unwrap()
            .as_uuid(),
    )
    .bind(start)
    .fetch_one(&mut slice.cell.superuser().await)
    .await
    .unwrap();
    assert!(earlier, "older days stay as they are: {second}");
}

/// Two syncs wait for reports of one query. Whoever asks first learns of both.
#[tokio::test]
async fn one_list_serves_all_that_wait_for_its_query() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    slice.control(json!({"report_delay_ms": 6_000})).await;
    let id: ConnectionId = first["connection_id"].as_str().unwrap().parse().unwrap();
    // Reports have always taken eight seconds, so nobody asks before.
    let learned =
        "insert into tenant.report_latencies (org_id, connection_id, purpose, report_id, seconds)
                   select org_id, connection_id, 'ad_hoc', 'r' || n, 8
                     from tenant.connections, generate_series(1, 50) n";
    change(&slice, learned).await;
    let app = &slice.cell.app;
    let mut tx = app.db.begin(&slice.org.scope).await.unwrap();
    let today = Utc::now().date_naive();
    let mut started = Vec::new();
    for days in [10, 20] {
        let start = Start {
            pipeline: "dv360_line_item_days",
            kind: Kind::Backfill,
            range: Some((today - Days::new(days + 5), today - Days::new(days))),
            watched: false,
            starter: Starter::Schedule,
        };
        let sync = connections::start_sync(&mut tx, id, start, Utc::now());
        started.push(json!({"sync_id": sync.await.unwrap().sync_id}));
    }
    tx.commit().await.unwrap();
    let mut asked = 0;
    for sync in &started {
        let sync = slice.end_of(sync).await;
        assert_eq!(sync["state"], "done", "{sync}");
        asked += calls(&sync, "waiting");
    }
    assert_eq!(asked, 1);
}

/// Lets the schedule's hour come and waits for what it starts.
async fn morning(slice: &Slice, sync: &Value) -> Value {
    let path = format!(
        "/api/syncs?connection_id={}",
        sync["connection_id"].as_str().unwrap()
    );
    let newest = async || slice.json(&path).await["items"][0].clone();
    let before = newest().await;
    let due = "update tenant.jobs set run_at = clock_timestamp() where kind = 'ingestion.daily'";
    assert_eq!(change(slice, due).await, 1);
    let started = test_kit::wait::until("a morning's sync", SOON, async || {
        let now = newest().await;
        (now["sync_id"] != before["sync_id"]).then_some(now)
    })
    .await;
    assert_eq!(started["kind"], "daily", "{started}");
    slice.end_of(&started).await
}

#[tokio::test]
async fn a_source_that_is_down_opens_the_breaker_and_is_tried_again() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let connection = sync["connection_id"].as_str().unwrap();
    // One failure short of opening, so that the test need not wait for five.
    let seeded = "insert into tenant.breakers (org_id, connection_id, state, failures, opened)
                  select org_id, connection_id, 'closed', 4, 0 from tenant.connections";
    change(&slice, seeded).await;
    let id = slice.advertiser_id(0).await;
    let fault = json!({"advertiser_id": id, "faults": {"api": {"kind": "unavailable"}}});
    slice.order_faults(fault).await;
    let body = json!({"connection_id": connection});
    let started = slice.write(Method::POST, "/api/syncs", body).await.json();
    let path = format!("/api/syncs/{}", started["sync_id"].as_str().unwrap());
    let paused = test_kit::wait::until("a pause", SOON * 4, async || {
        let sync = slice.json(&path).await;
        (sync["state"] == "paused").then_some(sync)
    })
    .await;
    assert_eq!(paused["problem"]["code"], "source_unavailable", "{paused}");
    let path = format!("/api/connections/{connection}/health");
    let health = slice.json(&path).await;
    assert_eq!(health["breaker"]["state"], "open", "{health}");
    assert!(health["what_to_do"].as_str().unwrap().contains("by itself"));
    assert!(health["breaker"]["retry_at"].as_str().is_some());
    assert!(health["pipelines"][0]["last_success_at"].as_str().is_some());

    let well = json!({"advertiser_id": id, "faults": {}});
    slice.order_faults(well).await;
    change(
        &slice,
        "update tenant.breakers set retry_at = clock_timestamp()",
    )
    .await;
    let due = "update tenant.syncs set state =
                 jsonb_set(state, '{state,until}', to_jsonb(clock_timestamp()))
                where step = 'paused'";
    assert_eq!(change(&slice, due).await, 1);
    let due = "update tenant.jobs set run_at = clock_timestamp()
                where kind = 'ingestion.sync' and state = 'queued'";
    assert_eq!(change(&slice, due).await, 1);
    assert_eq!(slice.end_of(&started).await["state"], "done");
    let health = slice.json(&path).await;
    assert_eq!(health["breaker"]["state"], "closed", "{health}");
    assert_eq!(health["what_to_do"], Value::Null);
}

#[tokio::test]
async fn a_sync_can_be_stopped_once() {
    let config = SimulatorConfig {
        report_delay_ms: 600_000,
        ..SimulatorConfig::for_tests()
    };
    let slice = Slice::start_with(config).await;
    let connection = slice.connect().await;
    let sync = slice.choose(&connection, &[0]).await.json();
    let path = format!("/api/syncs/{}", sync["sync_id"].as_str().unwrap());
    test_kit::wait::until("it waits", SOON, async || {
        (slice.json(&path).await["state"] == "waiting").then_some(())
    })
    .await;
    let cancel = format!("{path}/cancel");
    // Whoever moves it on in that very moment wins.
    let stopped = test_kit::wait::until("it stops", SOON, async || {
        let answer = slice.write(Method::POST, &cancel, json!({})).await;
        (answer.status == 200).then(|| answer.json())
    })
    .await;
    assert_eq!(stopped["state"], "cancelled", "{stopped}");
    let again = slice.write(Method::POST, &cancel, json!({})).await;
    assert_eq!(
        (again.status.as_u16(), again.code()),
        (409, "sync_is_over".into())
    );
    let sync = slice.json(&path).await;
    assert!(!sync["finished_at"].is_null(), "{sync}");
    assert_eq!(slice.count("line_item_days").await, 0);
}

#[tokio::test]
async fn syncs_are_listed_in_pages_and_by_what_they_are() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    sync_again(&slice, &first["connection_id"]).await;
    let page = slice.json("/api/syncs?limit=1").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = slice
        .json(&format!("/api/syncs?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(next["items"][0]["sync_id"], first["sync_id"]);
    assert_eq!(next["next_cursor"], Value::Null);
    let count = async |query: &str| {
        let list = slice.json(&format!("/api/syncs?{query}")).await;
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(count("state=done&pipeline=dv360_line_item_days").await, 2);
    assert_eq!(count("state=running").await, 0);
    assert_eq!(count("pipeline=other").await, 0);
    for (query, code) in [
        ("cursor=x", "invalid_cursor"),
        ("state=x", "invalid_state"),
        ("limit=0", "invalid_limit"),
    ] {
        let answer = slice.get(&format!("/api/syncs?{query}")).await;
        assert_eq!(answer.code(), code);
    }
}

/// The real worker dies as by `kill -9` behind the work of each step and before it is written down;
/// another one takes over.
#[tokio::test]
async fn the_worker_may_die_at_every_step() {
    for point in [
        "sync.begun",
        "sync.entities_fetched",
        "sync.query_created",
        "sync.query_run",
        "sync.report_awaited",
        "sync.downloaded",
        "sync.loaded",
    ] {
        let slice = Slice::start_idle(SimulatorConfig::for_tests()).await;
        let connection = slice.connect().await;
        let sync = slice.choose(&connection, &[0]).await.json();
        let mut doomed = slice.spawn_worker(&format!("{point}=return(crash)"));
        let ended = test_kit::wait::until("the worker's death", SOON * 2, async || {
            doomed.try_wait().unwrap()
        })
        .await;
        assert!(!ended.success(), "{point}");
        let died: DateTime<Utc> = Utc::now();
        let mut worker = slice.spawn_worker("");
        let sync = slice.end_of(&sync).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        let took = Utc::now() - died;
        println!(
            "{point}: working again within {} ms",
            took.num_milliseconds()
        );
        assert!(took < TimeDelta::seconds(60), "{point}: {took}");
        assert_eq!(sync["state"], "done", "{point}: {sync}");
        let reports = slice.ask("/sim/reports").await;
        assert_eq!(reports["queries"], 1, "{point}: {reports}");
        let runs = reports["reports"].as_array().unwrap().len();
        assert_eq!(runs, 1, "{point}: a report was run twice: {reports}");
        let id = slice.advertiser_id(0).await;
        let day = |name: &str| sync["range"][name].as_str().unwrap().parse().unwrap();
        let truth = slice.truth(&id, day("start"), day("end")).await;
        assert_eq!(slice.silver(&id).await, truth, "{point}");
    }
}

/// An order whose answer is lost may end in a pause: of the budget, or since the source was gone.
#[tokio::test]
async fn what_was_ordered_before_a_pause_is_not_ordered_again() {
    let slice = Slice::start_idle(SimulatorConfig::for_tests()).await;
    let connection = slice.connect().await;
    let sync = slice.choose(&connection, &[0]).await.json();
    let mut doomed = slice.spawn_worker("sync.query_run=return(crash)");
    let ended = test_kit::wait::until("the worker's death", SOON * 2, async || {
        doomed.try_wait().unwrap()
    });
    ended.await;
    let pause = "update tenant.syncs set step = 'paused', revision = revision + 1,
        state = jsonb_set(state, '{state}', jsonb_build_object(
            'step', 'paused', 'until', clock_timestamp(), 'resume', state->'state',
            'problem', jsonb_build_object('code', 'source_unavailable', 'message', 'gone')))";
    let mut admin = slice.cell.superuser().await;
    sqlx::raw_sql(pause).execute(&mut admin).await.unwrap();
    let mut worker = slice.spawn_worker("");
    let sync = slice.end_of(&sync).await;
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(sync["state"], "done", "{sync}");
    let reports = slice.ask("/sim/reports").await;
    assert_eq!(reports["reports"].as_array().unwrap().len(), 1, "{reports}");
}

/// One that was switched on while nothing was known of the source learns from the first report that comes.
#[tokio::test]
async fn what_one_report_teaches_holds_for_those_that_wait_already() {
    let slice = Slice::start().await;
    let path = "/api/pipelines/dv360_advertiser_days/enabled";
    let on = slice
        .write(Method::PUT, path, json!({"enabled": true}))
        .await;
    assert!(on.status.is_success(), "{on:?}");
    let began = Utc::now();
    slice.backfill(&[0]).await;
    let syncs = slice
        .json("/api/syncs?pipeline=dv360_advertiser_days")
        .await;
    let sync = slice.end_of(&syncs["items"][0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let took = Utc::now() - began;
    assert!(
        took < TimeDelta::seconds(60),
        "its report was there after a second: {took}"
    );
}

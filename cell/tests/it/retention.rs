//! What is kept no longer: old days and files go, what may still change stays.

use axum::http::Method;
use chrono::{Datelike, Days, Utc};
use serde_json::{Value, json};

use crate::source::Slice;
use crate::support::SOON;

async fn sql(slice: &Slice, sql: &'static str) {
    let mut admin = slice.cell.superuser().await;
    sqlx::raw_sql("set app.capture = 'off'")
        .execute(&mut admin)
        .await
        .unwrap();
    sqlx::raw_sql(sql).execute(&mut admin).await.unwrap();
}

async fn run(slice: &Slice) {
    sql(
        slice,
        "update tenant.jobs set run_at = now() - interval '1 minute' where kind = 'ingestion.retention'",
    )
    .await;
    test_kit::wait::until("the run", SOON * 2, async || {
        let next: Option<bool> = sqlx::query_scalar(
            "select true from tenant.jobs
              where kind = 'ingestion.retention' and state = 'queued' and run_at > now()",
        )
        .fetch_optional(&mut slice.cell.superuser().await)
        .await
        .unwrap();
        next
    })
    .await;
}

async fn plan(slice: &Slice) -> Value {
    let plan = slice.json("/api/data/retention").await;
    let items = plan["items"].as_array().unwrap();
    let of = |one: &&Value| one["pipeline"] == "dv360_line_item_days";
    items.iter().find(of).unwrap().clone()
}

async fn drops(slice: &Slice) -> Vec<Value> {
    let list = slice.json("/api/data/retention/drops").await;
    list["items"].as_array().unwrap().clone()
}

/// As if a year had gone by for all but the days that may still change.
async fn age(slice: &Slice) {
    let today = Utc::now().date_naive();
    let open_since =
        (today.with_day(1).unwrap() - chrono::Months::new(1)).min(today - Days::new(8));
    let mut admin = slice.cell.superuser().await;
    sqlx::raw_sql("set app.capture = 'off'")
        .execute(&mut admin)
        .await
        .unwrap();
    for table in ["line_item_days", "loaded_days"] {
        let older = format!("update tenant.{table} set date = date - 300 where date < $1");
        let older = sqlx::query(sqlx::AssertSqlSafe(older)).bind(open_since);
        older.execute(&mut admin).await.unwrap();
    }
    sql(
        slice,
        "update tenant.bronze_objects set fetched_at = now() - interval '200 days'",
    )
    .await;
}

/// Returns a line item of the latest day.
async fn keep_ninety_one_days(slice: &Slice) -> String {
    let layer = json!({"retention": {"silver_days": 91, "bronze_days": 91}});
    let layer = json!({"layer": layer, "comment": "", "expected_version": 0});
    let path = "/api/pipelines/dv360_line_item_days/layer";
    let put = slice.write(Method::PUT, path, layer).await;
    assert_eq!(put.status, 200, "{put:?}");
    sqlx::query_scalar(
        "select line_item_id from tenant.line_item_days order by date desc, line_item_id limit 1",
    )
    .fetch_one(&mut slice.cell.superuser().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn what_is_older_than_its_pipeline_keeps_is_dropped() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    let days = slice.count("loaded_days").await;
    let rows = slice.count("line_item_days").await;
    assert!(days >= 85, "{days}");
    assert_eq!(plan(&slice).await["days_due"], 0);
    keep_ninety_one_days(&slice).await;
    age(&slice).await;
    let due = plan(&slice).await;
    let old_days = due["days_due"].as_i64().unwrap();
    assert!(
        old_days > 20 && due["rows_due"].as_i64().unwrap() > old_days,
        "{due}"
    );
    assert_eq!(
        due["files_due"], 0,
        "its latest days may still change: {due}"
    );
    assert_eq!(
        slice.count("loaded_days").await,
        days,
        "asking drops nothing"
    );
    assert_eq!(
        (&due["days_kept"], &due["silver_days"]),
        (&json!(days), &json!(91))
    );
    assert_eq!(drops(&slice).await, Vec::<Value>::new());
    run(&slice).await;
    assert_eq!(slice.count("loaded_days").await, days - old_days);
    let kept = slice.count("line_item_days").await;
    assert_eq!(rows - kept, due["rows_due"].as_i64().unwrap());
    let after = plan(&slice).await;
    assert_eq!(
        (&after["days_due"], &after["rows_kept"]),
        (&json!(0), &json!(kept))
    );
    assert!(
        after["kept_since"].as_str() >= after["silver_before"].as_str(),
        "{after}"
    );
    let dropped = drops(&slice).await;
    assert_eq!(
        dropped.len(),
        1,
        "what dropped nothing is no entry: {dropped:?}"
    );
    for (noted, planned) in [
        ("days", "days_due"),
        ("rows", "rows_due"),
        ("files", "files_due"),
    ] {
        assert_eq!(dropped[0][noted], due[planned], "{dropped:?}");
    }
}

#[tokio::test]
async fn a_file_goes_once_no_day_of_it_may_change() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let line_item = keep_ninety_one_days(&slice).await;
    age(&slice).await;
    sql(
        &slice,
        "update tenant.loaded_days set bronze_id = gen_random_uuid()",
    )
    .await;
    let due = plan(&slice).await;
    assert_eq!(due["files_due"], 1, "{due}");
    run(&slice).await;
    let end = sync["range"]["end"].as_str().unwrap();
    let lineage = slice
        .json(&format!(
            "/api/lineage/line-items/dv360/{line_item}/days/{end}"
        ))
        .await;
    assert!(lineage["file"]["expired_at"].is_string(), "{lineage}");
    let id = lineage["file"]["bronze_id"].as_str().unwrap().to_owned();
    let path = format!("/api/bronze/{id}/lines?line=2");
    assert_eq!(slice.get(&path).await.status, 200, "a day of grace");
    sql(
        &slice,
        "update tenant.bronze_objects set expired_at = expired_at - interval '2 days' where expired_at is not null",
    )
    .await;
    run(&slice).await;
    let gone = slice.get(&path).await;
    assert_eq!(
        (gone.status.as_u16(), gone.code()),
        (410, "bronze_expired".into())
    );
    // The same file comes again: it is there again.
    let again = json!({"connection_id": sync["connection_id"]});
    let again = slice.write(Method::POST, "/api/syncs", again).await;
    assert_eq!(slice.end_of(&again.json()).await["state"], "done");
}

#[tokio::test]
async fn a_file_of_two_pipelines_stays_as_long_as_one_of_them_keeps_it() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    keep_ninety_one_days(&slice).await;
    age(&slice).await;
    sql(
        &slice,
        "update tenant.loaded_days set bronze_id = gen_random_uuid();
         insert into tenant.deliveries (
             org_id, connection_id, pipeline, sha256, name, origin, bytes, bronze_id, sync_id)
         select org_id, connection_id, 'dv360_device_days', sha256, 'both.csv', 'upload', bytes,
                bronze_id, gen_random_uuid()
           from tenant.bronze_objects where kind = 'report'",
    )
    .await;
    assert_eq!(plan(&slice).await["files_due"], 0, "the other one keeps it");
    sql(&slice, "delete from tenant.deliveries").await;
    assert_eq!(plan(&slice).await["files_due"], 1);
}

#[tokio::test]
async fn old_lists_of_entities_go_and_the_newest_full_one_stays() {
    let slice = Slice::start().await;
    slice.backfill(&[0]).await;
    keep_ninety_one_days(&slice).await;
    age(&slice).await;
    assert_eq!(plan(&slice).await["files_due"], 0);
    // A full list came in since, and a list of changes.
    sql(
        &slice,
        "with again as (
             insert into tenant.bronze_objects (
                 org_id, bronze_id, sha256, bytes, kind, connection_id, request, length_proven, fetched_at)
             select org_id, gen_random_uuid(), sha256(bronze_id::text::bytea || n), 1, kind,
                    connection_id, request, true, fetched_at
               from tenant.bronze_objects, unnest(array['1', '2']::bytea[]) n
              where kind = 'entities'
             returning org_id, bronze_id
         )
         insert into tenant.entity_loads
         select e.org_id, e.dsp, e.position + row_number() over (), e.partner_id, e.advertiser_id,
                case when row_number() over () = 1 then '{}'
                     else jsonb_build_object('line_item', '2026-01-01T00:00:00Z') end,
                e.observed_at, again.bronze_id, e.code, e.entities
           from again join tenant.entity_loads e on e.org_id = again.org_id",
    )
    .await;
    let due = plan(&slice).await;
    assert_eq!(due["files_due"], 1, "{due}");
    run(&slice).await;
    let kept: Vec<i64> = sqlx::query_scalar(
        "select e.position from tenant.entity_loads e join tenant.bronze_objects b
             on b.org_id = e.org_id and b.bronze_id = e.bronze_id
          where b.expired_at is null order by 1",
    )
    .fetch_all(&mut slice.cell.superuser().await)
    .await
    .unwrap();
    assert_eq!(kept.len(), 2, "{kept:?}");
}

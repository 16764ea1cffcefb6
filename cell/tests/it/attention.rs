//! What needs somebody is told until its cause is gone.

use serde_json::{Value, json};

use crate::source::Slice;

async fn attention(slice: &Slice) -> Vec<Value> {
    let answer = slice.json("/api/attention").await;
    answer["items"].as_array().unwrap().clone()
}

fn codes(items: &[Value]) -> Vec<&str> {
    let codes = items.iter().map(|one| one["code"].as_str().unwrap());
    codes.collect()
}

async fn write(slice: &Slice, sql: &str) {
    let mut admin = slice.cell.superuser().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut admin)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_needs_somebody_is_told_until_it_is_mended() {
    let slice = Slice::start().await;
    let first = attention(&slice).await;
    assert_eq!(codes(&first), ["no_connection"]);
    assert_eq!(first[0]["needs"], "manage_connections");

    slice.backfill(&[0]).await;
    assert_eq!(attention(&slice).await, Vec::<Value>::new(), "all is well");

    write(
        &slice,
        "update tenant.watermarks set through = through - 5;
         insert into tenant.module_runs (org_id, module, dsp, advertiser_id, setup, row_count,
                problem, took_us)
         select org_id, 'pacing', 'dv360', 'somebody', 'x', 0, 'no figures', 1 from tenant.orgs;
         update tenant.connections set state = 'paused', problem_code = 'signed_out',
                problem_message = 'x'",
    )
    .await;
    let all = attention(&slice).await;
    let found = codes(&all);
    assert_eq!(found[..2], ["data_late", "connection_stopped"], "{all:?}");
    assert!(found.contains(&"module_failed"), "{all:?}");
    assert_eq!(all[1]["severity"], "critical");
    let advice = all[1]["what_to_do"].as_str().unwrap();
    assert!(advice.starts_with("Connect again"), "{advice}");
    assert_eq!(all[1]["subject"], "connection");

    write(&slice, "update tenant.connections set state = 'active', problem_code = null, problem_message = null").await;
    let left = attention(&slice).await;
    assert!(!codes(&left).contains(&"connection_stopped"), "{left:?}");
}

#[tokio::test]
async fn a_refused_file_is_told_until_a_later_one_is_loaded() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let faults = |files: Value| json!({"advertiser_id": id, "faults": {"file": files}});
    slice
        .order_faults(faults(json!([{"kind": "wrong_totals"}])))
        .await;
    let refused = slice.backfill(&[0]).await;
    assert_eq!(refused["state"], "quarantined", "{refused}");
    let told = attention(&slice).await;
    assert_eq!(codes(&told), ["file_refused"], "{told:?}");
    assert_eq!(told[0]["subject_id"], refused["sync_id"]);

    slice.order_faults(faults(Value::Null)).await;
    let loaded = slice.backfill(&[0]).await;
    assert_eq!(loaded["state"], "done", "{loaded}");
    assert_eq!(attention(&slice).await, Vec::<Value>::new());
}

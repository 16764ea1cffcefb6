//! Files that are odd and right are loaded; files that are wrong are kept, explained and tried again.

use axum::http::Method;
use contracts::SyncId;
use serde_json::{Value, json};

use crate::source::Slice;

async fn backfill_with(slice: &Slice, files: Value) -> Value {
    let id = slice.advertiser_id(0).await;
    let faults = json!({"advertiser_id": id, "faults": {"file": files}});
    slice.order_faults(faults).await;
    slice.backfill(&[0]).await
}

#[tokio::test]
async fn every_harmless_shape_of_file_gives_the_same_silver() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let plain = backfill_with(&slice, json!(null)).await;
    assert_eq!(plain["state"], "done", "{plain}");
    let truth = slice.silver(&id).await;
    for shapes in [
        json!([{"kind": "bom"}, {"kind": "crlf"}, {"kind": "shuffled_columns"}]),
        json!([{"kind": "no_totals"}, {"kind": "iso_dates"}, {"kind": "thousands"}]),
    ] {
        let sync = backfill_with(&slice, shapes.clone()).await;
        assert_eq!(sync["state"], "done", "{shapes}: {sync}");
        assert_eq!(slice.silver(&id).await, truth, "{shapes}");
    }
    let notes: Vec<Value> = sqlx::query_scalar("select notes from tenant.load_ledger")
        .fetch_all(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    assert!(notes.iter().all(|notes| notes["drifts"] == json!([])));
}

#[tokio::test]
async fn a_wrong_file_is_kept_and_explained() {
    let slice = Slice::start().await;
    let clicks = "Clicks";
    let mut syncs = Vec::new();
    for (fault, code) in [
        (
            json!({"renamed_header": {"from": clicks, "to": "Taps"}}),
            "schema_drift",
        ),
        (
            json!({"retyped_column": {"header": clicks}}),
            "file_refused",
        ),
        (json!("wrong_totals"), "control_total"),
        (json!("wrong_dates"), "file_refused"),
        (json!("nul"), "file_refused"),
        (json!({"many_columns": {"count": 10_000}}), "file_refused"),
    ] {
        let sync = backfill_with(&slice, json!([{"kind": fault}])).await;
        assert_eq!(sync["state"], "quarantined", "{fault}: {sync}");
        assert_eq!(sync["problem"]["code"], code, "{fault}: {sync}");
        assert_eq!(slice.count("line_item_days").await, 0, "{fault}");
        syncs.push(sync);
    }
    let list = slice.json("/api/quarantine?limit=4").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 4);
    let cursor = list["next_cursor"].as_str().unwrap();
    let rest = slice
        .json(&format!("/api/quarantine?cursor={cursor}"))
        .await;
    let rest = rest["items"].as_array().unwrap();
    assert!(!rest.is_empty() && !rest.contains(&list["items"][3]));
    let detail_of = async |sync: &Value| {
        let path = format!("/api/quarantine/{}", sync["sync_id"].as_str().unwrap());
        slice.json(&path).await
    };
    let renamed = detail_of(&syncs[0]).await;
    assert_eq!(renamed["state"], "open");
    let suspected = json!([{"column": "clicks", "change": "renamed_suspected", "header": "Taps",
        "action": "quarantine"}]);
    assert_eq!(renamed["drifts"], suspected, "{renamed}");
    let detail = detail_of(&syncs[1]).await;
    let line = detail["line"].as_u64().unwrap();
    let lines = detail["lines"].as_array().unwrap();
    let shown = lines.iter().find(|one| one["number"] == line).unwrap();
    assert!(shown["text"].as_str().unwrap().contains(','), "{detail}");
    let header = detail["header"]["text"].as_str().unwrap();
    assert!(header.contains("Advertiser ID"), "{detail}");
    let path = format!(
        "/api/bronze/{}/lines?line={line}",
        detail["bronze_id"].as_str().unwrap()
    );
    assert_eq!(slice.json(&path).await["lines"], detail["lines"]);
}

#[tokio::test]
async fn a_replay_reads_the_same_bytes_and_downloads_nothing() {
    let slice = Slice::start().await;
    let sync = backfill_with(&slice, json!([{"kind": "wrong_totals"}])).await;
    let id = sync["sync_id"].as_str().unwrap().to_owned();
    let files = slice.count("bronze_objects").await;
    let requests = slice.ask("/sim/requests").await["total"].clone();
    let path = format!("/api/quarantine/{id}/replay");
    let replay = slice.write(Method::POST, &path, json!({})).await;
    assert_eq!(replay.status, 202, "{replay:?}");
    let replay = slice.end_of(&replay.json()).await;
    assert_eq!(
        replay["state"], "quarantined",
        "the file is as wrong as before"
    );
    assert_eq!(replay["problem"], sync["problem"]);
    assert_eq!(slice.count("bronze_objects").await, files);
    assert_eq!(slice.ask("/sim/requests").await["total"], requests);
    let entry = slice.json(&format!("/api/quarantine/{id}")).await;
    assert_eq!(entry["state"], "open");
    assert_eq!(entry["replay_sync_id"], replay["sync_id"]);
    let replayed: SyncId = replay["sync_id"].as_str().unwrap().parse().unwrap();
    // What was wrong is now right; as after a change of the pipeline.
    let mut admin = slice.cell.superuser().await;
    sqlx::query("set app.capture = 'off'")
        .execute(&mut admin)
        .await
        .unwrap();
    sqlx::query("update tenant.syncs set step = 'done' where sync_id = $1")
        .bind(replayed.as_uuid())
        .execute(&mut admin)
        .await
        .unwrap();
    let again = slice.write(Method::POST, &path, json!({})).await;
    assert_eq!(
        (again.status.as_u16(), again.code()),
        (409, "already_loaded".into())
    );
    let entry = slice.json(&format!("/api/quarantine/{id}")).await;
    assert_eq!(entry["state"], "resolved");
}

#[tokio::test]
async fn a_new_name_is_accepted_and_the_file_loaded_in_one_request() {
    let slice = Slice::start().await;
    let renamed = json!([{"kind": {"renamed_header": {"from": "Clicks", "to": "Taps"}}}]);
    let sync = backfill_with(&slice, renamed).await;
    let path = format!(
        "/api/quarantine/{}/accept-names",
        sync["sync_id"].as_str().unwrap()
    );
    let accept = async |column: &str, header: &str| {
        let names = json!({"names": [{"column": column, "header": header}]});
        slice.write(Method::POST, &path, names).await
    };
    // Only what this very file was kept out for: neither half of it is enough.
    for (column, header) in [("impressions", "Taps"), ("clicks", "Media Cost")] {
        let refused = accept(column, header).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code()),
            (422, "name_not_found".into())
        );
    }
    let none = slice.write(Method::POST, &path, json!({"names": []})).await;
    assert_eq!(none.code(), "name_not_found");
    let pipeline = slice.json("/api/pipelines/dv360_line_item_days").await;
    assert_eq!(pipeline["layer_version"], 0, "a refusal changes nothing");
    let accepted = accept("clicks", "Taps").await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let loaded = slice.end_of(&accepted.json()).await;
    assert_eq!(loaded["state"], "done", "{loaded}");
    assert!(slice.count("line_item_days").await > 0);
    let pipeline = slice.json("/api/pipelines/dv360_line_item_days").await;
    assert_eq!(pipeline["layer_version"], 1);
    let diff = &pipeline["diff"];
    assert_eq!(diff.as_array().unwrap().len(), 1, "{diff}");
    assert_eq!(diff[0]["path"], "/columns/clicks/headers");
    assert!(
        diff[0]["after"]
            .as_array()
            .unwrap()
            .contains(&json!("Taps"))
    );
    let versions = slice
        .json("/api/pipelines/dv360_line_item_days/versions")
        .await;
    assert_eq!(
        versions["items"][0]["comment"],
        "\"Taps\" is another name of clicks"
    );
    let again = accept("clicks", "Taps").await;
    assert_eq!(
        (again.status.as_u16(), again.code()),
        (409, "already_loaded".into())
    );
}

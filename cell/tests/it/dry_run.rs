//! Trying a pipeline on a file that came: what it would bring, and that nothing is kept.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::BronzeId;
use serde_json::{Value, json};

use crate::pipelines::manifest;
use crate::source::Slice;
use crate::support::Answer;

const PATH: &str = "/api/pipelines/dv360_line_item_days/dry-run";

async fn attempt(slice: &Slice, body: Value) -> Answer {
    slice.write(Method::POST, PATH, body).await
}

async fn run(slice: &Slice, layer: Value) -> Value {
    let answer = attempt(slice, json!({"layer": layer})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn a_spec_is_tried_on_what_was_loaded_last() {
    let slice = Slice::start().await;
    let nothing = attempt(&slice, json!({})).await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.code()),
        (409, "no_file_yet".into())
    );
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let rows = slice.count("line_item_days").await;

    let same = run(&slice, json!({})).await;
    assert_eq!(
        (&same["accepted"], &same["control_total"]),
        (&json!(true), &json!(true)),
        "{same}"
    );
    assert!(same["rows"].as_i64().unwrap() >= rows);
    assert_eq!(
        same["difference"]["days_different"], 0,
        "{}",
        same["difference"]
    );
    assert!(same["difference"]["days_equal"].as_i64().unwrap() >= 89);
    assert_eq!(same["sample"].as_array().unwrap().len(), 20);
    assert!(
        same["sample"][0]["metrics"]["impressions"].is_i64(),
        "{}",
        same["sample"][0]
    );

    // Without the column it would be a new one, which the contract has a say in.
    let without = json!({"name": "clicks", "remove": true});
    let rules = json!([]);
    let strict = run(&slice, json!({"columns": [without], "quality": rules})).await;
    assert_eq!(strict["accepted"], false);
    assert_eq!(strict["refusal"]["code"], "schema_drift", "{strict}");
    assert_eq!(strict["drifts"][0]["column"], "Clicks");
    assert_eq!(strict["difference"], Value::Null);

    let contract = json!({"new_column": "freeze"});
    let layer = json!({"columns": [without], "quality": rules, "contract": contract});
    let loose = run(&slice, layer).await;
    assert_eq!(loose["accepted"], true, "{loose}");
    assert!(loose["difference"]["days_different"].as_i64().unwrap() > 50);
    let cell = &loose["difference"]["cells"][0];
    assert_eq!(
        (&cell["metric"], &cell["after"]),
        (&json!("clicks"), &Value::Null)
    );
    assert!(cell["before"].is_i64());

    assert_eq!(slice.count("line_item_days").await, rows, "nothing is kept");
    assert_eq!(slice.count("pipeline_layers").await, 0);
    let renamed = json!({"columns": [{"name": "clicks", "headers": ["Klicks"]}]});
    let renamed = run(&slice, renamed).await;
    assert_eq!(renamed["accepted"], false);
    assert_eq!(
        renamed["drifts"][0]["change"], "renamed_suspected",
        "{renamed}"
    );
}

#[tokio::test]
async fn nothing_but_the_org_s_own_reports_is_tried_on() {
    let slice = Slice::start().await;
    let unknown = attempt(&slice, json!({"bronze_id": BronzeId::new()})).await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.code()),
        (404, "bronze_not_found".into())
    );
    let wrong = attempt(&slice, json!({"layer": {"window": {"first_days": 0}}})).await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.code()),
        (422, "invalid_pipeline".into())
    );
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let mut admin = slice.cell.superuser().await;
    let of_kind = "select bronze_id from tenant.bronze_objects where kind = $1";
    let entities: uuid::Uuid = sqlx::query_scalar(of_kind)
        .bind("entities")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let body = json!({"bronze_id": BronzeId::from_uuid(entities)});
    assert_eq!(attempt(&slice, body).await.code(), "bronze_not_found");
    let report: uuid::Uuid = sqlx::query_scalar(of_kind)
        .bind("report")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let other = slice.cell.org("boreal").await;
    let cookie = slice.cell.enter_as_owner(&other).await;
    let body = json!({"bronze_id": BronzeId::from_uuid(report)});
    let request = (Method::POST, PATH);
    let stolen = slice
        .cell
        .write(&other, request, &cookie, ("k", body))
        .await;
    assert_eq!(stolen.code(), "bronze_not_found");
}

#[tokio::test]
async fn a_manifest_is_tried_on_a_sample_before_anything_came() {
    let slice = Slice::start().await;
    let path = "/api/pipelines/ttd_days/dry-run";
    let attempt = async |sample: &[u8]| {
        let sample = STANDARD.encode(sample);
        let body = json!({"layer": manifest("ttd_days"), "sample": sample});
        slice.write(Method::POST, path, body).await
    };
    let right = "Bericht\nTag;Advertiser Id;Campaign Id;Ad Group Id;Währung;Impressionen;Klicks;Ausgaben\n\
        01.11.2026;adv-x1;c9;ag_1;EUR;1.234;7;1.012,50\n;;;;;1.234;7;1.012,50\n";
    let tried = attempt(right.as_bytes()).await;
    assert_eq!(tried.status, 200, "{tried:?}");
    let tried = tried.json();
    assert_eq!(
        (&tried["accepted"], &tried["rows"], &tried["control_total"]),
        (&json!(true), &json!(1), &json!(true)),
        "{tried}"
    );
    assert_eq!(tried["bronze_id"], json!(null));
    assert_eq!(tried["sample"][0]["metrics"]["revenue"], 1_012_500_000);
    assert_eq!(tried["difference"]["days_new"], 1);
    let wrong = right.replace(";7;1.012,50\n;", ";8;1.012,50\n;");
    let wrong = attempt(wrong.as_bytes()).await.json();
    assert_eq!(wrong["refusal"]["code"], "control_total", "{wrong}");
    let large = attempt(&vec![b'x'; (512 << 10) + 1]).await;
    assert_eq!(large.code(), "invalid_sample");
    let odd = json!({"layer": manifest("ttd_days"), "sample": "not base64!"});
    let odd = slice.write(Method::POST, path, odd).await;
    assert_eq!(odd.code(), "invalid_sample");
    for table in ["bronze_objects", "syncs", "pipeline_layers"] {
        assert_eq!(slice.count(table).await, 0, "{table}: nothing is kept");
    }
}

//! Our figures, checked from the stored files by a reader that shares nothing with ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::datasets::{again, switch_on};
use crate::replays::Replayed;

const METRICS: [&str; 7] = [
    "impressions",
    "billable_impressions",
    "clicks",
    "conversions_micros",
    "revenue_micros",
    "media_cost_micros",
    "billable_cost_micros",
];

fn export(it: &Replayed, (from, to): (NaiveDate, NaiveDate), folder: &Path) -> Output {
    let mut program = it.slice.program("export");
    program
        .arg("--org")
        .arg(it.slice.org.scope.org().to_string());
    program.arg("--from").arg(from.to_string());
    program.arg("--to").arg(to.to_string());
    program.arg(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `dataset advertiser date` to rows and sums, as silver's own rows have them.
async fn silver(it: &Replayed, (from, to): (NaiveDate, NaiveDate)) -> BTreeMap<String, Value> {
    let sums = METRICS.map(|one| format!("'{one}', coalesce(sum({one}), 0)::bigint"));
    let of = |table: &str| {
        format!(
            "select concat_ws(' ', dataset, advertiser_id, date::text),
                    jsonb_build_object('rows', count(*), {})
               from tenant.{table} where date between '{from}' and '{to}'
              group by dataset, advertiser_id, date",
            sums.join(", ")
        )
    };
    let tables = ["line_item_days", "breakdown_days", "advertiser_days"].map(of);
    let sql = tables.join(" union all ");
    let rows: Vec<(String, Value)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(&mut it.slice.cell.superuser().await)
        .await
        .unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn a_reader_of_pythons_standard_library_finds_the_same_sums() {
    let it = Replayed::start().await;
    switch_on(&it.slice, "dv360_device_days").await;
    switch_on(&it.slice, "dv360_advertiser_days").await;
    // Later files give other figures for some of the days.
    it.slice.control(json!({"advance_s": 4 * 24 * 3600})).await;
    again(&it.slice, &it.sync["connection_id"], "dv360_line_item_days").await;
    let range = (it.days().0, it.days().1 + Days::new(5));
    let expected = silver(&it, range).await;
    assert!(expected.len() > 400, "{}", expected.len());

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("files");
    let exported = export(&it, range, &folder);
    assert!(exported.status.success(), "{}", said(&exported));
    assert!(String::from_utf8_lossy(&exported.stdout).starts_with("4 files with "));
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/recompute.py");
    // Isolated: nothing installed for this machine can come in.
    let read = Command::new("python3")
        .args(["-I", "-S", reader])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(read.status.success(), "{}", said(&read));
    let found: BTreeMap<String, Value> = serde_json::from_slice(&read.stdout).unwrap();
    for (day, sums) in &expected {
        assert_eq!(found.get(day), Some(sums), "{day}");
    }
    assert_eq!(found.len(), expected.len());

    // A figure that is not in the files is found.
    it.spoil("update tenant.line_item_days set clicks = clicks + 1 where bronze_line = 9")
        .await;
    assert_ne!(silver(&it, range).await, found);
}

#[tokio::test]
async fn what_cannot_be_exported_is_said_in_words() {
    let it = Replayed::start().await;
    let (start, end) = it.days();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let nothing = export(
        &it,
        (start - Days::new(900), start - Days::new(800)),
        &path("a"),
    );
    assert!(
        said(&nothing).contains("silver has nothing for these days"),
        "{}",
        said(&nothing)
    );
    let full = export(&it, (start, end), folder.path());
    assert!(
        said(&full).contains("there is something in"),
        "{}",
        said(&full)
    );
    it.spoil("update tenant.bronze_objects set bytes = bytes + 1 where kind = 'report'")
        .await;
    let damaged = export(&it, (start, end), &path("b"));
    assert!(
        said(&damaged).contains("are not the ones that were stored"),
        "{}",
        said(&damaged)
    );
    assert!(!path("b").join("days.jsonl").exists());
    let mut stranger = it.slice.program("export");
    stranger.args(["--org", &contracts::OrgId::new().to_string()]);
    stranger
        .args(["--from", "2026-01-01", "--to", "2026-01-02"])
        .arg(path("c"));
    let stranger = stranger.output().unwrap();
    assert!(
        said(&stranger).contains("is not in this cell"),
        "{}",
        said(&stranger)
    );
}

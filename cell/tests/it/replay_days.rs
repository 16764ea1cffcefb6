//! Any past day comes back as it was: of every dataset, from whichever file gave it; and two versions
//! of a pipeline differ by rows that are named.

use axum::http::Method;
use cell::ingestion::pipelines::spec::Dataset;
use cell::ingestion::silver::facts::Table;
use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::datasets::{again, switch_on};
use crate::replays::{Replayed, done};

#[tokio::test]
async fn broken_down_and_summed_up_days_come_back_too() {
    let it = Replayed::start().await;
    for (pipeline, table) in [
        ("dv360_device_days", "breakdown_days"),
        ("dv360_advertiser_days", "advertiser_days"),
    ] {
        switch_on(&it.slice, pipeline).await;
        let before = it.all_of(table).await;
        let rows = it.slice.count(table).await;
        assert!(rows > 100, "{rows}");
        let dry = it.replay(true, json!({"pipeline": pipeline})).await;
        let dry = done(&dry);
        assert_eq!(dry["before"], dry["after"], "{dry}");
        assert_eq!(dry["rows_equal"], rows);
        let spoilt = it
            .spoil(format!(
                "update tenant.{table} set clicks = 9 where bronze_line % 7 = 0"
            ))
            .await;
        let lost = it
            .spoil(format!(
                "delete from tenant.{table} where bronze_line % 7 = 1"
            ))
            .await;
        let shown = it.replay(true, json!({"pipeline": pipeline})).await;
        assert_eq!(done(&shown)["rows_only_after"], lost);
        let different = done(&shown)["rows_different"].as_u64().unwrap();
        assert!(
            different > 0 && different <= spoilt,
            "{different} of {spoilt}"
        );
        it.spoil(format!("delete from tenant.{table}")).await;
        let put = it.replay(false, json!({"pipeline": pipeline})).await;
        assert_eq!(done(&put)["after"], dry["after"]);
        assert_eq!(it.all_of(table).await, before, "{table}, lineage and all");
    }
    // Which days are meant is no longer clear by itself.
    let which = it.ask(it.days(), true, json!({})).await;
    assert_eq!(which.code(), "which_pipeline");
}

/// Two costs change places: the rows in which they are not the same are the ones that differ.
#[tokio::test]
async fn two_versions_differ_by_rows_that_are_named() {
    let it = Replayed::start().await;
    let hash = done(&it.replay(true, json!({})).await)["after"]["sha256"].clone();
    let before = it.all_of("line_item_days").await;
    let layer = json!({"columns": [
        {"name": "media_cost", "headers": ["Billable Cost (Adv Currency)"]},
        {"name": "billable_cost", "headers": ["Media Cost (Advertiser Currency)"]},
    ]});
    let body = json!({"layer": layer, "comment": "swapped", "expected_version": 0});
    let path = "/api/pipelines/dv360_line_item_days/layer";
    let kept = it.slice.write(Method::PUT, path, body).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    let unlike = "select count(*), sum(media_cost_micros)::bigint from tenant.line_item_days
                   where media_cost_micros is distinct from billable_cost_micros";
    let (unlike, costs): (i64, i64) = sqlx::query_as(unlike)
        .fetch_one(&mut it.slice.cell.superuser().await)
        .await
        .unwrap();
    assert!(unlike > 100);

    let dry = it.replay(true, json!({})).await;
    let diff = done(&dry);
    let second = "dv360_line_item_days@1+1/2";
    assert_eq!(diff["versions"], json!([second]));
    assert_eq!(diff["rows_different"], unlike);
    assert_eq!(diff["rows_only_before"], 0);
    let samples = diff["samples"].as_array().unwrap();
    assert!(!samples.is_empty());
    for sample in samples {
        let columns = sample["columns"].as_array().unwrap();
        let [media, billable] = &columns[..] else {
            panic!("{sample}");
        };
        assert_eq!(media["column"], "media_cost_micros");
        assert_eq!(billable["column"], "billable_cost_micros");
        assert_eq!(
            (&media["before"], &media["after"]),
            (&billable["after"], &billable["before"])
        );
    }
    let sum = |side: &str| diff[side]["sums"]["media_cost_micros"].as_i64().unwrap();
    assert!(costs > 0 && sum("before") != sum("after"));

    let put = it.replay(false, json!({})).await;
    assert_eq!(done(&put)["after"], diff["after"]);
    assert_ne!(it.all_of("line_item_days").await, before);
    // And the way back: the version that was, by its name, and by what each file was loaded with.
    let first = "dv360_line_item_days@1+0/2";
    for version in [first, "as_loaded"] {
        let back = it.replay(true, json!({"pipeline_version": version})).await;
        assert_eq!(done(&back)["after"]["sha256"], hash, "{version}");
        assert_eq!(back["diff"]["rows_different"], unlike);
    }
    done(&it.replay(false, json!({"pipeline_version": first})).await);
    assert_eq!(it.all_of("line_item_days").await, before, "lineage and all");
}

/// Some days within the range, as a property test would choose them.
fn some_days(random: &mut StdRng, (start, end): (NaiveDate, NaiveDate)) -> (NaiveDate, NaiveDate) {
    let days = (end - start).num_days().unsigned_abs();
    let from = random.random_range(0..=days);
    let to = (from + random.random_range(0..6)).min(days);
    (start + Days::new(from), start + Days::new(to))
}

/// The source corrects itself from day to day, so a day that several files have is not the same in
/// each: whichever days are lost or spoilt, they come back as they were.
#[tokio::test]
async fn any_past_days_come_back_byte_for_byte() {
    let it = Replayed::start().await;
    // Each looks back less far, so that every file still gives some days.
    for (version, days) in [28, 14, 4].into_iter().enumerate() {
        it.slice.control(json!({"advance_s": 24 * 3600})).await;
        let layer = json!({"window": {"look_back_days": days}});
        let body = json!({"layer": layer, "comment": "a test", "expected_version": version});
        let path = "/api/pipelines/dv360_line_item_days/layer";
        let kept = it.slice.write(Method::PUT, path, body).await;
        assert_eq!(kept.status, 200, "{kept:?}");
        let connection = &it.sync["connection_id"];
        again(&it.slice, connection, "dv360_line_item_days").await;
    }
    let files = "select count(distinct bronze_id) from tenant.line_item_days";
    let mut admin = it.slice.cell.superuser().await;
    let files: i64 = sqlx::query_scalar(files)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(files, 4, "each file gives some of the days");
    let range = it.days();
    let (before, days) = (
        it.all_of("line_item_days").await,
        it.slice.count("loaded_days").await,
    );
    let as_loaded = || json!({"pipeline_version": "as_loaded"});
    let mut random = StdRng::seed_from_u64(20_261_123);
    for round in 0..8 {
        // Every other time where files overlap.
        let days = match round % 2 {
            0 => some_days(&mut random, range),
            _ => some_days(&mut random, (range.1 - Days::new(35), range.1)),
        };
        let within = format!("date between '{}' and '{}'", days.0, days.1);
        let dry = it.ask(days, true, as_loaded()).await;
        let dry = it.end_of(&dry.json()).await;
        let hash = done(&dry)["before"]["sha256"].clone();
        assert_eq!(dry["diff"]["after"]["sha256"], hash, "{days:?}");
        match random.random_range(0..3) {
            0 => {
                it.spoil(format!("delete from tenant.line_item_days where {within}"))
                    .await
            }
            1 => {
                let sql = format!("delete from tenant.loaded_days where {within}");
                it.spoil(sql).await;
                it.spoil(format!("delete from tenant.line_item_days where {within}"))
                    .await
            }
            _ => {
                let sql = format!("update tenant.line_item_days set clicks = 7 where {within}");
                it.spoil(sql).await
            }
        };
        let put = it.ask(days, false, as_loaded()).await;
        let put = it.end_of(&put.json()).await;
        assert_eq!(done(&put)["after"]["sha256"], hash, "{days:?}");
        assert_eq!(it.all_of("line_item_days").await, before, "{days:?}");
    }
    assert_eq!(it.slice.count("loaded_days").await, days);
}

/// Days of one month are looked for in that month's partition alone.
#[tokio::test]
async fn deleting_by_day_reads_the_months_of_these_days_only() {
    let it = Replayed::start().await;
    let day = it.days().1;
    for table in [Dataset::LineItemDays, Dataset::BreakdownDays] {
        let sql = Table::of(table).delete_days();
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("explain {sql}")))
            .bind(it.slice.org.scope.org().as_uuid())
            .bind("line_item_days")
            .bind("dv360")
            .bind(vec!["1", "2"])
            .bind(vec![day, day])
            .bind(day)
            .bind(day)
            .fetch_all(&mut it.slice.cell.superuser().await)
            .await
            .unwrap();
        let plan = plan.join("\n");
        let deletes = plan
            .lines()
            .filter(|line| line.contains("Delete on"))
            .count();
        assert_eq!(deletes, 2, "the table and one partition of it: {plan}");
        assert!(
            plan.contains(&day.format("_days_%Y%m").to_string()),
            "{plan}"
        );
    }
}

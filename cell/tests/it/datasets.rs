//! The datasets beside the line items' days, through real syncs: they agree with these, and where
//! they do not, the cell is named.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::source::{COLLEAGUE, Facts, Slice};

/// Switches a pipeline on and waits for what it brings at once.
pub(crate) async fn switch_on(slice: &Slice, pipeline: &str) -> Value {
    let path = format!("/api/pipelines/{pipeline}/enabled");
    let on = slice
        .write(Method::PUT, &path, json!({"enabled": true}))
        .await;
    assert_eq!(on.status, 200, "{on:?}");
    let syncs = slice.json(&format!("/api/syncs?pipeline={pipeline}")).await;
    let sync = slice.end_of(&syncs["items"][0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    sync
}

pub(crate) async fn again(slice: &Slice, connection: &Value, pipeline: &str) -> Value {
    let body = json!({"connection_id": connection, "pipeline": pipeline});
    let sync = slice.write(Method::POST, "/api/syncs", body).await;
    let sync = slice.end_of(&sync.json()).await;
    assert_eq!(sync["state"], "done", "{sync}");
    sync
}

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

/// Line items and days that the breakdown does not sum up to, or does not have.
const DIFFERENT: &str = "
    with parts as (
        select advertiser_id, date, line_item_id, sum(impressions) as impressions,
               sum(clicks) as clicks, sum(conversions_micros) as conversions_micros,
               sum(revenue_micros) as revenue_micros, sum(media_cost_micros) as media_cost_micros
          from tenant.breakdown_days
         where dataset = 'dv360_device_days' group by 1, 2, 3
    )
    select count(*)
      from tenant.line_item_days w
      full join parts p using (advertiser_id, date, line_item_id)
     where (w.impressions, w.clicks, w.conversions_micros, w.revenue_micros, w.media_cost_micros)
           is distinct from (p.impressions::bigint, p.clicks::bigint, p.conversions_micros::bigint,
                             p.revenue_micros::bigint, p.media_cost_micros::bigint)";

#[tokio::test]
async fn what_is_broken_down_sums_up_to_the_whole() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let sync = switch_on(&slice, "dv360_device_days").await;
    assert_eq!(slice.count("breakdown_days").await, sync["rows_loaded"]);
    let mut admin = slice.cell.superuser().await;
    let different: i64 = sqlx::query_scalar(DIFFERENT)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(different, 0);
    let kinds = "select string_agg(distinct breakdown, ' ' order by breakdown)
                   from tenant.breakdown_days";
    let kinds: String = sqlx::query_scalar(kinds)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert!(kinds.matches("device=").count() > 1, "{kinds}");
    let rows = slice.count("breakdown_days").await;
    again(&slice, &sync["connection_id"], "dv360_device_days").await;
    assert_eq!(
        slice.count("breakdown_days").await,
        rows,
        "replaced, not added"
    );
    let (from, to) = (&sync["range"]["start"], &sync["range"]["end"]);
    let path = format!(
        "/api/data/calendar?dataset=dv360_device_days&from={}&to={}",
        from.as_str().unwrap(),
        to.as_str().unwrap()
    );
    let calendar = slice.json(&path).await;
    let days = calendar["advertisers"][0]["days"].as_array().unwrap();
    assert!(
        days.len() >= 89 && days.iter().all(|one| one["state"] != "missing"),
        "{calendar}"
    );
}

const METRICS: [&str; 5] = [
    "impressions",
    "clicks",
    "revenue_micros",
    "media_cost_micros",
    "billable_cost_micros",
];

/// Sums by day and metric.
fn sums(facts: &Facts) -> BTreeMap<(NaiveDate, &'static str), i64> {
    let mut sums = BTreeMap::new();
    for ((date, _), values) in facts {
        for (metric, value) in METRICS.into_iter().zip(values) {
            *sums.entry((*date, metric)).or_default() += value;
        }
    }
    sums
}

/// The source goes on correcting its figures; what one report has and the other does not yet is
/// named, and gone once both are read at one time.
#[tokio::test]
async fn the_source_s_own_sums_are_synced_and_each_wrong_cell_is_named() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    let connection = &first["connection_id"];
    let sync = switch_on(&slice, "dv360_advertiser_days").await;
    let (from, to) = (day(&sync["range"]["start"]), day(&sync["range"]["end"]));
    assert_eq!(sync["rows_loaded"], slice.count("advertiser_days").await);
    let path = format!("/api/data/reconciliation?from={from}&to={to}");
    let right = slice.json(&path).await;
    assert_eq!(right["accuracy_percent"], "100.0000", "{right}");
    assert_eq!(
        (&right["days_not_compared"], &right["failing"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(right["cells"], ((to - from).num_days() + 1) * 7);

    let id = slice.advertiser_id(0).await;
    let before = sums(&slice.silver(&id).await);
    slice.control(json!({"advance_s": 4 * 24 * 3600})).await;
    let later = again(&slice, connection, "dv360_advertiser_days").await;
    let (start, end) = (day(&later["range"]["start"]), day(&later["range"]["end"]));
    let after = sums(&slice.truth(&id, start, end).await);
    let differ = |(key, now): (&(NaiveDate, &str), &i64)| {
        let was = before.get(key).copied().unwrap_or(0);
        (was != *now).then(|| (key.0.to_string(), key.1.to_owned(), was, *now))
    };
    let expected: BTreeSet<_> = after.iter().filter_map(differ).collect();
    assert!(
        expected.len() > 5,
        "the source has corrected some: {expected:?}"
    );
    let wrong = slice.json(&path).await;
    let text = |cell: &Value, name: &str| cell[name].as_str().unwrap().to_owned();
    let named: BTreeSet<_> = wrong["failing"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|cell| METRICS.contains(&cell["metric"].as_str().unwrap()))
        .map(|cell| {
            assert_eq!(cell["advertiser_id"], *id);
            assert_eq!(cell["provisional"], true);
            let number = |name: &str| cell[name].as_i64().unwrap();
            (
                text(cell, "date"),
                text(cell, "metric"),
                number("silver"),
                number("source"),
            )
        })
        .collect();
    assert_eq!(named, expected);
    assert_ne!(wrong["accuracy_percent"], "100.0000");

    again(&slice, connection, "dv360_line_item_days").await;
    let right = slice.json(&path).await;
    assert_eq!(right["accuracy_percent"], "100.0000", "{right}");
}

/// Each has its own queries and reports; silver has each day once, as the latest report shows it.
#[tokio::test]
async fn two_connections_that_see_one_advertiser_keep_one_truth() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0]).await;
    slice.control(json!({"advance_s": 4 * 24 * 3600})).await;
    let landed = slice
        .come_back(&slice.consent(&format!("auto=1&user={COLLEAGUE}")).await)
        .await;
    let connection = landed.split_once("connection=").unwrap().1;
    let second = slice.choose(connection, &[0]).await;
    assert_eq!(second.status, 202, "{second:?}");
    let second = slice.end_of(&second.json()).await;
    assert_eq!(second["state"], "done", "{second}");
    assert_ne!(first["connection_id"], second["connection_id"]);
    let id = slice.advertiser_id(0).await;
    let (start, end) = (day(&second["range"]["start"]), day(&second["range"]["end"]));
    let truth = slice.truth(&id, start, end).await;
    assert_eq!(slice.silver(&id).await, truth);
    assert_eq!(slice.count("watermarks").await, 1);
    // Back to where the first one read it: a report from before changes nothing.
    slice
        .control(json!({"advance_s": 0, "today": "real"}))
        .await;
    let older = again(&slice, &first["connection_id"], "dv360_line_item_days").await;
    assert_eq!(older["rows_loaded"], 0, "{older}");
    assert_eq!(slice.silver(&id).await, truth);
    let reach = "select since::text || ' ' || through::text from tenant.watermarks";
    let reach: String = sqlx::query_scalar(reach)
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    assert_eq!(reach, format!("{start} {end}"));
}

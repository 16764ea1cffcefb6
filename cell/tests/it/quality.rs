//! The calendar, freshness, reconciliation and lineage tell what was loaded, and what was not.

use axum::http::Method;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::source::Slice;

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

async fn change(admin: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql("set app.capture = 'off'")
        .execute(&mut *admin)
        .await
        .unwrap();
    sqlx::raw_sql(sql).execute(admin).await.unwrap();
}

/// The calendar's days of the first advertiser, over the sync's range.
async fn days(slice: &Slice, sync: &Value, advertiser: &str) -> Vec<Value> {
    let (from, to) = (&sync["range"]["start"], &sync["range"]["end"]);
    let (from, to) = (from.as_str().unwrap(), to.as_str().unwrap());
    let path = format!("/api/data/calendar?from={from}&to={to}&advertiser_id={advertiser}");
    let calendar = slice.json(&path).await;
    assert_eq!(calendar["dataset"], "line_item_days");
    let advertisers = calendar["advertisers"].as_array().unwrap();
    assert_eq!(advertisers.len(), 1, "{advertisers:?}");
    advertisers[0]["days"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_calendar_has_every_loaded_day_and_shows_holes() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let id = slice.advertiser_id(0).await;
    let all = days(&slice, &sync, &id).await;
    let (start, end) = (day(&sync["range"]["start"]), day(&sync["range"]["end"]));
    assert_eq!(
        all.len(),
        usize::try_from((end - start).num_days() + 1).unwrap()
    );
    let states: Vec<_> = all
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states[0], "complete", "two months ago is certified");
    let by = all.iter().all(|one| one["loaded_by"] == sync["sync_id"]);
    assert!(by, "each day names what loaded it: {:?}", all[0]);
    assert_eq!(states.last(), Some(&"provisional"));
    // What comes later is never more certain.
    let certain = states.iter().filter(|one| **one != "empty");
    let certain: Vec<_> = certain.map(|one| *one == "provisional").collect();
    assert!(certain.is_sorted(), "{states:?}");

    let mut admin = slice.cell.superuser().await;
    change(
        &mut admin,
        "delete from tenant.loaded_days where date = (select max(date) - 3 from tenant.loaded_days)",
    )
    .await;
    let holed = days(&slice, &sync, &id).await;
    assert_eq!(holed[holed.len() - 4]["state"], "missing", "{holed:?}");
    for wrong in [
        "from=2026-02-01&to=2026-01-01",
        "from=2020-01-01&to=2026-01-01",
    ] {
        let answer = slice.get(&format!("/api/data/calendar?{wrong}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "invalid_range".into())
        );
    }
}

#[tokio::test]
async fn days_of_a_refused_file_are_in_quarantine() {
    let slice = Slice::start().await;
    let id = slice.advertiser_id(0).await;
    let fault = json!({"kind": {"cut_body": {"at": 2000}}});
    let faults = json!({"advertiser_id": id, "faults": {"download": fault}});
    slice.order_faults(faults).await;
    let sync = slice.backfill(&[0]).await;
    assert_eq!(sync["state"], "quarantined", "{sync}");
    let all = days(&slice, &sync, &id).await;
    assert!(all.len() >= 89, "{all:?}");
    assert!(all.iter().all(|one| one["state"] == "quarantined"));
    assert_eq!(all[0]["sync_id"], sync["sync_id"]);
}

#[tokio::test]
async fn freshness_is_held_against_its_target() {
    let slice = Slice::start().await;
    slice.backfill(&[0, 1]).await;
    let list = slice.json("/api/data/freshness").await;
    assert_eq!(list["met"], 2, "{list}");
    let item = &list["items"][0];
    assert_eq!(item["target_hours"], 29);
    assert!(item["age_s"].as_i64().unwrap() < 25 * 3600, "{item}");
    assert!(day(&item["certified_through"]) < day(&item["through"]));
    let mut admin = slice.cell.superuser().await;
    change(
        &mut admin,
        "update tenant.watermarks set through = through - 3",
    )
    .await;
    let late = slice.json("/api/data/freshness").await;
    assert_eq!(late["met"], 0, "{late}");
}

/// The source's own sums, as if its pipeline had been switched on and had read what it should.
const SOURCE_SUMS: &str = "
    insert into tenant.advertiser_days (org_id, dataset, dsp, advertiser_id, date, partner_id, currency,
        impressions, billable_impressions, clicks, conversions_micros, revenue_micros,
        media_cost_micros, billable_cost_micros, bronze_id, bronze_line, load_id)
    select org_id, 'advertiser_days', dsp, advertiser_id, date, '1', 'USD', impressions,
           billable_impressions, clicks, conversions_micros, revenue_micros, media_cost_micros,
           billable_cost_micros, bronze_id, 1, load_id
      from tenant.loaded_days where row_count > 0;
    insert into tenant.loaded_days (org_id, dataset, dsp, advertiser_id, date, row_count, bronze_id,
        load_id, certified)
    select org_id, 'advertiser_days', dsp, advertiser_id, date, 1, bronze_id, load_id, certified
      from tenant.loaded_days";

#[tokio::test]
async fn sums_are_held_against_the_source_s_own_and_wrong_cells_named() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let (from, to) = (day(&sync["range"]["start"]), day(&sync["range"]["end"]));
    let path = format!("/api/data/reconciliation?from={from}&to={to}");
    let none = slice.json(&path).await;
    assert!(none["accuracy_percent"].is_null(), "{none}");
    assert!(none["days_not_compared"].as_i64().unwrap() >= 90);

    let mut admin = slice.cell.superuser().await;
    change(&mut admin, SOURCE_SUMS).await;
    let right = slice.json(&path).await;
    assert_eq!(right["accuracy_percent"], "100.0000", "{right}");
    assert_eq!(right["days_not_compared"], 0);
    assert_eq!(right["cells"], ((to - from).num_days() + 1) * 7);

    let wrong = "update tenant.advertiser_days
                    set clicks = clicks + 2, revenue_micros = revenue_micros + 1000000
                  where date = (select max(date) from tenant.advertiser_days)";
    change(&mut admin, wrong).await;
    let wrong = slice.json(&path).await;
    let failing = wrong["failing"].as_array().unwrap();
    assert_eq!(failing.len(), 2, "{failing:?}");
    let said = |at: usize| ["metric", "difference", "currency"].map(|key| failing[at][key].clone());
    assert_eq!(said(0), [json!("clicks"), json!(-2), Value::Null]);
    let revenue = [json!("revenue_micros"), json!(-1_000_000), json!("USD")];
    assert_eq!(said(1), revenue, "money says whose it is");
    assert_eq!(failing[0]["provisional"], true);
    assert!(
        wrong["accuracy_percent"]
            .as_str()
            .unwrap()
            .starts_with("99."),
        "{wrong}"
    );
}

#[tokio::test]
async fn a_figure_leads_back_to_its_line() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let id = slice.advertiser_id(0).await;
    let silver = slice.silver(&id).await;
    let ((date, line_item), values) = silver.iter().next_back().unwrap();
    let path = format!("/api/lineage/line-items/dv360/{line_item}/days/{date}");
    let lineage = slice.json(&path).await;
    assert_eq!(lineage["figures"]["impressions"], values[0]);
    assert_eq!(lineage["figures"]["revenue_micros"], values[2]);
    assert_eq!(lineage["certified"], false);
    assert_eq!(lineage["load"]["sync_id"], sync["sync_id"]);
    assert_eq!(lineage["load"]["control_total"], true);
    let version = lineage["load"]["pipeline_version"].as_str().unwrap();
    assert!(version.starts_with("dv360_line_item_days@1"), "{version}");
    let file = &lineage["file"];
    assert!(
        file["line"].as_i64().unwrap() > 1,
        "the first line is the header"
    );
    for known in ["bronze_id", "report_id", "query_id", "sha256", "fetched_at"] {
        assert!(
            file[known].as_str().is_some_and(|text| !text.is_empty()),
            "{known}: {file}"
        );
    }
    assert!(!lineage["reported_at"].is_null());
    let before = *date - Days::new(4000);
    let nothing = slice
        .get(&format!(
            "/api/lineage/line-items/dv360/{line_item}/days/{before}"
        ))
        .await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.code()),
        (404, "day_not_found".into())
    );
    let body = json!({"connection_id": sync["connection_id"]});
    let again = slice.write(Method::POST, "/api/syncs", body).await;
    let again = slice.end_of(&again.json()).await;
    let later = slice.json(&path).await;
    assert_eq!(
        later["load"]["sync_id"], again["sync_id"],
        "the latest load is the one in force"
    );
}

/// Pacing says the same of a day as the calendar does.
#[tokio::test]
async fn pacing_marks_the_days_that_are_not_certified() {
    let slice = Slice::start().await;
    let sync = slice.backfill(&[0]).await;
    let id = slice.advertiser_id(0).await;
    let all = days(&slice, &sync, &id).await;
    let open = all
        .iter()
        .filter(|one| one["state"] == "provisional")
        .count();
    let list = slice.json("/api/pacing/insertion-orders?limit=500").await;
    let provisional = list["as_of"]["provisional_days"].as_u64().unwrap();
    assert!(
        provisional >= u64::try_from(open).unwrap(),
        "{provisional} and {open}"
    );
    let state = |date: &Value| {
        all.iter()
            .find(|one| one["date"] == *date)
            .map(|one| &one["state"])
    };
    let mut seen = 0;
    for row in list["items"].as_array().unwrap() {
        let order = row["insertion_order_id"].as_str().unwrap();
        let detail = slice
            .json(&format!("/api/pacing/insertion-orders/{order}"))
            .await;
        for day in detail["days"].as_array().unwrap() {
            if let Some(state) = state(&day["date"]).filter(|one| *one != "empty") {
                assert_eq!(day["provisional"], *state == "provisional", "{day}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

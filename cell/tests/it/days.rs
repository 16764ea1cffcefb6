//! What is recorded of each day is what silver has of it.

use axum::http::Method;
use serde_json::json;

use crate::source::Slice;

/// Days whose record is not what the facts sum up to, and days without a record.
const DIFFERENCES: &str = "
    with facts as (
        select advertiser_id, date, count(*) as row_count, sum(impressions) as impressions,
               sum(clicks) as clicks, sum(revenue_micros) as revenue_micros,
               sum(billable_cost_micros) as billable_cost_micros
          from tenant.line_item_days group by advertiser_id, date
    )
    select count(*)
      from tenant.loaded_days d
      full join facts f on f.advertiser_id = d.advertiser_id and f.date = d.date
     where d.org_id is null
        or (d.row_count, d.impressions, d.clicks, d.revenue_micros, d.billable_cost_micros)
           is distinct from (coalesce(f.row_count, 0), f.impressions::bigint, f.clicks::bigint,
                             f.revenue_micros::bigint, f.billable_cost_micros::bigint)";

#[tokio::test]
async fn every_loaded_day_is_recorded_with_its_sums() {
    let slice = Slice::start().await;
    let first = slice.backfill(&[0, 1]).await;
    assert_eq!(first["state"], "done", "{first}");
    let mut admin = slice.cell.superuser().await;
    let differences: i64 = sqlx::query_scalar(DIFFERENCES)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(differences, 0);
    let gaps: i64 = sqlx::query_scalar(
        "select count(*) from tenant.watermarks w
          where w.through - w.since + 1 <> (select count(*) from tenant.loaded_days d
                where d.advertiser_id = w.advertiser_id and d.date between w.since and w.through)",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(gaps, 0, "a day without rows is recorded, too");
    let query: Option<String> =
        sqlx::query_scalar("select query_id from tenant.bronze_objects where kind = 'report'")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert!(query.is_some_and(|id| !id.is_empty()));

    let days = slice.count("loaded_days").await;
    let body = json!({"connection_id": first["connection_id"]});
    let again = slice.write(Method::POST, "/api/syncs", body).await;
    slice.end_of(&again.json()).await;
    assert_eq!(slice.count("loaded_days").await, days);
    let loads: i64 = sqlx::query_scalar("select count(distinct load_id) from tenant.loaded_days")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(
        loads, 2,
        "the days that were read again belong to the later load"
    );
}

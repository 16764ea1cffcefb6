//! The rows of loaded days.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::doubts::{Known, KnownDays};
use super::{LoadedDay, Origin};
use crate::ingestion::reading::METRICS;
use crate::ingestion::silver::facts::{Landed, Load};
use crate::tenancy::OrgTx;

/// So many days go into one statement.
const CHUNK: usize = 4096;

pub(super) async fn list_zones(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_ids: &[String],
) -> Result<HashMap<String, Tz>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, time_zone
          from tenant.advertisers
         where org_id = $1 and dsp = $2 and advertiser_id = any ($3)
        "#,
        org,
        dsp,
        advertiser_ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let zones = rows
        .into_iter()
        .filter_map(|row| Some((row.advertiser_id, row.time_zone.parse().ok()?)));
    Ok(zones.collect())
}

pub(super) async fn list_newer(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
    reported_at: DateTime<Utc>,
) -> Result<BTreeSet<(String, NaiveDate)>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = landed.advertisers.iter();
    let ids: Vec<String> = ids.map(|one| one.advertiser_id.clone()).collect();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
           and date between $5 and $6 and reported_at > $7
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
        landed.range.0,
        landed.range.1,
        reported_at,
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = rows.into_iter().map(|row| (row.advertiser_id, row.date));
    Ok(days.collect())
}

/// What is known of the days that the load covers.
pub(super) async fn list_known(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<KnownDays, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = landed.advertisers.iter();
    let ids: Vec<String> = ids.map(|one| one.advertiser_id.clone()).collect();
    let rows = sqlx::query!(
        r#"
        select advertiser_id, date, row_count > 0 as "has_rows!", doubted_at
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
           and date between $5 and $6
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
        landed.range.0,
        landed.range.1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let known = rows.into_iter().map(|row| {
        let known = Known {
            has_rows: row.has_rows,
            doubted_at: row.doubted_at,
        };
        ((row.advertiser_id, row.date), known)
    });
    Ok(known.collect())
}

/// Since when a day is doubted counts, not how often it was.
pub(super) async fn doubt(
    tx: &mut OrgTx,
    load: &Load,
    days: &BTreeSet<(String, NaiveDate)>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if days.is_empty() {
        return Ok(());
    }
    let org = tx.org().as_uuid();
    let (ids, dates): (Vec<String>, Vec<NaiveDate>) = days.iter().cloned().unzip();
    sqlx::query!(
        r#"
        update tenant.loaded_days l
           set doubted_at = coalesce(doubted_at, $6)
          from unnest($4::text[], $5::date[]) as d (advertiser_id, date)
         where l.org_id = $1 and l.dataset = $2 and l.dsp = $3
           and l.advertiser_id = d.advertiser_id and l.date = d.date
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
        &dates,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn knows_any(
    tx: &mut OrgTx,
    load: &Load,
    days: &[(String, NaiveDate)],
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (ids, dates): (Vec<String>, Vec<NaiveDate>) = days.iter().cloned().unzip();
    sqlx::query_scalar!(
        r#"
        select exists (
            select from tenant.loaded_days l
              join unnest($4::text[], $5::date[]) as d (advertiser_id, date)
                on l.advertiser_id = d.advertiser_id and l.date = d.date
             where l.org_id = $1 and l.dataset = $2 and l.dsp = $3) as "known!"
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
        &dates,
    )
    .fetch_one(&mut **tx)
    .await
}

/// The latest load of a day is what is known of it. Since when it is doubted stays; a file that is only read
/// again says nothing about it.
pub(super) async fn replace(
    tx: &mut OrgTx,
    load: &Load,
    origin: Origin,
    days: &[LoadedDay],
) -> Result<(), sqlx::Error> {
    for chunk in days.chunks(CHUNK) {
        replace_chunk(tx, load, origin, chunk).await?;
    }
    Ok(())
}

async fn replace_chunk(
    tx: &mut OrgTx,
    load: &Load,
    origin: Origin,
    days: &[LoadedDay],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids: Vec<String> = days.iter().map(|one| one.advertiser_id.clone()).collect();
    let dates: Vec<NaiveDate> = days.iter().map(|one| one.date).collect();
    let certified: Vec<bool> = days.iter().map(|one| one.certified).collect();
    let doubted: Vec<bool> = days.iter().map(|one| one.doubted).collect();
    let rows: Vec<i64> = days
        .iter()
        .map(|one| i64::try_from(one.sums.rows).unwrap_or(i64::MAX))
        .collect();
    // In the order of METRICS, which is that of the columns.
    let sums: [Vec<Option<i64>>; METRICS.len()] =
        std::array::from_fn(|metric| days.iter().map(|one| one.sums.sums[metric]).collect());
    sqlx::query!(
        r#"
        insert into tenant.loaded_days (
            org_id, dataset, dsp, advertiser_id, date, row_count, impressions,
            billable_impressions, clicks, conversions_micros, revenue_micros, media_cost_micros,
            billable_cost_micros, bronze_id, load_id, reported_at, certified, doubted_at)
        select $1, $2, $3, d.advertiser_id, d.date, d.row_count, d.impressions,
               d.billable_impressions, d.clicks, d.conversions_micros, d.revenue_micros,
               d.media_cost_micros, d.billable_cost_micros, $4, $5, $6, d.certified,
               case when d.doubted then coalesce($6, clock_timestamp()) end
          from unnest($7::text[], $8::date[], $9::bool[], $10::bigint[], $11::bigint[],
                      $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
                      $17::bigint[], $18::bool[])
               as d (advertiser_id, date, certified, row_count, impressions, billable_impressions,
                     clicks, conversions_micros, revenue_micros, media_cost_micros,
                     billable_cost_micros, doubted)
            on conflict (org_id, dataset, dsp, advertiser_id, date) do update
           set row_count = excluded.row_count, impressions = excluded.impressions,
               billable_impressions = excluded.billable_impressions, clicks = excluded.clicks,
               conversions_micros = excluded.conversions_micros,
               revenue_micros = excluded.revenue_micros,
               media_cost_micros = excluded.media_cost_micros,
               billable_cost_micros = excluded.billable_cost_micros,
               bronze_id = excluded.bronze_id, load_id = excluded.load_id,
               reported_at = excluded.reported_at, certified = excluded.certified,
               doubted_at = case
                   when not $19::bool then loaded_days.doubted_at
                   when excluded.doubted_at is not null
                   then coalesce(loaded_days.doubted_at, excluded.doubted_at) end,
               loaded_at = clock_timestamp()
        "#,
        org,
        load.dataset,
        load.dsp,
        load.bronze_id.as_uuid(),
        load.load_id,
        origin.reported_at,
        &ids,
        &dates,
        &certified,
        &rows,
        &sums[0] as _,
        &sums[1] as _,
        &sums[2] as _,
        &sums[3] as _,
        &sums[4] as _,
        &sums[5] as _,
        &sums[6] as _,
        &doubted,
        origin.is_report,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! Reads what quality is told from.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::SyncId;

use super::lineage::{Lineage, LineageRow};
use super::reconciliation::{FailingCell, MetricAccuracy};
use super::{HeldUp, LoadedDay, Reach};
use crate::ingestion::silver::{ADVERTISER_DAYS, LINE_ITEM_DAYS};
use crate::tenancy::OrgTx;

/// So many refused files are looked at, latest first.
const MOST_HELD_UP: i64 = 500;
/// So many differing cells are named.
const MOST_FAILING: i64 = 200;

/// Advertisers that were chosen or delivered, with how far the dataset reaches.
pub(super) async fn list_reach(
    tx: &mut OrgTx,
    dataset: &str,
    advertiser_id: Option<&str>,
) -> Result<Vec<Reach>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Reach,
        r#"
        with reached as (
            select * from tenant.watermarks where org_id = $1 and dataset = $2
        ), known as (
            select * from tenant.advertisers where org_id = $1
        )
        select coalesce(a.dsp, w.dsp) as "dsp!",
               coalesce(a.advertiser_id, w.advertiser_id) as "advertiser_id!",
               coalesce(a.name, w.advertiser_id) as "name!", a.time_zone as "time_zone?",
               w.since as "since?", w.through as "through?", w.loaded_at as "loaded_at?"
          from known a
          full join reached w on w.dsp = a.dsp and w.advertiser_id = a.advertiser_id
         where $3::text is null or coalesce(a.advertiser_id, w.advertiser_id) = $3
         order by 3, 2, 1
        "#,
        org,
        dataset,
        advertiser_id,
    )
    .fetch_all(&mut **tx)
    .await
}

/// By platform and advertiser.
pub(super) type LoadedDays = HashMap<(String, String), HashMap<NaiveDate, LoadedDay>>;

pub(super) async fn list_loaded(
    tx: &mut OrgTx,
    dataset: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<LoadedDays, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select d.dsp, d.advertiser_id, d.date, d.row_count, d.certified, d.reported_at,
               d.doubted_at is not null as "doubted!",
               d.loaded_at, l.sync_id as "sync_id?"
          from tenant.loaded_days d
          left join tenant.load_ledger l on l.org_id = $1 and l.load_id = d.load_id
         where d.org_id = $1 and d.dataset = $2 and d.date between $3 and $4
        "#,
        org,
        dataset,
        from,
        to,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut loaded = LoadedDays::new();
    for row in rows {
        let days = loaded.entry((row.dsp, row.advertiser_id)).or_default();
        days.insert(
            row.date,
            LoadedDay {
                rows: row.row_count,
                certified: row.certified,
                doubted: row.doubted,
                reported_at: row.reported_at,
                loaded_at: row.loaded_at,
                loaded_by: row.sync_id.map(SyncId::from_uuid),
            },
        );
    }
    Ok(loaded)
}

/// Refused files of the dataset that touch these days, oldest first.
pub(super) async fn list_held_up(
    tx: &mut OrgTx,
    dataset: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<HeldUp>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        with refused as (
            select sync_id, finished_at, (state->'request'->>'start')::date as first,
                   (state->'request'->>'end')::date as last,
                   state->'request'->'advertiser_ids' as advertiser_ids
              from tenant.syncs
             where org_id = $1 and step = 'quarantined'
               and case coalesce(state->'spec'->>'dataset', 'line_item_days')
                   when 'breakdown_days' then pipeline
                   else coalesce(state->'spec'->>'dataset', 'line_item_days') end = $2
             order by finished_at desc
             limit $5
        )
        select sync_id, finished_at as "finished_at!", first as "first!", last as "last!",
               array(select jsonb_array_elements_text(advertiser_ids)) as "advertiser_ids!"
          from refused
         where first <= $4 and last >= $3
         order by finished_at
        "#,
        org,
        dataset,
        from,
        to,
        MOST_HELD_UP,
    )
    .fetch_all(&mut **tx)
    .await?;
    let held_up = rows.into_iter().map(|row| HeldUp {
        sync_id: SyncId::from_uuid(row.sync_id),
        finished_at: row.finished_at,
        start: row.first,
        end: row.last,
        advertiser_ids: row.advertiser_ids,
    });
    Ok(held_up.collect())
}

/// The datasets that anything is loaded of, by name.
pub(super) async fn list_datasets(tx: &mut OrgTx) -> Result<Vec<String>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        "select distinct dataset from tenant.watermarks where org_id = $1 order by dataset",
        org,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Up to which day everything is certified, by platform and advertiser.
pub(super) async fn list_certified(
    tx: &mut OrgTx,
    dataset: &str,
) -> Result<HashMap<(String, String), NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select dsp, advertiser_id, max(date) filter (where certified) as last,
               min(date) filter (where not certified) as open
          from tenant.loaded_days
         where org_id = $1 and dataset = $2
         group by dsp, advertiser_id
        "#,
        org,
        dataset,
    )
    .fetch_all(&mut **tx)
    .await?;
    let certified = rows.into_iter().filter_map(|row| {
        let before = row.open.and_then(|open| open.pred_opt());
        let last = row
            .last
            .map(|last| before.map_or(last, |open| open.min(last)));
        Some(((row.dsp, row.advertiser_id), last?))
    });
    Ok(certified.collect())
}

/// What was compared, by metric, and the cells that differ.
pub(super) struct Compared {
    pub(super) metrics: Vec<MetricAccuracy>,
    pub(super) failing: Vec<FailingCell>,
    /// Days that the source's own sums were never asked for.
    pub(super) days_not_compared: i64,
}

/// From the rows themselves, on days that both datasets have loaded.
pub(super) async fn compare(
    tx: &mut OrgTx,
    (from, to): (NaiveDate, NaiveDate),
    advertiser_id: Option<&str>,
) -> Result<Compared, sqlx::Error> {
    let rows = list_cells(tx, (from, to), advertiser_id).await?;
    let mut metrics = Vec::new();
    let mut failing = Vec::new();
    for row in rows {
        match (row.date, row.dsp, row.advertiser_id) {
            (Some(date), Some(dsp), Some(advertiser_id)) => failing.push(FailingCell {
                advertiser_name: row.name.unwrap_or_else(|| advertiser_id.clone()),
                dsp,
                advertiser_id,
                date,
                metric: row.metric,
                silver: row.silver.unwrap_or(0),
                source: row.source.unwrap_or(0),
                currency: row.currency,
                difference: row
                    .silver
                    .unwrap_or(0)
                    .saturating_sub(row.source.unwrap_or(0)),
                provisional: row.provisional.unwrap_or(true),
                silver_reported_at: row.silver_reported_at,
                source_reported_at: row.source_reported_at,
            }),
            _ => metrics.push(MetricAccuracy::new(row.metric, row.cells, row.equal)),
        }
    }
    let org = tx.org().as_uuid();
    let days_not_compared = sqlx::query_scalar!(
        r#"
        select count(*) as "days!"
          from tenant.loaded_days d
         where d.org_id = $1 and d.dataset = $4 and d.date between $2 and $3
           and ($6::text is null or d.advertiser_id = $6)
           and not exists (
               select from tenant.loaded_days s
                where s.org_id = $1 and s.dataset = $5 and s.dsp = d.dsp
                  and s.advertiser_id = d.advertiser_id and s.date = d.date)
        "#,
        org,
        from,
        to,
        LINE_ITEM_DAYS,
        ADVERTISER_DAYS,
        advertiser_id,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Compared {
        metrics,
        failing,
        days_not_compared,
    })
}

/// A metric's counts, or one of its cells.
struct CellRow {
    metric: String,
    cells: i64,
    equal: i64,
    dsp: Option<String>,
    advertiser_id: Option<String>,
    name: Option<String>,
    date: Option<NaiveDate>,
    silver: Option<i64>,
    source: Option<i64>,
    currency: Option<String>,
    provisional: Option<bool>,
    silver_reported_at: Option<DateTime<Utc>>,
    source_reported_at: Option<DateTime<Utc>>,
}

async fn list_cells(
    tx: &mut OrgTx,
    (from, to): (NaiveDate, NaiveDate),
    advertiser_id: Option<&str>,
) -> Result<Vec<CellRow>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_file_as!(
        CellRow,
        "src/ingestion/quality/cells.sql",
        org,
        from,
        to,
        LINE_ITEM_DAYS,
        ADVERTISER_DAYS,
        advertiser_id,
        MOST_FAILING,
    )
    .fetch_all(&mut **tx)
    .await
}

pub(super) async fn find_lineage(
    tx: &mut OrgTx,
    dsp: &str,
    line_item_id: &str,
    date: NaiveDate,
) -> Result<Option<Lineage>, sqlx::Error> {
    let org = tx.org().as_uuid();
    // Whose line item it is, is known from the days' records; with it, the key finds the row.
    let row = sqlx::query_as!(
        LineageRow,
        r#"
        select f.dataset, f.dsp, f.line_item_id, f.date, f.partner_id, f.advertiser_id,
               f.campaign_id, f.insertion_order_id, f.currency, f.impressions,
               f.billable_impressions, f.clicks, f.conversions_micros, f.revenue_micros,
               f.media_cost_micros, f.billable_cost_micros, f.bronze_id, f.bronze_line, f.load_id,
               d.certified, d.reported_at, l.sync_id as "sync_id?",
               l.pipeline_version as "pipeline_version?", l.loaded_at as "loaded_at?",
               l.control_total as "control_total?", encode(b.sha256, 'hex') as "sha256?",
               b.bytes as "bytes?", b.fetched_at as "fetched_at?", b.report_id as "report_id?",
               b.query_id as "query_id?",
               b.request as "request?", b.length_proven as "length_proven?",
               b.expired_at as "expired_at?"
          from tenant.loaded_days d
          join tenant.line_item_days f
            on f.org_id = $1 and f.dataset = d.dataset and f.dsp = d.dsp
           and f.advertiser_id = d.advertiser_id and f.date = d.date and f.line_item_id = $3
          left join tenant.load_ledger l on l.org_id = $1 and l.load_id = f.load_id
          left join tenant.bronze_objects b on b.org_id = $1 and b.bronze_id = f.bronze_id
         where d.org_id = $1 and d.dataset = $5 and d.dsp = $2 and d.date = $4
         limit 1
        "#,
        org,
        dsp,
        line_item_id,
        date,
        LINE_ITEM_DAYS,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(Lineage::from))
}

//! The SQL of both sides. The stage is unknown to the checking database, and datasets differ in
//! their columns, so statements are put together from the constants here.

use chrono::NaiveDate;
use contracts::{BronzeId, ReplayId};
use futures::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::ingestion::reading::METRICS;
use crate::ingestion::replay::canonical::{Key, Values};
use crate::ingestion::replay::compare::{Comparison, Pair};
use crate::ingestion::replay::plan::Known;
use crate::ingestion::silver::facts::table::{METRIC_COLUMNS, Table};
use crate::tenancy::OrgTx;

/// Which rows of silver are meant.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingestion::replay) struct Place<'a> {
    pub(in crate::ingestion::replay) table: Table,
    pub(in crate::ingestion::replay) dataset: &'a str,
    pub(in crate::ingestion::replay) dsp: &'a str,
    pub(in crate::ingestion::replay) range: (NaiveDate, NaiveDate),
}

/// Nothing was staged: the comparison finds an empty side.
pub(in crate::ingestion::replay) async fn create_empty_stage(
    tx: &mut OrgTx,
) -> Result<(), sqlx::Error> {
    let sql = "create temporary table staged_facts (
                   advertiser_id text, date date, line_item_id text, breakdown text,
                   partner_id text, campaign_id text, insertion_order_id text, currency text,
                   impressions bigint, billable_impressions bigint, clicks bigint,
                   conversions_micros bigint, revenue_micros bigint, media_cost_micros bigint,
                   billable_cost_micros bigint, extra jsonb
               ) on commit drop";
    sqlx::raw_sql(sql).execute(&mut **tx).await?;
    Ok(())
}

/// Fails where two rows have one key, as silver would.
pub(in crate::ingestion::replay) async fn index_stage(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let sql = "create unique index on pg_temp.staged_facts
                   (advertiser_id, date, line_item_id, breakdown);
               analyze pg_temp.staged_facts";
    sqlx::raw_sql(sql).execute(&mut **tx).await?;
    Ok(())
}

/// The file that each day of silver is from.
pub(in crate::ingestion::replay) async fn list_known(
    tx: &mut OrgTx,
    place: Place<'_>,
) -> Result<Vec<Known>, sqlx::Error> {
    let sql = format!(
        "select advertiser_id, date, (array_agg(bronze_id))[1]
           from {}
          where org_id = $1 and dataset = $2 and dsp = $3 and date between $4 and $5
          group by advertiser_id, date",
        place.table.name
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(tx.org().as_uuid())
        .bind(place.dataset)
        .bind(place.dsp)
        .bind(place.range.0)
        .bind(place.range.1)
        .fetch_all(&mut **tx)
        .await?;
    let known = |row: &PgRow| {
        Ok(Known {
            advertiser_id: row.try_get(0)?,
            date: row.try_get(1)?,
            bronze_id: BronzeId::from_uuid(row.try_get(2)?),
        })
    };
    rows.iter().map(known).collect()
}

/// Hands every key of the position's days to the comparison, with what either side has.
pub(in crate::ingestion::replay) async fn compare(
    tx: &mut OrgTx,
    place: Place<'_>,
    replay_id: ReplayId,
    position: u32,
    comparison: &mut Comparison<'_>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let mut pairs = sqlx::query(AssertSqlSafe(comparing(place.table)))
        .bind(org)
        .bind(replay_id.as_uuid())
        .bind(i32::try_from(position).unwrap_or(i32::MAX))
        .bind(place.dataset)
        .bind(place.dsp)
        .bind(place.range.0)
        .bind(place.range.1)
        .persistent(false)
        .fetch(&mut **tx);
    while let Some(row) = pairs.try_next().await? {
        comparison
            .push(decode(&row)?)
            .map_err(|stray| sqlx::Error::Decode(stray.into()))?;
    }
    Ok(())
}

/// A table's columns under the names of all; what it does not have is empty, as in the stage.
fn columns(table: Table) -> String {
    let of_items = |column: &str| match table.line_items {
        true => format!("f.{column}"),
        false => "''::text".to_owned(),
    };
    let breakdown = if table.breakdown {
        "f.breakdown"
    } else {
        "''::text"
    };
    format!(
        "f.advertiser_id, f.date, {} as line_item_id, {breakdown} as breakdown, f.partner_id,
         {} as campaign_id, {} as insertion_order_id, f.currency, {}, f.extra",
        of_items("line_item_id"),
        of_items("campaign_id"),
        of_items("insertion_order_id"),
        METRIC_COLUMNS.join(", "),
    )
}

fn comparing(table: Table) -> String {
    let values = |side: &str| {
        let metrics = METRIC_COLUMNS.map(|one| format!("{side}.{one}"));
        format!(
            "{side}.partner_id, {side}.campaign_id, {side}.insertion_order_id, {side}.currency,
             {}, {side}.extra::text",
            metrics.join(", ")
        )
    };
    // Of advertisers there is one row a day, whatever line items a stage may name.
    let item = if table.line_items {
        "a.line_item_id"
    } else {
        "''::text"
    };
    let breakdown = if table.breakdown {
        "a.breakdown"
    } else {
        "''::text"
    };
    format!(
        "with before as (
             select {}
               from {} f
               join tenant.replay_days d
                 on d.org_id = $1 and d.replay_id = $2 and d.position = $3
                    and d.advertiser_id = f.advertiser_id and d.date = f.date
              where f.org_id = $1 and f.dataset = $4 and f.dsp = $5 and f.date between $6 and $7
         )
         select coalesce(b.advertiser_id, a.advertiser_id) collate \"C\",
                coalesce(b.date, a.date),
                coalesce(b.line_item_id, {item}) collate \"C\",
                coalesce(b.breakdown, {breakdown}) collate \"C\",
                {}, {}
           from before b
           full join pg_temp.staged_facts a
             on a.advertiser_id = b.advertiser_id and a.date = b.date
                and {item} = b.line_item_id and {breakdown} = b.breakdown
          order by 1, 2, 3, 4",
        columns(table),
        table.name,
        values("b"),
        values("a"),
    )
}

fn decode(row: &PgRow) -> Result<Pair, sqlx::Error> {
    const KEY: usize = 4;
    const SIDE: usize = 5 + METRICS.len();
    Ok(Pair {
        key: Key {
            advertiser_id: row.try_get(0)?,
            date: row.try_get(1)?,
            line_item_id: row.try_get(2)?,
            breakdown: row.try_get(3)?,
        },
        before: decode_side(row, KEY)?,
        after: decode_side(row, KEY + SIDE)?,
    })
}

/// No row on this side: every column of it is null, also those that never are.
fn decode_side(row: &PgRow, at: usize) -> Result<Option<Values>, sqlx::Error> {
    let Some(partner_id) = row.try_get(at)? else {
        return Ok(None);
    };
    let mut metrics = [None; METRICS.len()];
    for (position, metric) in metrics.iter_mut().enumerate() {
        *metric = row.try_get(at + 4 + position)?;
    }
    Ok(Some(Values {
        partner_id,
        campaign_id: row.try_get(at + 1)?,
        insertion_order_id: row.try_get(at + 2)?,
        currency: row.try_get(at + 3)?,
        metrics,
        extra: row.try_get(at + 4 + METRICS.len())?,
    }))
}

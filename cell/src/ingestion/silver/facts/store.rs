//! Writes facts, inside the transaction of the step that brings them.
//!
//! `COPY` is not possible into a table under row-level security, so rows are copied into a temporary
//! table and inserted from there, in the order of the key: then every index grows at one place after
//! the other, which is what makes this as fast as a `COPY` without any of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::postgres::PgCopyIn;
use sqlx::{PgConnection, SqlSafeStr};

use super::{Landed, Load, Scope};
use crate::ingestion::pipelines::spec::Dataset;
use crate::ingestion::reading::METRICS;
use crate::ingestion::silver::days;
use crate::tenancy::{self, OrgTx};

/// How many days before the file's first one a rule looks at.
const DAYS_BEFORE: chrono::Days = chrono::Days::new(7);

const CREATE_STAGE: &str = "
    create temporary table staged_facts (
        advertiser_id text not null, date date not null, line_item_id text not null,
        breakdown text not null, partner_id text not null, campaign_id text not null,
        insertion_order_id text not null, currency text not null, impressions bigint,
        billable_impressions bigint, clicks bigint, conversions_micros bigint,
        revenue_micros bigint, media_cost_micros bigint, billable_cost_micros bigint,
        extra jsonb, bronze_line bigint not null
    ) on commit drop;
    set local work_mem = '32MB'";

/// The temporary table is unknown to the checking database, so these are not checked by it. Their
/// shape is the constant above.
const INSERT_LINE_ITEM_DAYS: &str = "
    insert into tenant.line_item_days (
        org_id, dataset, dsp, advertiser_id, date, line_item_id, partner_id, campaign_id,
        insertion_order_id, currency, impressions, billable_impressions, clicks,
        conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
        extra, bronze_id, bronze_line, load_id)
    select $1, $2, $3, advertiser_id, date, line_item_id, partner_id, campaign_id,
           insertion_order_id, currency, impressions, billable_impressions, clicks,
           conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
           extra, $4, bronze_line, $5
      from pg_temp.staged_facts
     order by advertiser_id, date, line_item_id";

const INSERT_BREAKDOWN_DAYS: &str = "
    insert into tenant.breakdown_days (
        org_id, dataset, dsp, advertiser_id, date, line_item_id, breakdown, partner_id, campaign_id,
        insertion_order_id, currency, impressions, billable_impressions, clicks,
        conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
        extra, bronze_id, bronze_line, load_id)
    select $1, $2, $3, advertiser_id, date, line_item_id, breakdown, partner_id, campaign_id,
           insertion_order_id, currency, impressions, billable_impressions, clicks,
           conversions_micros, revenue_micros, media_cost_micros, billable_cost_micros,
           extra, $4, bronze_line, $5
      from pg_temp.staged_facts
     order by advertiser_id, date, line_item_id, breakdown";

const INSERT_ADVERTISER_DAYS: &str = "
    insert into tenant.advertiser_days (
        org_id, dataset, dsp, advertiser_id, date, partner_id, currency, impressions,
        billable_impressions, clicks, conversions_micros, revenue_micros, media_cost_micros,
        billable_cost_micros, extra, bronze_id, bronze_line, load_id)
    select $1, $2, $3, advertiser_id, date, partner_id, currency, impressions,
           billable_impressions, clicks, conversions_micros, revenue_micros, media_cost_micros,
           billable_cost_micros, extra, $4, bronze_line, $5
      from pg_temp.staged_facts
     order by advertiser_id, date";

/// An empty stage, ready for binary `COPY`. Finish or abort it before anything else.
pub(super) async fn copy_into_stage(
    tx: &mut OrgTx,
) -> Result<PgCopyIn<&mut PgConnection>, sqlx::Error> {
    sqlx::raw_sql(CREATE_STAGE).execute(&mut **tx).await?;
    tx.copy_in_raw("copy pg_temp.staged_facts from stdin (format binary)")
        .await
}

/// Takes days out of the stage that are not to be replaced after all.
pub(super) async fn unstage(
    tx: &mut OrgTx,
    days: &BTreeSet<(String, NaiveDate)>,
) -> Result<(), sqlx::Error> {
    let (ids, dates): (Vec<String>, Vec<NaiveDate>) = days.iter().cloned().unzip();
    sqlx::query(
        "delete from pg_temp.staged_facts s
          using unnest($1::text[], $2::date[]) as d (advertiser_id, date)
          where s.advertiser_id = d.advertiser_id and s.date = d.date",
    )
    .bind(ids)
    .bind(dates)
    .persistent(false)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn lock(tx: &mut OrgTx, load: &Load) -> Result<(), sqlx::Error> {
    let org = tx.org().to_string();
    sqlx::query_scalar!(
        r#"
        select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text), 0))::text
        "#,
        org,
        load.dataset,
        load.dsp,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// Puts the staged rows in place of whatever is on the days that the load stands for.
pub(super) async fn replace_days(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<(), sqlx::Error> {
    match load.scope {
        Scope::Asked { range, .. } if landed.newer.is_empty() => {
            delete_range(tx, load, landed, range).await?;
        }
        Scope::Asked { .. } | Scope::Found | Scope::Chosen { .. } => {
            delete_days(tx, load, landed).await?;
        }
    }
    let insert = match load.table {
        Dataset::LineItemDays => INSERT_LINE_ITEM_DAYS,
        Dataset::BreakdownDays => INSERT_BREAKDOWN_DAYS,
        Dataset::AdvertiserDays => INSERT_ADVERTISER_DAYS,
    };
    sqlx::query(insert.into_sql_str())
        .bind(tx.org().as_uuid())
        .bind(&load.dataset)
        .bind(&load.dsp)
        .bind(load.bronze_id.as_uuid())
        .bind(load.load_id)
        .persistent(false)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn ids_of(landed: &Landed) -> Vec<String> {
    let ids = landed.advertisers.iter();
    ids.map(|one| one.advertiser_id.clone()).collect()
}

async fn delete_range(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
    (start, end): (NaiveDate, NaiveDate),
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let (dataset, dsp, ids) = (&load.dataset, &load.dsp, ids_of(landed));
    match load.table {
        Dataset::LineItemDays => {
            sqlx::query!(
                r#"
                delete from tenant.line_item_days
                 where org_id = $1 and dataset = $2 and dsp = $3
                   and advertiser_id = any ($4) and date between $5 and $6
                "#,
                org,
                dataset,
                dsp,
                &ids,
                start,
                end,
            )
            .execute(&mut **tx)
            .await?
        }
        Dataset::BreakdownDays => {
            sqlx::query!(
                r#"
                delete from tenant.breakdown_days
                 where org_id = $1 and dataset = $2 and dsp = $3
                   and advertiser_id = any ($4) and date between $5 and $6
                "#,
                org,
                dataset,
                dsp,
                &ids,
                start,
                end,
            )
            .execute(&mut **tx)
            .await?
        }
        Dataset::AdvertiserDays => {
            sqlx::query!(
                r#"
                delete from tenant.advertiser_days
                 where org_id = $1 and dataset = $2 and dsp = $3
                   and advertiser_id = any ($4) and date between $5 and $6
                "#,
                org,
                dataset,
                dsp,
                &ids,
                start,
                end,
            )
            .execute(&mut **tx)
            .await?
        }
    };
    Ok(())
}

async fn delete_days(tx: &mut OrgTx, load: &Load, landed: &Landed) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let (dataset, dsp) = (&load.dataset, &load.dsp);
    let covered = days::covered(load, landed).into_iter();
    let (ids, dates): (Vec<String>, Vec<NaiveDate>) =
        covered.map(|(id, date, _)| (id.to_owned(), date)).unzip();
    match load.table {
        Dataset::LineItemDays => {
            sqlx::query!(
                r#"
                delete from tenant.line_item_days f
                 using unnest($4::text[], $5::date[]) as found (advertiser_id, date)
                 where f.org_id = $1 and f.dataset = $2 and f.dsp = $3
                   and f.advertiser_id = found.advertiser_id and f.date = found.date
                "#,
                org,
                dataset,
                dsp,
                &ids,
                &dates,
            )
            .execute(&mut **tx)
            .await?
        }
        Dataset::BreakdownDays => {
            sqlx::query!(
                r#"
                delete from tenant.breakdown_days f
                 using unnest($4::text[], $5::date[]) as found (advertiser_id, date)
                 where f.org_id = $1 and f.dataset = $2 and f.dsp = $3
                   and f.advertiser_id = found.advertiser_id and f.date = found.date
                "#,
                org,
                dataset,
                dsp,
                &ids,
                &dates,
            )
            .execute(&mut **tx)
            .await?
        }
        Dataset::AdvertiserDays => {
            sqlx::query!(
                r#"
                delete from tenant.advertiser_days f
                 using unnest($4::text[], $5::date[]) as found (advertiser_id, date)
                 where f.org_id = $1 and f.dataset = $2 and f.dsp = $3
                   and f.advertiser_id = found.advertiser_id and f.date = found.date
                "#,
                org,
                dataset,
                dsp,
                &ids,
                &dates,
            )
            .execute(&mut **tx)
            .await?
        }
    };
    Ok(())
}

/// What Postgres says of two rows with one key, if that is what it says.
pub(super) fn duplicate_of(error: &sqlx::Error) -> Option<String> {
    if tenancy::sql_state(error).as_deref() != Some("23505") {
        return None;
    }
    let postgres = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>());
    let detail = postgres.and_then(sqlx::postgres::PgDatabaseError::detail);
    Some(detail.unwrap_or("two rows have the same key").to_owned())
}

/// Whether the days that the load stands for have data already.
pub(super) async fn has_days(tx: &mut OrgTx, load: &Load) -> Result<bool, sqlx::Error> {
    let Scope::Asked { range, advertisers } = &load.scope else {
        return Ok(false);
    };
    let org = tx.org().as_uuid();
    let ids = advertisers.iter().map(|one| one.advertiser_id.clone());
    let ids: Vec<String> = ids.collect();
    sqlx::query_scalar!(
        r#"
        select exists (
            select from tenant.line_item_days
             where $7 = 'line_item_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
        ) or exists (
            select from tenant.breakdown_days
             where $7 = 'breakdown_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
        ) or exists (
            select from tenant.advertiser_days
             where $7 = 'advertiser_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
        ) as "found!"
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids,
        range.0,
        range.1,
        table_name(load.table),
    )
    .fetch_one(&mut **tx)
    .await
}

const fn table_name(table: Dataset) -> &'static str {
    match table {
        Dataset::LineItemDays => "line_item_days",
        Dataset::BreakdownDays => "breakdown_days",
        Dataset::AdvertiserDays => "advertiser_days",
    }
}

/// What silver has of the load's advertisers from a week before the file to its end.
pub(super) struct Before {
    pub(super) rows: u64,
    pub(super) days: u64,
    /// Which metrics have a value that is not zero.
    pub(super) nonzero: [bool; METRICS.len()],
}

pub(super) async fn fetch_before(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<Before, sqlx::Error> {
    let org = tx.org().as_uuid();
    let first = landed.range.0.checked_sub_days(DAYS_BEFORE);
    let row = sqlx::query!(
        r#"
        select count(*) as "rows!", count(distinct date) as "days!",
               coalesce(bool_or(impressions <> 0), false) as "impressions!",
               coalesce(bool_or(billable_impressions <> 0), false) as "billable_impressions!",
               coalesce(bool_or(clicks <> 0), false) as "clicks!",
               coalesce(bool_or(conversions_micros <> 0), false) as "conversions!",
               coalesce(bool_or(revenue_micros <> 0), false) as "revenue!",
               coalesce(bool_or(media_cost_micros <> 0), false) as "media_cost!",
               coalesce(bool_or(billable_cost_micros <> 0), false) as "billable_cost!"
          from (
            select date, impressions, billable_impressions, clicks, conversions_micros,
                   revenue_micros, media_cost_micros, billable_cost_micros
              from tenant.line_item_days
             where $7 = 'line_item_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
             union all
            select date, impressions, billable_impressions, clicks, conversions_micros,
                   revenue_micros, media_cost_micros, billable_cost_micros
              from tenant.breakdown_days
             where $7 = 'breakdown_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
             union all
            select date, impressions, billable_impressions, clicks, conversions_micros,
                   revenue_micros, media_cost_micros, billable_cost_micros
              from tenant.advertiser_days
             where $7 = 'advertiser_days' and org_id = $1 and dataset = $2 and dsp = $3
               and advertiser_id = any ($4) and date between $5 and $6
          ) before
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids_of(landed),
        first.unwrap_or(landed.range.0),
        landed.range.1,
        table_name(load.table),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Before {
        rows: row.rows.unsigned_abs(),
        days: row.days.unsigned_abs(),
        nonzero: [
            row.impressions,
            row.billable_impressions,
            row.clicks,
            row.conversions,
            row.revenue,
            row.media_cost,
            row.billable_cost,
        ],
    })
}

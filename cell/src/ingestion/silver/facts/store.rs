//! Writes facts, inside the transaction of the step that brings them.
//!
//! `COPY` is not possible into a table under row-level security, so rows are copied into a temporary
//! table and inserted from there, in the order of the key: then every index grows at one place after
//! the other, which is what makes this as fast as a `COPY` without any of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::postgres::PgCopyIn;
use sqlx::{AssertSqlSafe, PgConnection};

use super::table::Table;
use super::{Landed, Load, Scope};
use crate::ingestion::pipelines::spec::Dataset;
use crate::ingestion::reading::METRICS;
use crate::ingestion::silver::days;
use crate::tenancy::{self, OrgTx};

/// How many days before the file's first one a rule looks at.
const DAYS_BEFORE: chrono::Days = chrono::Days::new(7);

const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// A statement on the table of a dataset, spelt out for each, so that it is checked when compiled.
macro_rules! on_table {
    ($dataset:expr, $statement:ident) => {
        match $dataset {
            Dataset::LineItemDays => $statement!("tenant.line_item_days"),
            Dataset::BreakdownDays => $statement!("tenant.breakdown_days"),
            Dataset::AdvertiserDays => $statement!("tenant.advertiser_days"),
        }
    };
}

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

pub(super) async fn create_stage(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(CREATE_STAGE).execute(&mut **tx).await?;
    Ok(())
}

/// A binary `COPY` under way. Finish or abort it before anything else.
pub(super) struct IntoStage<'c>(PgCopyIn<&'c mut PgConnection>);

pub(super) async fn copy_into_stage(tx: &mut OrgTx) -> Result<IntoStage<'_>, sqlx::Error> {
    let copy = "copy pg_temp.staged_facts from stdin (format binary)";
    let mut copy = IntoStage(tx.copy_in_raw(copy).await?);
    copy.send(COPY_HEADER.to_vec()).await?;
    Ok(copy)
}

impl IntoStage<'_> {
    pub(super) async fn send(&mut self, bytes: Vec<u8>) -> Result<(), sqlx::Error> {
        self.0.send(bytes).await.map(drop)
    }

    pub(super) async fn finish(mut self) -> Result<(), sqlx::Error> {
        self.0.send(&(-1_i16).to_be_bytes()[..]).await?;
        self.0.finish().await.map(drop)
    }

    pub(super) async fn abort(self, why: &str) -> Result<(), sqlx::Error> {
        self.0.abort(why).await
    }
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

pub(super) async fn lock(tx: &mut OrgTx, dataset: &str, dsp: &str) -> Result<(), sqlx::Error> {
    let org = tx.org().to_string();
    sqlx::query_scalar!(
        r#"
        select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text), 0))::text
        "#,
        org,
        dataset,
        dsp,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the lock if nobody holds it.
pub(super) async fn try_lock(
    tx: &mut OrgTx,
    dataset: &str,
    dsp: &str,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().to_string();
    sqlx::query_scalar!(
        r#"
        select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text), 0)) as "free!"
        "#,
        org,
        dataset,
        dsp,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Moves the staged rows into silver as they come.
pub(super) async fn place_staged(tx: &mut OrgTx, load: &Load) -> Result<(), sqlx::Error> {
    insert_staged(tx, load, Table::of(load.table).insert_staged(false)).await?;
    // Nobody else sees it, so nothing of it is kept until the end of the transaction.
    sqlx::raw_sql("truncate pg_temp.staged_facts")
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn insert_staged(tx: &mut OrgTx, load: &Load, sql: String) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(sql))
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

/// Puts the staged rows in place of whatever is on the days that the load stands for.
pub(super) async fn replace_days(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<(), sqlx::Error> {
    match load.scope {
        Scope::Asked { range, .. } if !landed.keeps_days() && landed.placed.is_empty() => {
            delete_range(tx, load, landed, range).await?;
        }
        Scope::Asked { .. } | Scope::Found | Scope::Chosen { .. } => {
            delete_days(tx, load, landed).await?;
        }
    }
    insert_staged(tx, load, Table::of(load.table).insert_staged(true)).await
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
    let (org, ids) = (tx.org().as_uuid(), ids_of(landed));
    macro_rules! delete {
        ($table:literal) => {
            sqlx::query!(
                "delete from " + $table + "
                  where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
                    and date between $5 and $6",
                org,
                load.dataset,
                load.dsp,
                &ids,
                start,
                end,
            )
            .execute(&mut **tx)
            .await?
        };
    }
    on_table!(load.table, delete);
    Ok(())
}

async fn delete_days(tx: &mut OrgTx, load: &Load, landed: &Landed) -> Result<(), sqlx::Error> {
    let covered = days::covered(load, landed).into_iter();
    let (ids, dates): (Vec<String>, Vec<NaiveDate>) = covered
        .map(|(id, date, _)| (id.to_owned(), date))
        .filter(|day| !landed.placed.contains(day))
        .unzip();
    let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else {
        return Ok(());
    };
    // Planned each time: a plan for any range of days would keep all partitions.
    sqlx::query(AssertSqlSafe(Table::of(load.table).delete_days()))
        .bind(tx.org().as_uuid())
        .bind(&load.dataset)
        .bind(&load.dsp)
        .bind(&ids)
        .bind(&dates)
        .bind(first)
        .bind(last)
        .persistent(false)
        .execute(&mut **tx)
        .await?;
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
    let ids = advertisers.iter().map(|one| one.advertiser_id.clone());
    let (org, ids): (_, Vec<String>) = (tx.org().as_uuid(), ids.collect());
    macro_rules! has {
        ($table:literal) => {
            sqlx::query_scalar!(
                r#"select exists (select from "# + $table + r#"
                    where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
                      and date between $5 and $6) as "has!""#,
                org,
                load.dataset,
                load.dsp,
                &ids,
                range.0,
                range.1,
            )
            .fetch_one(&mut **tx)
            .await
        };
    }
    on_table!(load.table, has)
}

/// What is known of the load's advertisers from a week before the file to its end. Asked of the record
/// of days, which says nothing of the load's own before it is through.
pub(super) struct Before {
    pub(super) rows: u64,
    /// Those with rows.
    pub(super) days: u64,
    /// Which metrics have a value that is not zero.
    pub(super) nonzero: [bool; METRICS.len()],
}

pub(super) async fn fetch_before(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
) -> Result<Before, sqlx::Error> {
    let first = landed.range.0.checked_sub_days(DAYS_BEFORE);
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select coalesce(sum(row_count), 0)::bigint as "rows!",
               count(distinct date) filter (where row_count > 0) as "days!",
               array[coalesce(bool_or(impressions <> 0), false),
                     coalesce(bool_or(billable_impressions <> 0), false),
                     coalesce(bool_or(clicks <> 0), false),
                     coalesce(bool_or(conversions_micros <> 0), false),
                     coalesce(bool_or(revenue_micros <> 0), false),
                     coalesce(bool_or(media_cost_micros <> 0), false),
                     coalesce(bool_or(billable_cost_micros <> 0), false)] as "nonzero!"
          from tenant.loaded_days
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
           and date between $5 and $6
        "#,
        org,
        load.dataset,
        load.dsp,
        &ids_of(landed),
        first.unwrap_or(landed.range.0),
        landed.range.1,
    )
    .fetch_one(&mut **tx)
    .await?;
    let nonzero = row.nonzero.try_into();
    Ok(Before {
        rows: row.rows.unsigned_abs(),
        days: row.days.unsigned_abs(),
        nonzero: nonzero.map_err(|_| sqlx::Error::Decode("one value per metric".into()))?,
    })
}

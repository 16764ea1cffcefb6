//! The rows of backfills, and what earlier loads took.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BackfillId, ConnectionId, UserId};
use serde_json::Value;
use uuid::Uuid;

use super::forecast::History;
use super::{Backfill, State};
use crate::ingestion::sync::Problem;
use crate::tenancy::OrgTx;

struct Row {
    backfill_id: Uuid,
    connection_id: Uuid,
    pipeline: String,
    range_start: NaiveDate,
    range_end: NaiveDate,
    state: String,
    windows: Value,
    forecast: Value,
    problem_code: Option<String>,
    problem_message: Option<String>,
    retry_at: Option<DateTime<Utc>>,
    revision: i64,
    created_by: Uuid,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Backfill {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let unreadable = |error: serde_json::Error| sqlx::Error::Decode(error.into());
        let state = State::ALL.into_iter().find(|one| one.as_str() == row.state);
        Ok(Self {
            backfill_id: BackfillId::from_uuid(row.backfill_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            pipeline: row.pipeline,
            range: (row.range_start, row.range_end),
            state: state.ok_or_else(|| sqlx::Error::Decode("an unknown state".into()))?,
            windows: serde_json::from_value(row.windows).map_err(unreadable)?,
            forecast: serde_json::from_value(row.forecast).map_err(unreadable)?,
            problem: row
                .problem_code
                .zip(row.problem_message)
                .map(|(code, message)| Problem { code, message }),
            retry_at: row.retry_at,
            revision: row.revision,
            created_by: UserId::from_uuid(row.created_by),
            created_at: row.created_at,
            expires_at: row.expires_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

fn encode<T: serde::Serialize>(value: &T) -> Result<Value, sqlx::Error> {
    serde_json::to_value(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Also throws away forecasts that nobody has confirmed in time.
pub(super) async fn insert(tx: &mut OrgTx, backfill: &Backfill) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.backfills where org_id = $1 and state = 'forecast' and expires_at < $2",
        org,
        backfill.created_at,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.backfills (
            org_id, backfill_id, connection_id, pipeline, range_start, range_end, state, windows,
            forecast, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        "#,
        org,
        backfill.backfill_id.as_uuid(),
        backfill.connection_id.as_uuid(),
        backfill.pipeline,
        backfill.range.0,
        backfill.range.1,
        backfill.state.as_str(),
        encode(&backfill.windows)?,
        encode(&backfill.forecast)?,
        backfill.created_by.as_uuid(),
        backfill.created_at,
        backfill.expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut OrgTx, id: BackfillId) -> Result<Option<Backfill>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select backfill_id, connection_id, pipeline, range_start, range_end, state, windows,
               forecast, problem_code, problem_message, retry_at, revision, created_by,
               created_at, expires_at, started_at, finished_at
          from tenant.backfills
         where org_id = $1 and backfill_id = $2
        "#,
        org,
        id.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Backfill::try_from)
    .transpose()
}

/// Confirmed ones, newest first.
pub(super) async fn list(tx: &mut OrgTx, limit: i64) -> Result<Vec<Backfill>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select backfill_id, connection_id, pipeline, range_start, range_end, state, windows,
               forecast, problem_code, problem_message, retry_at, revision, created_by,
               created_at, expires_at, started_at, finished_at
          from tenant.backfills
         where org_id = $1 and state <> 'forecast'
         order by created_at desc, backfill_id
         limit $2
        "#,
        org,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .map(Backfill::try_from)
    .collect()
}

/// Those that wait for something.
pub(super) async fn list_waiting(tx: &mut OrgTx) -> Result<Vec<BackfillId>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids = sqlx::query_scalar!(
        "select backfill_id from tenant.backfills where org_id = $1 and state = 'waiting'",
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(BackfillId::from_uuid).collect())
}

pub(super) async fn is_under_way(
    tx: &mut OrgTx,
    connection: ConnectionId,
    pipeline: &str,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select exists (
            select from tenant.backfills
             where org_id = $1 and connection_id = $2 and pipeline = $3
               and state in ('running', 'waiting')
        ) as "under_way!"
        "#,
        org,
        connection.as_uuid(),
        pipeline,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Writes what may change, if nobody else has since `revision`.
pub(super) async fn advance(tx: &mut OrgTx, to: &Backfill) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let done = sqlx::query!(
        r#"
        update tenant.backfills
           set state = $4, windows = $5, problem_code = $6, problem_message = $7, retry_at = $8,
               started_at = $9, finished_at = $10, revision = revision + 1
         where org_id = $1 and backfill_id = $2 and revision = $3
        "#,
        org,
        to.backfill_id.as_uuid(),
        to.revision,
        to.state.as_str(),
        encode(&to.windows)?,
        to.problem.as_ref().map(|one| one.code.as_str()),
        to.problem.as_ref().map(|one| one.message.as_str()),
        to.retry_at,
        to.started_at,
        to.finished_at,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(done == 1)
}

/// The earliest day up to which the advertisers' data reaches back without a gap.
pub(super) async fn find_since(
    tx: &mut OrgTx,
    dataset: &str,
    dsp: &str,
    advertiser_ids: &[String],
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select min(since)
          from tenant.watermarks
         where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
        "#,
        org,
        dataset,
        dsp,
        advertiser_ids,
    )
    .fetch_one(&mut **tx)
    .await
}

pub(super) async fn fetch_history(
    tx: &mut OrgTx,
    connection: ConnectionId,
    dataset: &str,
    dsp: &str,
    advertiser_ids: &[String],
) -> Result<History, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select (
            select sum(per_advertiser.rows)
              from (
                  select avg(row_count)::double precision as rows
                    from tenant.loaded_days
                   where org_id = $1 and dataset = $2 and dsp = $3 and advertiser_id = any ($4)
                     and date > current_date - 91
                   group by advertiser_id
              ) per_advertiser
        ) as rows_per_day,
        (
            select sum(b.bytes)::double precision / nullif(sum(l.rows_loaded), 0)
              from (
                  select bronze_id, rows_loaded
                    from tenant.load_ledger
                   where org_id = $1 and dataset = $2
                   order by loaded_at desc
                   limit 20
              ) l
              join tenant.bronze_objects b on b.org_id = $1 and b.bronze_id = l.bronze_id
        ) as bytes_per_row,
        (
            select percentile_cont(0.5) within group (order by latest.seconds)
              from (
                  select seconds
                    from tenant.report_latencies
                   where org_id = $1 and connection_id = $5 and purpose = 'ad_hoc'
                   order by observed_at desc
                   limit 50
              ) latest
        ) as report_seconds
        "#,
        org,
        dataset,
        dsp,
        advertiser_ids,
        connection.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(History {
        rows_per_day: row.rows_per_day,
        bytes_per_row: row.bytes_per_row,
        report_seconds: row.report_seconds,
        advertisers: u32::try_from(advertiser_ids.len()).unwrap_or(u32::MAX),
    })
}

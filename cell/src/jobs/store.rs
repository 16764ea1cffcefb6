//! The rows of the queue. Every write of a running job is conditional on its lease.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::{Epoch, JobId, OrgId};
use serde_json::Value;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::{Job, NewJob};
use crate::tenancy::{self, CellTx, OrgScope, OrgTx};

/// Finished jobs are kept this many days, then removed as later ones finish.
const KEEP_DAYS: i32 = 7;

pub(super) async fn insert(tx: &mut OrgTx, job: &NewJob) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        with queued as (
            insert into tenant.jobs (org_id, job_id, kind, key, payload, run_at, max_attempts)
            values ($1, $2, $3, $4, $5, coalesce($6, clock_timestamp()), $7)
            on conflict (org_id, job_id) do nothing
        )
        select pg_notify('jobs', '')::text
        "#,
        org,
        job.job_id.as_uuid(),
        job.kind,
        job.key,
        job.payload,
        job.run_at,
        i32::from(job.max_attempts),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn next_run(
    tx: &mut OrgTx,
    id: JobId,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let run_at = sqlx::query_scalar!(
        r#"
        select run_at
          from tenant.jobs
         where org_id = $1 and job_id = $2 and state in ('queued', 'running')
        "#,
        org,
        id.as_uuid(),
    );
    run_at.fetch_optional(&mut **tx).await
}

pub(super) async fn claim(
    tx: &mut CellTx,
    kinds: &[String],
    limit: i32,
    per_org: i32,
    lease: Duration,
) -> Result<Vec<Job>, tenancy::Error> {
    let rows = sqlx::query!(
        r#"
        select claimed_org as "org!", org_epoch as "epoch!", claimed_job as "job!",
               job_kind as "kind!", job_key as "key!", job_payload as "payload!",
               attempt as "attempt!", attempt_limit as "attempt_limit!", job_lease as "lease!"
          from cell.claim_jobs($1, $2, $3, $4)
        "#,
        kinds,
        limit,
        per_org,
        milliseconds(lease),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Job {
            scope: OrgScope::vouched(OrgId::from_uuid(row.org), Epoch(row.epoch)),
            job_id: JobId::from_uuid(row.job),
            kind: row.kind,
            key: row.key,
            payload: row.payload,
            attempt: row.attempt.unsigned_abs(),
            max_attempts: row.attempt_limit.unsigned_abs(),
            lease: row.lease,
        })
        .collect())
}

pub(super) async fn holds(tx: &mut OrgTx, job: &Job) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select 1 as held
          from tenant.jobs
         where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
           for share
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

pub(super) async fn complete(tx: &mut OrgTx, job: &Job) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let done = sqlx::query!(
        r#"
        update tenant.jobs
           set state = 'done', lease = null, lease_until = null, finished_at = clock_timestamp()
         where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    sqlx::query!(
        r#"
        delete from tenant.jobs
         where org_id = $1 and state = 'done'
           and finished_at < clock_timestamp() - make_interval(days => $2)
        "#,
        org,
        KEEP_DAYS,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done == 1)
}

pub(super) async fn run_again(
    tx: &mut OrgTx,
    job: &Job,
    after: Duration,
    payload: &Value,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let done = sqlx::query!(
        r#"
        update tenant.jobs
           set state = 'queued', lease = null, lease_until = null, attempts = 0, last_error = null,
               run_at = clock_timestamp() + $4, payload = $5
         where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
        interval(after),
        payload,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(done == 1)
}

pub(super) async fn run_at(
    tx: &mut OrgTx,
    ids: &[JobId],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    sqlx::query!(
        r#"
        with moved as (
            update tenant.jobs
               set run_at = $3
             where org_id = $1 and job_id = any ($2) and state = 'queued'
        )
        select pg_notify('jobs', '')::text
        "#,
        org,
        &ids,
        at,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn extend(
    tx: &mut OrgTx,
    job: &Job,
    lease: Duration,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let done = sqlx::query!(
        r#"
        update tenant.jobs
           set lease_until = clock_timestamp() + $4
         where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
        interval(lease),
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(done == 1)
}

/// Jobs that wait for a later time become due.
pub(super) async fn wake(tx: &mut OrgTx, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        with woken as (
            update tenant.jobs
               set run_at = clock_timestamp()
             where org_id = $1 and job_id = any ($2) and state = 'queued'
               and run_at > clock_timestamp()
        )
        select pg_notify('jobs', '')::text
        "#,
        org,
        ids,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn release(tx: &mut OrgTx, job: &Job) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        with released as (
            update tenant.jobs
               set state = 'queued', lease = null, lease_until = null,
                   attempts = greatest(attempts - 1, 0)
             where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
        )
        select pg_notify('jobs', '')::text
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// Queues the job again after a while, or buries it when `after` is none.
pub(super) async fn fail(
    tx: &mut OrgTx,
    job: &Job,
    after: Option<Duration>,
    message: &str,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let done = sqlx::query!(
        r#"
        update tenant.jobs
           set state = case when $4::interval is null then 'dead' else 'queued' end,
               finished_at = case when $4::interval is null then clock_timestamp() end,
               run_at = coalesce(clock_timestamp() + $4, run_at),
               lease = null, lease_until = null, last_error = $5
         where org_id = $1 and job_id = $2 and state = 'running' and lease = $3
        "#,
        org,
        job.job_id.as_uuid(),
        job.lease,
        after.map(interval),
        message,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(done == 1)
}

fn interval(duration: Duration) -> PgInterval {
    PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX),
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

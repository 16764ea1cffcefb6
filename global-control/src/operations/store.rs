//! SQL of durable operations.

use chrono::{DateTime, Utc};
use contracts::{OperationId, OrgId};
use serde_json::Value;

use super::{CHANNEL, Claimed, Operation};
use crate::db::{Error, GlobalTx};

pub(super) struct Written {
    pub(super) state: Value,
    pub(super) name: &'static str,
    pub(super) ended: bool,
}

pub(super) async fn insert(
    tx: &mut GlobalTx,
    id: OperationId,
    kind: &str,
    org: OrgId,
    state: Value,
    state_name: &str,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into operations (operation_id, kind, org_id, state, state_name)
        values ($1, $2, $3, $4, $5)
        "#,
        id.as_uuid(),
        kind,
        org.as_uuid(),
        state,
        state_name,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn notify(tx: &mut GlobalTx) -> Result<(), Error> {
    sqlx::query_scalar!("select pg_notify($1, '')", CHANNEL)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Skips what others are claiming. An operation whose lease has run out is free again.
pub(super) async fn claim(
    tx: &mut GlobalTx,
    worker: &str,
    limit: i64,
    lease_seconds: i32,
) -> Result<Vec<Claimed>, Error> {
    let rows = sqlx::query!(
        r#"
        with due as (
            select operation_id
            from operations
            where finished_at is null
                and next_run_at <= now()
                and (lease_until is null or lease_until < now())
            order by next_run_at
            limit $2
            for update skip locked
        )
        update operations
        set lease_owner = $1,
            lease_until = now() + make_interval(secs => $3)
        from due
        where operations.operation_id = due.operation_id
        returning
            operations.operation_id, kind, org_id, state, revision, attempts, last_error, created_at
        "#,
        worker,
        limit,
        f64::from(lease_seconds),
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            kind: row.kind,
            operation: Operation {
                id: OperationId::from_uuid(row.operation_id),
                org: OrgId::from_uuid(row.org_id),
                state: row.state,
                revision: row.revision,
                attempts: u32::try_from(row.attempts).unwrap_or_default(),
                last_error: row.last_error,
                created_at: row.created_at,
            },
        })
        .collect())
}

pub(super) async fn next_due(tx: &mut GlobalTx) -> Result<Option<DateTime<Utc>>, Error> {
    let at = sqlx::query_scalar!(
        r#"
        select min(greatest(next_run_at, coalesce(lease_until, next_run_at)))
        from operations
        where finished_at is null
        "#,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(at)
}

pub(super) async fn fetch(tx: &mut GlobalTx, id: OperationId) -> Result<Operation<Value>, Error> {
    let row = sqlx::query!(
        r#"
        select org_id, state, revision, attempts, last_error, created_at
        from operations
        where operation_id = $1
        "#,
        id.as_uuid(),
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(Operation {
        id,
        org: OrgId::from_uuid(row.org_id),
        state: row.state,
        revision: row.revision,
        attempts: u32::try_from(row.attempts).unwrap_or_default(),
        last_error: row.last_error,
        created_at: row.created_at,
    })
}

pub(super) async fn find_open(tx: &mut GlobalTx, org: OrgId) -> Result<Option<OperationId>, Error> {
    let id = sqlx::query_scalar!(
        r#"
        select operation_id
        from operations
        where org_id = $1 and finished_at is null
        "#,
        org.as_uuid(),
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(id.map(OperationId::from_uuid))
}

pub(super) async fn advance(
    tx: &mut GlobalTx,
    id: OperationId,
    seen_revision: i64,
    new: Written,
    lease_seconds: i32,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        update operations
        set state = $3,
            state_name = $4,
            revision = revision + 1,
            attempts = 0,
            last_error = null,
            finished_at = case when $5 then now() end,
            lease_owner = case when $5 then null else lease_owner end,
            lease_until = case
                when $5 or lease_owner is null then null
                else now() + make_interval(secs => $6)
            end
        where operation_id = $1 and revision = $2
        "#,
        id.as_uuid(),
        seen_revision,
        new.state,
        new.name,
        new.ended,
        f64::from(lease_seconds),
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn release(
    tx: &mut GlobalTx,
    id: OperationId,
    seen_revision: i64,
    at: DateTime<Utc>,
    failure: Option<&str>,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        update operations
        set next_run_at = $3,
            attempts = attempts + (case when $4::text is null then 0 else 1 end),
            last_error = coalesce($4, last_error),
            lease_owner = null,
            lease_until = null
        where operation_id = $1 and revision = $2 and finished_at is null
        "#,
        id.as_uuid(),
        seen_revision,
        at,
        failure,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn delete_old(tx: &mut GlobalTx) -> Result<u64, Error> {
    let done = sqlx::query!(
        r#"
        delete from operations
        where finished_at < now() - interval '30 days'
        "#,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected())
}

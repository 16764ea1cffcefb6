//! The rows of deliveries and of the folder's files.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use contracts::{BronzeId, ConnectionId, SyncId};
use uuid::Uuid;

use super::folder::Found;
use super::{Delivery, Known};
use crate::tenancy::OrgTx;

/// The same file twice at once is one delivery.
pub(super) async fn lock(tx: &mut OrgTx, connection: ConnectionId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtext('deliveries'), uuid_hash($1))::text as "locked""#,
        connection.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut OrgTx,
    delivery: &Delivery<'_>,
    pipeline: &str,
) -> Result<Option<Known>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select bronze_id, sync_id
          from tenant.deliveries
         where org_id = $1 and connection_id = $2 and pipeline = $3 and sha256 = $4
        "#,
        org,
        delivery.connection_id.as_uuid(),
        pipeline,
        &delivery.stored.sha256[..],
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Known {
        bronze_id: BronzeId::from_uuid(row.bronze_id),
        sync_id: SyncId::from_uuid(row.sync_id),
    }))
}

pub(super) async fn put(
    tx: &mut OrgTx,
    delivery: &Delivery<'_>,
    pipeline: &str,
    known: &Known,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.deliveries (
            org_id, connection_id, pipeline, sha256, name, origin, bytes, bronze_id, sync_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (org_id, connection_id, pipeline, sha256) do update
           set sync_id = excluded.sync_id, name = excluded.name, origin = excluded.origin,
               delivered_at = clock_timestamp()
        "#,
        org,
        delivery.connection_id.as_uuid(),
        pipeline,
        &delivery.stored.sha256[..],
        delivery.name,
        delivery.origin(),
        i64::try_from(delivery.stored.bytes).unwrap_or(i64::MAX),
        known.bronze_id.as_uuid(),
        known.sync_id.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A file as people are told of it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) origin: String,
    pub(super) bytes: i64,
    pub(super) pipeline: Option<String>,
    pub(super) bronze_id: Option<Uuid>,
    pub(super) sync_id: Option<Uuid>,
    pub(super) state: Option<String>,
    pub(super) problem: Option<String>,
    pub(super) at: DateTime<Utc>,
}

/// What came, and what lies in the folder and was not taken; newest first.
pub(super) async fn list(
    tx: &mut OrgTx,
    connection: ConnectionId,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Listed,
        r#"
        select d.name as "name!", d.origin as "origin!", d.bytes as "bytes!", d.pipeline,
               d.bronze_id, coalesce(r.sync_id, d.sync_id) as sync_id,
               coalesce(r.step, s.step) as state, null::text as problem, d.delivered_at as "at!"
          from tenant.deliveries d
          left join tenant.syncs s on s.org_id = $1 and s.sync_id = d.sync_id
          left join tenant.quarantine q on q.org_id = $1 and q.sync_id = d.sync_id
          left join tenant.syncs r on r.org_id = $1 and r.sync_id = q.replay_sync_id
         where d.org_id = $1 and d.connection_id = $2
        union all
        select f.name, 'folder', f.bytes, null, null, null, null, f.problem, f.seen_at
          from tenant.folder_files f
         where f.org_id = $1 and f.connection_id = $2 and f.problem is not null
         order by 9 desc
         limit $3
        "#,
        org,
        connection.as_uuid(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await
}

/// The files of the folder that are done with, as they were then.
pub(super) async fn list_taken(
    tx: &mut OrgTx,
    connection: ConnectionId,
) -> Result<HashMap<String, (i64, DateTime<Utc>)>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select name, bytes, modified_at
          from tenant.folder_files
         where org_id = $1 and connection_id = $2 and sync_id is not null
        "#,
        org,
        connection.as_uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.name, (row.bytes, row.modified_at)))
        .collect())
}

/// What became of a file of the folder. Being told the same again changes nothing.
pub(super) async fn put_folder_file(
    tx: &mut OrgTx,
    connection: ConnectionId,
    found: &Found,
    outcome: Result<SyncId, &str>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.folder_files as f (
            org_id, connection_id, name, bytes, modified_at, sync_id, problem)
        values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (org_id, connection_id, name) do update
           set bytes = excluded.bytes, modified_at = excluded.modified_at,
               sync_id = excluded.sync_id, problem = excluded.problem,
               seen_at = clock_timestamp()
         where (f.bytes, f.modified_at, f.sync_id, f.problem)
               is distinct from
               (excluded.bytes, excluded.modified_at, excluded.sync_id, excluded.problem)
        "#,
        org,
        connection.as_uuid(),
        found.name,
        i64::try_from(found.bytes).unwrap_or(i64::MAX),
        found.modified_at,
        outcome.ok().map(SyncId::as_uuid),
        outcome.err(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! The rows of saved queries.

use chrono::{DateTime, Utc};
use contracts::ConnectionId;

use super::{NewQuery, Purpose};
use crate::ingestion::sync::Sync;
use crate::tenancy::OrgTx;

pub(crate) struct Known {
    pub(crate) query_id: String,
    pub(crate) shape_hash: Vec<u8>,
    pub(crate) identity: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
}

pub(crate) async fn find_in_use(
    tx: &mut OrgTx,
    sync: &Sync,
    purpose: Purpose,
) -> Result<Option<Known>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Known,
        r#"
        select query_id, shape_hash, identity, created_at
          from tenant.source_queries
         where org_id = $1 and connection_id = $2 and pipeline = $3 and purpose = $4
           and state = 'in_use'
        "#,
        org,
        sync.connection_id.as_uuid(),
        sync.pipeline,
        purpose.as_str(),
    )
    .fetch_optional(&mut **tx)
    .await
}

/// Retires the one before in the same breath.
pub(super) async fn put_in_use(
    tx: &mut OrgTx,
    sync: &Sync,
    new: &NewQuery<'_>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.source_queries
           set state = 'retired'
         where org_id = $1 and connection_id = $2 and pipeline = $3 and purpose = $4
           and state = 'in_use' and query_id <> $5
        "#,
        org,
        sync.connection_id.as_uuid(),
        sync.pipeline,
        new.purpose.as_str(),
        new.query_id,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.source_queries (
            org_id, connection_id, query_id, pipeline, purpose, shape, shape_hash, roster_hash,
            identity, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'in_use')
            on conflict (org_id, connection_id, query_id) do update
           set state = 'in_use', identity = excluded.identity
        "#,
        org,
        sync.connection_id.as_uuid(),
        new.query_id,
        sync.pipeline,
        new.purpose.as_str(),
        new.shape,
        &new.shape_hash[..],
        &new.roster_hash[..],
        new.identity,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A query that is not there any more, or that is not wanted.
pub(crate) async fn forget(
    tx: &mut OrgTx,
    connection: ConnectionId,
    query_id: &str,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        delete from tenant.source_queries
         where org_id = $1 and connection_id = $2 and query_id = $3
        "#,
        org,
        connection.as_uuid(),
        query_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) struct Retired {
    pub(super) query_id: String,
    pub(super) identity: Option<String>,
}

/// Deleting a query deletes its reports, so one that an unfinished sync names is left alone.
pub(super) async fn list_retired(
    tx: &mut OrgTx,
    connection: ConnectionId,
) -> Result<Vec<Retired>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Retired,
        r#"
        select q.query_id, q.identity
          from tenant.source_queries q
         where q.org_id = $1 and q.connection_id = $2 and q.state = 'retired'
           and not exists (
               select
                 from tenant.syncs s
                where s.org_id = $1 and s.connection_id = $2 and s.finished_at is null
                  and s.state::text like '%"' || q.query_id || '"%')
        "#,
        org,
        connection.as_uuid(),
    )
    .fetch_all(&mut **tx)
    .await
}

//! The rows of steps.

use contracts::SyncId;

use super::Entry;
use crate::tenancy::OrgTx;

/// The position is unique because a revision is left by one step only.
pub(crate) async fn insert(
    tx: &mut OrgTx,
    sync_id: SyncId,
    revision: i64,
    entry: &Entry,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.sync_steps (
            org_id, sync_id, position, step, started_at, finished_at, calls, bytes, note)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        org,
        sync_id.as_uuid(),
        revision,
        entry.step,
        entry.started_at,
        entry.finished_at,
        entry.calls,
        entry.bytes,
        entry.note,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn list(tx: &mut OrgTx, sync_id: SyncId) -> Result<Vec<Entry>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Entry,
        r#"
        select step, started_at, finished_at, calls, bytes, note
          from tenant.sync_steps
         where org_id = $1 and sync_id = $2
         order by position
        "#,
        org,
        sync_id.as_uuid(),
    )
    .fetch_all(&mut **tx)
    .await
}

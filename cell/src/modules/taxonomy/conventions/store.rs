//! The rows of conventions. A version is inserted and never changed.

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::{Kept, NewVersion};
use crate::tenancy::OrgTx;

struct Row {
    convention_id: Uuid,
    version: i32,
    document: Option<Value>,
    comment: String,
    changed_by: Uuid,
    changed_at: DateTime<Utc>,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            convention_id: row.convention_id,
            version: row.version.unsigned_abs(),
            document: row.document,
            comment: row.comment,
            changed_by: UserId::from_uuid(row.changed_by),
            changed_at: row.changed_at,
        }
    }
}

/// One change at a time, since each is judged by the others.
pub(super) async fn lock(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtext('conventions'), uuid_hash($1))::text as "locked""#,
        org,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// The newest version of each, those that were taken away as well.
pub(super) async fn list_newest(tx: &mut OrgTx) -> Result<Vec<Kept>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select distinct on (convention_id)
               convention_id, version, document, comment, changed_by, changed_at
          from tenant.naming_conventions
         where org_id = $1
         order by convention_id, version desc
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// Newest first, below `before` if that is given.
pub(super) async fn list_versions(
    tx: &mut OrgTx,
    convention_id: Uuid,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Kept>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select convention_id, version, document, comment, changed_by, changed_at
          from tenant.naming_conventions
         where org_id = $1 and convention_id = $2 and version < coalesce($3, 2147483647)
         order by version desc
         limit $4
        "#,
        org,
        convention_id,
        before,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    new: &NewVersion<'_>,
    version: u32,
) -> Result<Kept, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into tenant.naming_conventions (
            org_id, convention_id, version, document, comment, changed_by)
        values ($1, $2, $3, $4, $5, $6)
        returning convention_id, version, document, comment, changed_by, changed_at
        "#,
        org,
        new.convention_id,
        i32::try_from(version).unwrap_or(i32::MAX),
        new.document,
        new.comment,
        new.changed_by.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.into())
}

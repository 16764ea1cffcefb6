//! SQL of configuration documents.

use chrono::{DateTime, Utc};
use contracts::config_docs::ConfigDocument;
use contracts::{CellId, OrgId};
use serde_json::Value;
use uuid::Uuid;

use super::{Kept, NewVersion, layer};
use crate::db::{Error, GlobalTx};

struct Row {
    version: i64,
    name: String,
    org_id: Option<Uuid>,
    value: Value,
    author: String,
    created_at: DateTime<Utc>,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            document: ConfigDocument {
                version: row.version,
                name: row.name,
                layer: layer(row.org_id.map(OrgId::from_uuid)),
                value: row.value,
            },
            author: row.author,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn next_version(tx: &mut GlobalTx) -> Result<i64, Error> {
    let version =
        sqlx::query_scalar!("update config_counter set version = version + 1 returning version")
            .fetch_one(tx.connection())
            .await?;
    Ok(version)
}

pub(super) async fn fetch_version(tx: &mut GlobalTx) -> Result<i64, Error> {
    let version = sqlx::query_scalar!("select version from config_counter")
        .fetch_one(tx.connection())
        .await?;
    Ok(version)
}

pub(super) async fn find_head_version(
    tx: &mut GlobalTx,
    name: &str,
    org: Option<OrgId>,
) -> Result<Option<i64>, Error> {
    let version = sqlx::query_scalar!(
        r#"
        select max(version)
        from config_documents
        where name = $1 and org_id is not distinct from $2
        "#,
        name,
        org.map(OrgId::as_uuid),
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(version)
}

pub(super) async fn insert(
    tx: &mut GlobalTx,
    version: i64,
    name: &str,
    new: &NewVersion,
    author: &str,
) -> Result<DateTime<Utc>, Error> {
    let created_at = sqlx::query_scalar!(
        r#"
        insert into config_documents (version, name, org_id, value, author)
        values ($1, $2, $3, $4, $5)
        returning created_at
        "#,
        version,
        name,
        new.org.map(OrgId::as_uuid),
        new.value,
        author,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(created_at)
}

pub(super) async fn list_heads(tx: &mut GlobalTx) -> Result<Vec<Kept>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select distinct on (name, org_id) version, name, org_id, value, author, created_at
        from config_documents
        order by name, org_id nulls first, version desc
        "#,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

pub(super) async fn list_history(
    tx: &mut GlobalTx,
    name: &str,
    org: Option<OrgId>,
) -> Result<Vec<Kept>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select version, name, org_id, value, author, created_at
        from config_documents
        where name = $1 and org_id is not distinct from $2
        order by version desc
        limit 1000
        "#,
        name,
        org.map(OrgId::as_uuid),
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// Only the newest version of each document is worth sending.
pub(super) async fn list_for_cell(
    tx: &mut GlobalTx,
    cell: CellId,
    after: i64,
    limit: i64,
) -> Result<Vec<ConfigDocument>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select version, name, org_id, value, author, created_at
        from config_documents as head
        where version > $2
            and not exists (
                select
                from config_documents as newer
                where newer.name = head.name
                    and newer.org_id is not distinct from head.org_id
                    and newer.version > head.version
            )
            and (
                org_id is null
                or exists (
                    select
                    from assignments
                    where assignments.org_id = head.org_id and cell_id = $1
                )
            )
        order by version
        limit $3
        "#,
        cell.as_uuid(),
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Kept::from(row).document)
        .collect())
}

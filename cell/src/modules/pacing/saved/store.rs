//! The rows of what is kept.

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::{Kept, Portfolio, Saved};
use crate::tenancy::OrgTx;

struct Row {
    saved_id: Uuid,
    kind: String,
    name: String,
    document: Value,
    version: i32,
    created_by: Uuid,
    changed_by: Uuid,
    changed_at: DateTime<Utc>,
}

impl From<Row> for Saved {
    fn from(row: Row) -> Self {
        // Written by us, in one of these shapes.
        let kept = match row.kind.as_str() {
            "portfolio" => {
                Kept::Portfolio(serde_json::from_value(row.document).unwrap_or_default())
            }
            _ => Kept::View(serde_json::from_value(row.document).unwrap_or_default()),
        };
        Self {
            saved_id: row.saved_id,
            name: row.name,
            kept,
            version: row.version,
            created_by: UserId::from_uuid(row.created_by),
            changed_by: UserId::from_uuid(row.changed_by),
            changed_at: row.changed_at,
        }
    }
}

fn kind_of(kept: &Kept) -> (&'static str, Value) {
    match kept {
        Kept::View(view) => ("view", serde_json::json!(view)),
        Kept::Portfolio(portfolio) => ("portfolio", serde_json::json!(portfolio)),
    }
}

/// By name.
pub(super) async fn list(tx: &mut OrgTx) -> Result<Vec<Saved>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select saved_id, kind, name, document, version, created_by, changed_by, changed_at
          from tenant.pacing_saved
         where org_id = $1
         order by lower(name), saved_id
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(Saved::from).collect())
}

/// Id, name and orders of each portfolio, by name.
pub(in crate::modules::pacing) async fn list_portfolios(
    tx: &mut OrgTx,
) -> Result<Vec<(String, String, Portfolio)>, sqlx::Error> {
    let all = list(tx).await?.into_iter();
    let portfolio = |one: Saved| match one.kept {
        Kept::Portfolio(portfolio) => Some((one.saved_id.to_string(), one.name, portfolio)),
        Kept::View(_) => None,
    };
    Ok(all.filter_map(portfolio).collect())
}

/// Locked, because it is about to be changed.
pub(super) async fn find(tx: &mut OrgTx, saved_id: Uuid) -> Result<Option<Saved>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query_as!(
        Row,
        r#"
        select saved_id, kind, name, document, version, created_by, changed_by, changed_at
          from tenant.pacing_saved
         where org_id = $1 and saved_id = $2
           for update
        "#,
        org,
        saved_id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(Saved::from))
}

pub(super) async fn count(tx: &mut OrgTx) -> Result<i64, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from tenant.pacing_saved where org_id = $1"#,
        org,
    )
    .fetch_one(&mut **tx)
    .await
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    (name, kept): (&str, &Kept),
    user: UserId,
) -> Result<Saved, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (kind, document) = kind_of(kept);
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into tenant.pacing_saved (
            org_id, saved_id, kind, name, document, version, created_by, changed_by)
        values ($1, $2, $3, $4, $5, 1, $6, $6)
        returning saved_id, kind, name, document, version, created_by, changed_by, changed_at
        "#,
        org,
        Uuid::now_v7(),
        kind,
        name,
        document,
        user.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.into())
}

pub(super) async fn update(
    tx: &mut OrgTx,
    saved_id: Uuid,
    (name, kept): (&str, &Kept),
    user: UserId,
) -> Result<Saved, sqlx::Error> {
    let org = tx.org().as_uuid();
    let (kind, document) = kind_of(kept);
    let row = sqlx::query_as!(
        Row,
        r#"
        update tenant.pacing_saved
           set kind = $3, name = $4, document = $5, version = version + 1, changed_by = $6,
               changed_at = clock_timestamp()
         where org_id = $1 and saved_id = $2
        returning saved_id, kind, name, document, version, created_by, changed_by, changed_at
        "#,
        org,
        saved_id,
        kind,
        name,
        document,
        user.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.into())
}

pub(super) async fn delete(tx: &mut OrgTx, saved_id: Uuid) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.pacing_saved where org_id = $1 and saved_id = $2",
        org,
        saved_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

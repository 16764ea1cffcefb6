//! The rows of an org's own limits, and sums of what it has used.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::{Change, Limit, Resource};
use crate::tenancy::OrgTx;

pub(super) struct Used {
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

type Limits = BTreeMap<Resource, Limit>;

struct Row {
    resource: String,
    soft: Option<i64>,
    hard: Option<i64>,
}

fn limits(rows: Vec<Row>) -> Limits {
    let number = |number: Option<i64>| number.map(i64::unsigned_abs);
    let limit = |row: Row| {
        let limit = Limit {
            soft: number(row.soft),
            hard: number(row.hard),
        };
        Some((Resource::find(&row.resource)?, limit))
    };
    rows.into_iter().filter_map(limit).collect()
}

pub(super) async fn list(tx: &mut OrgTx) -> Result<Limits, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        Row,
        "select resource, soft, hard from tenant.budgets where org_id = $1",
        org,
    );
    rows.fetch_all(&mut **tx).await.map(limits)
}

/// Sets all of the org's own limits, those not named are gone, and remembers who did it.
pub(super) async fn replace(
    tx: &mut OrgTx,
    wanted: &Limits,
    user: UserId,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let before = sqlx::query_as!(
        Row,
        "delete from tenant.budgets where org_id = $1 returning resource, soft, hard",
        org,
    );
    let before = before.fetch_all(&mut **tx).await.map(limits)?;
    let number = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
    for (resource, limit) in wanted {
        sqlx::query!(
            r#"
            insert into tenant.budgets (org_id, resource, soft, hard, updated_by)
            values ($1, $2, $3, $4, $5)
            "#,
            org,
            resource.as_str(),
            number(limit.soft),
            number(limit.hard),
            user.as_uuid(),
        )
        .execute(&mut **tx)
        .await?;
    }
    if before == *wanted {
        return Ok(());
    }
    let encode = |limits: &Limits| {
        serde_json::to_value(limits).map_err(|error| sqlx::Error::Encode(error.into()))
    };
    sqlx::query!(
        r#"
        insert into tenant.budget_changes (
            org_id, change_id, limits_before, limits_after, changed_by)
        values ($1, $2, $3, $4, $5)
        "#,
        org,
        Uuid::now_v7(),
        encode(&before)?,
        encode(wanted)?,
        user.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct ChangeRow {
    change_id: Uuid,
    limits_before: Value,
    limits_after: Value,
    changed_by: Uuid,
    changed_at: DateTime<Utc>,
}

/// Newest first, those before `before`.
pub(super) async fn list_changes(
    tx: &mut OrgTx,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Change>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_as!(
        ChangeRow,
        r#"
        select change_id, limits_before, limits_after, changed_by, changed_at
          from tenant.budget_changes
         where org_id = $1 and ($2::uuid is null or change_id < $2)
         order by change_id desc
         limit $3
        "#,
        org,
        before,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let decode =
        |limits| serde_json::from_value(limits).map_err(|error| sqlx::Error::Decode(error.into()));
    rows.into_iter()
        .map(|row| {
            Ok(Change {
                change_id: row.change_id,
                before: decode(row.limits_before)?,
                after: decode(row.limits_after)?,
                changed_by: UserId::from_uuid(row.changed_by),
                changed_at: row.changed_at,
            })
        })
        .collect()
}

pub(super) async fn fetch_used(tx: &mut OrgTx, since: DateTime<Utc>) -> Result<Used, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query_scalar!(
        r#"
        select coalesce(sum(rows_loaded), 0)::bigint as "rows!"
          from tenant.load_ledger
         where org_id = $1 and loaded_at >= $2
        "#,
        org,
        since,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Used {
        rows: rows.unsigned_abs(),
        bytes: fetch_bytes(tx, since).await?,
    })
}

pub(super) async fn fetch_bytes(tx: &mut OrgTx, since: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let org = tx.org().as_uuid();
    let bytes = sqlx::query_scalar!(
        r#"
        select coalesce(sum(bytes), 0)::bigint as "bytes!"
          from tenant.bronze_objects
         where org_id = $1 and fetched_at >= $2
        "#,
        org,
        since,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(bytes.unsigned_abs())
}

pub(super) async fn list_metered(
    tx: &mut OrgTx,
    since: DateTime<Utc>,
) -> Result<BTreeMap<String, u64>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select meter, sum(quantity)::bigint as "quantity!"
          from tenant.usage_ledger
         where org_id = $1 and hour >= $2
         group by meter
        "#,
        org,
        since,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.meter, row.quantity.unsigned_abs()))
        .collect())
}

//! The rows of an org's own limits, and sums of what it has used.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contracts::UserId;

use super::{Limit, Resource};
use crate::tenancy::OrgTx;

pub(super) struct Used {
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

pub(super) async fn list(tx: &mut OrgTx) -> Result<BTreeMap<Resource, Limit>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        "select resource, soft, hard from tenant.budgets where org_id = $1",
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    let number = |number: Option<i64>| number.map(i64::unsigned_abs);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let resource = Resource::ALL
                .into_iter()
                .find(|one| one.as_str() == row.resource)?;
            let limit = Limit {
                soft: number(row.soft),
                hard: number(row.hard),
            };
            Some((resource, limit))
        })
        .collect())
}

/// Sets all of the org's own limits; those not named are gone.
pub(super) async fn replace(
    tx: &mut OrgTx,
    limits: &BTreeMap<Resource, Limit>,
    user: UserId,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!("delete from tenant.budgets where org_id = $1", org)
        .execute(&mut **tx)
        .await?;
    let number = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
    for (resource, limit) in limits {
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
    Ok(())
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

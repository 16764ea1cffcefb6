//! The usage ledger: additive rows per hour, meter and writer.

use chrono::{DateTime, Utc};

use super::Tally;
use crate::tenancy::OrgTx;

pub(super) struct Row {
    pub(super) hour: DateTime<Utc>,
    pub(super) meter: String,
    pub(super) quantity: i64,
}

/// Adds to this hour. Each connection adds to rows of its own, so nobody waits for anybody.
pub(crate) async fn add(tx: &mut OrgTx, tally: &Tally) -> Result<(), sqlx::Error> {
    let (meters, quantities) = tally.entries();
    if meters.is_empty() {
        return Ok(());
    }
    let (org, slot) = (tx.org().as_uuid(), tx.slot());
    sqlx::query!(
        r#"
        insert into tenant.usage_ledger as l (org_id, hour, meter, slot, quantity)
        select $1, date_trunc('hour', clock_timestamp(), 'UTC'), counted.meter, $2, counted.quantity
          from unnest($3::text[], $4::bigint[]) as counted (meter, quantity)
            on conflict (org_id, hour, meter, slot) do update
           set quantity = l.quantity + excluded.quantity
        "#,
        org,
        slot,
        &meters,
        &quantities,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn list(
    tx: &mut OrgTx,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Row>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Row,
        r#"
        select hour, meter, sum(quantity)::bigint as "quantity!"
          from tenant.usage_ledger
         where org_id = $1 and hour >= $2 and hour < $3
         group by hour, meter
         order by hour, meter
        "#,
        org,
        from,
        to,
    )
    .fetch_all(&mut **tx)
    .await
}

//! The rows of breakers. No row is a closed one.

use contracts::ConnectionId;

use super::{Breaker, BreakerState};
use crate::tenancy::OrgTx;

pub(crate) async fn find(tx: &mut OrgTx, connection: ConnectionId) -> Result<Breaker, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select state, failures, opened, retry_at, last_error
          from tenant.breakers
         where org_id = $1 and connection_id = $2
        "#,
        org,
        connection.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or_else(Breaker::default, |row| Breaker {
        state: BreakerState::find(&row.state).unwrap_or(BreakerState::Open),
        failures: row.failures,
        opened: row.opened,
        retry_at: row.retry_at,
        last_error: row.last_error,
    }))
}

/// Puts `next` in place of what was seen. `false`: another worker has changed it since.
pub(crate) async fn replace(
    tx: &mut OrgTx,
    connection: ConnectionId,
    seen: &Breaker,
    next: &Breaker,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let written = sqlx::query!(
        r#"
        insert into tenant.breakers as b (
            org_id, connection_id, state, failures, opened, retry_at, last_error)
        select $1, $2, $3, $4, $5, $6, $7
         where exists (select from tenant.connections where org_id = $1 and connection_id = $2)
            on conflict (org_id, connection_id) do update
           set state = excluded.state, failures = excluded.failures, opened = excluded.opened,
               retry_at = excluded.retry_at, last_error = excluded.last_error,
               updated_at = clock_timestamp()
         where b.state = $8 and b.failures = $9 and b.opened = $10
           and b.retry_at is not distinct from $11
        "#,
        org,
        connection.as_uuid(),
        next.state.as_str(),
        next.failures,
        next.opened,
        next.retry_at,
        next.last_error,
        seen.state.as_str(),
        seen.failures,
        seen.opened,
        seen.retry_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() == 1)
}

//! The rows of observed latencies.

use std::time::Duration;

use contracts::ConnectionId;

use super::{KEPT, Model};
use crate::ingestion::sync::queries::Purpose;
use crate::tenancy::OrgTx;

/// Notes how long a report took; the same report is noted once, and only the latest are kept.
pub(crate) async fn record(
    tx: &mut OrgTx,
    connection: ConnectionId,
    purpose: Purpose,
    report_id: &str,
    took: Duration,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.report_latencies (org_id, connection_id, purpose, report_id, seconds)
        select $1, $2, $3, $4, $5
         -- A connection that was removed in the meantime has nothing to learn.
         where exists (select from tenant.connections where org_id = $1 and connection_id = $2)
            on conflict do nothing
        "#,
        org,
        connection.as_uuid(),
        purpose.as_str(),
        report_id,
        took.as_secs_f64(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        delete from tenant.report_latencies l
         using (select report_id
                  from tenant.report_latencies
                 where org_id = $1 and connection_id = $2 and purpose = $3
                 order by observed_at desc
                offset $4) old
         where l.org_id = $1 and l.connection_id = $2 and l.purpose = $3
           and l.report_id = old.report_id
        "#,
        org,
        connection.as_uuid(),
        purpose.as_str(),
        KEPT as i64,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn list(
    tx: &mut OrgTx,
    connection: ConnectionId,
    purpose: Purpose,
) -> Result<Vec<Duration>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let seconds = sqlx::query_scalar!(
        r#"
        select seconds
          from tenant.report_latencies
         where org_id = $1 and connection_id = $2 and purpose = $3
         order by observed_at desc
        "#,
        org,
        connection.as_uuid(),
        purpose.as_str(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(seconds.into_iter().map(Duration::from_secs_f64).collect())
}

pub(crate) async fn model(tx: &mut OrgTx, connection: ConnectionId) -> Result<Model, sqlx::Error> {
    Ok(Model::new(&list(tx, connection, Purpose::AdHoc).await?))
}

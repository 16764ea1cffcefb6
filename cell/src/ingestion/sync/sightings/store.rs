//! The rows of what lists have shown.

use chrono::{DateTime, Utc};

use super::{Question, Sighting};
use crate::ingestion::connector::SeenReport;
use crate::tenancy::OrgTx;

/// What is known; nobody else changes it until the transaction ends.
pub(super) async fn lock(tx: &mut OrgTx, question: Question<'_>) -> Result<Sighting, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.sightings (org_id, connection_id, query_id)
        values ($1, $2, $3)
            on conflict do nothing
        "#,
        org,
        question.connection.as_uuid(),
        question.query_id,
    )
    .execute(&mut **tx)
    .await?;
    let row = sqlx::query!(
        r#"
        select asked_at, reports, asking_until
          from tenant.sightings
         where org_id = $1 and connection_id = $2 and query_id = $3
           for update
        "#,
        org,
        question.connection.as_uuid(),
        question.query_id,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Sighting {
        asked_at: row.asked_at,
        // What a later version has written is asked for again.
        reports: serde_json::from_value(row.reports).unwrap_or_default(),
        asking_until: row.asking_until,
    })
}

pub(super) async fn begin(
    tx: &mut OrgTx,
    question: Question<'_>,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.sightings
           set asking_until = $4
         where org_id = $1 and connection_id = $2 and query_id = $3
        "#,
        org,
        question.connection.as_uuid(),
        question.query_id,
        until,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whoever began last ends it; an answer is kept in any case.
pub(super) async fn end(
    tx: &mut OrgTx,
    question: Question<'_>,
    until: DateTime<Utc>,
    seen: Option<(DateTime<Utc>, &[SeenReport])>,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let (asked_at, reports) = seen.unzip();
    let reports = reports.map(serde_json::to_value).transpose();
    sqlx::query!(
        r#"
        update tenant.sightings
           set asked_at = coalesce($5, asked_at), reports = coalesce($6, reports),
               asking_until = case when asking_until = $4 then null else asking_until end
         where org_id = $1 and connection_id = $2 and query_id = $3
        "#,
        org,
        question.connection.as_uuid(),
        question.query_id,
        until,
        asked_at,
        reports.map_err(|error| sqlx::Error::Encode(error.into()))?,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

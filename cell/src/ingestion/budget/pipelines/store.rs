//! The rows of what pipelines use.

use chrono::NaiveDate;

use super::Spent;
use crate::tenancy::OrgTx;

pub(super) async fn fetch(
    tx: &mut OrgTx,
    pipeline: &str,
    day: NaiveDate,
) -> Result<Spent, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select calls, rows, bytes
          from tenant.pipeline_use
         where org_id = $1 and pipeline = $2 and day = $3
        "#,
        org,
        pipeline,
        day,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or_else(Spent::default, |row| Spent {
        calls: row.calls.unsigned_abs(),
        rows: row.rows.unsigned_abs(),
        bytes: row.bytes.unsigned_abs(),
    }))
}

pub(super) async fn add(
    tx: &mut OrgTx,
    pipeline: &str,
    day: NaiveDate,
    spent: Spent,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    sqlx::query!(
        r#"
        insert into tenant.pipeline_use as u (org_id, pipeline, day, calls, rows, bytes)
        values ($1, $2, $3, $4, $5, $6)
            on conflict (org_id, pipeline, day) do update
           set calls = u.calls + excluded.calls, rows = u.rows + excluded.rows,
               bytes = u.bytes + excluded.bytes
        "#,
        org,
        pipeline,
        day,
        number(spent.calls),
        number(spent.rows),
        number(spent.bytes),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! The stored answers.

use super::{KEPT_HOURS, StoredAnswer, Write};
use crate::tenancy::OrgTx;

/// Keeps a second try of the same write out while the first is under way. False: it is.
///
/// 1768187245 is "idem": a lock class of its own.
pub(super) async fn lock(tx: &mut OrgTx, write: &Write) -> Result<bool, sqlx::Error> {
    let name = format!("{}/{}/{}", tx.org(), write.user, write.key);
    sqlx::query_scalar!(
        r#"
        select pg_try_advisory_xact_lock(1768187245, hashtext($1)) as "locked!"
        "#,
        name,
    )
    .fetch_one(&mut **tx)
    .await
}

/// True: the key is ours now. An expired answer gives way to a new write.
pub(super) async fn claim(tx: &mut OrgTx, write: &Write) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let claimed = sqlx::query!(
        r#"
        insert into tenant.idempotency_keys as k
               (org_id, user_id, key, request, body_hash, expires_at)
        values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(hours => $6))
            on conflict (org_id, user_id, key) do update
           set request = excluded.request, body_hash = excluded.body_hash,
               expires_at = excluded.expires_at, status = null, answer = null
         where k.expires_at < clock_timestamp()
        "#,
        org,
        write.user.as_uuid(),
        write.key,
        write.request,
        &write.body_hash[..],
        KEPT_HOURS,
    )
    .execute(&mut **tx)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// The answer of the same write; none if the key belongs to another one.
pub(super) async fn fetch(
    tx: &mut OrgTx,
    write: &Write,
) -> Result<Option<StoredAnswer>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select status as "status!", answer as "answer!"
          from tenant.idempotency_keys
         where org_id = $1 and user_id = $2 and key = $3
           and request = $4 and body_hash = $5 and status is not null
        "#,
        org,
        write.user.as_uuid(),
        write.key,
        write.request,
        &write.body_hash[..],
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| StoredAnswer {
        status: row.status.unsigned_abs(),
        body: row.answer,
    }))
}

/// Stores the answer and removes expired ones, a few at a time.
pub(super) async fn answer(
    tx: &mut OrgTx,
    write: &Write,
    answer: &StoredAnswer,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    let status = i16::try_from(answer.status).unwrap_or(i16::MAX);
    sqlx::query!(
        r#"
        with expired as (
            delete from tenant.idempotency_keys
             where org_id = $1 and expires_at < clock_timestamp()
        )
        update tenant.idempotency_keys
           set status = $4, answer = $5
         where org_id = $1 and user_id = $2 and key = $3
        "#,
        org,
        write.user.as_uuid(),
        write.key,
        status,
        answer.body,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

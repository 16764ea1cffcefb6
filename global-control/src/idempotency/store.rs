//! SQL of idempotency keys.

use serde_json::Value;

use crate::db::{Error, GlobalTx};

pub(super) struct Kept {
    pub(super) fingerprint: Vec<u8>,
    pub(super) answer: Option<Value>,
}

/// False when the key is there already. Waits for a transaction that is about to claim it.
pub(super) async fn claim(
    tx: &mut GlobalTx,
    scope: &str,
    key: &str,
    fingerprint: &[u8],
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        insert into idempotency_keys (scope, key, fingerprint)
        values ($1, $2, $3)
        on conflict do nothing
        "#,
        scope,
        key,
        fingerprint,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn find(tx: &mut GlobalTx, scope: &str, key: &str) -> Result<Option<Kept>, Error> {
    let kept = sqlx::query_as!(
        Kept,
        r#"
        select fingerprint, answer
        from idempotency_keys
        where scope = $1 and key = $2
        "#,
        scope,
        key,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(kept)
}

pub(super) async fn keep(
    tx: &mut GlobalTx,
    scope: &str,
    key: &str,
    answer: Value,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        update idempotency_keys
        set answer = $3
        where scope = $1 and key = $2
        "#,
        scope,
        key,
        answer,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(super) async fn delete_old(tx: &mut GlobalTx) -> Result<u64, Error> {
    let done = sqlx::query!(
        r#"
        delete from idempotency_keys
        where created_at < now() - interval '1 day'
        "#,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected())
}

//! The rows of consents under way.

use contracts::SessionId;
use uuid::Uuid;

use crate::tenancy::OrgTx;

/// A consent that was begun.
pub(super) struct Begun {
    pub(super) sealed_verifier: Vec<u8>,
    pub(super) return_path: String,
    /// The connection it is for; none: whichever the account has, or a new one.
    pub(super) connection_id: Option<Uuid>,
}

pub(super) async fn insert_state(
    tx: &mut OrgTx,
    hash: &[u8; 32],
    session: SessionId,
    begun: &Begun,
    minutes: i32,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        "delete from tenant.oauth_states where org_id = $1 and expires_at < clock_timestamp()",
        org,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into tenant.oauth_states (
            org_id, state_hash, session_id, sealed_verifier, return_path, expires_at, connection_id)
        values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(mins => $6), $7)
        "#,
        org,
        &hash[..],
        session.as_uuid(),
        begun.sealed_verifier,
        begun.return_path,
        minutes,
        begun.connection_id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses a state up: it works once, in time, and for the session that began it.
pub(super) async fn take_state(
    tx: &mut OrgTx,
    hash: &[u8; 32],
    session: SessionId,
) -> Result<Option<Begun>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_as!(
        Begun,
        r#"
        delete from tenant.oauth_states
         where org_id = $1 and state_hash = $2 and session_id = $3
           and expires_at >= clock_timestamp()
        returning sealed_verifier, return_path, connection_id
        "#,
        org,
        &hash[..],
        session.as_uuid(),
    )
    .fetch_optional(&mut **tx)
    .await
}

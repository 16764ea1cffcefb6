//! SQL of users and sessions.

use contracts::{SessionId, UserId};

use super::User;
use crate::config;
use crate::db::{Error, GlobalTx};

/// False when the e-mail is taken.
pub(super) async fn insert_user(
    tx: &mut GlobalTx,
    user: &User,
    password_hash: &str,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"
        insert into users (user_id, email, name, password_hash)
        values ($1, $2, $3, $4)
        on conflict (email) do nothing
        "#,
        user.user_id.as_uuid(),
        user.email,
        user.name,
        password_hash,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The person and the hash of their password.
pub(super) async fn find_user(
    tx: &mut GlobalTx,
    email: &str,
) -> Result<Option<(User, String)>, Error> {
    let row = sqlx::query!(
        r#"
        select user_id, email, name, password_hash
        from users
        where email = $1
        "#,
        email,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| {
        let user = User {
            user_id: UserId::from_uuid(row.user_id),
            email: row.email,
            name: row.name,
        };
        (user, row.password_hash)
    }))
}

pub(super) async fn insert_session(
    tx: &mut GlobalTx,
    id: SessionId,
    secret_hash: &[u8],
    user: UserId,
    times: &config::Sessions,
) -> Result<(), Error> {
    sqlx::query!(
        r#"
        insert into app_sessions (secret_hash, session_id, user_id, idle_expires_at, expires_at)
        values (
            $1, $2, $3,
            now() + make_interval(secs => $4),
            now() + make_interval(secs => $5)
        )
        "#,
        secret_hash,
        id.as_uuid(),
        user.as_uuid(),
        f64::from(times.idle_seconds),
        f64::from(times.absolute_seconds),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Renews the idle time at most once a minute, so that reading stays cheap.
pub(super) async fn find_session_user(
    tx: &mut GlobalTx,
    secret_hash: &[u8],
    times: &config::Sessions,
) -> Result<Option<User>, Error> {
    let row = sqlx::query!(
        r#"
        select
            users.user_id,
            users.email,
            users.name,
            app_sessions.seen_at < now() - interval '1 minute' as "stale!"
        from app_sessions
        join users using (user_id)
        where secret_hash = $1
            and idle_expires_at > now()
            and expires_at > now()
        "#,
        secret_hash,
    )
    .fetch_optional(tx.connection())
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.stale {
        sqlx::query!(
            r#"
            update app_sessions
            set seen_at = now(),
                idle_expires_at = now() + make_interval(secs => $2)
            where secret_hash = $1
            "#,
            secret_hash,
            f64::from(times.idle_seconds),
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(Some(User {
        user_id: UserId::from_uuid(row.user_id),
        email: row.email,
        name: row.name,
    }))
}

pub(super) async fn delete_session(
    tx: &mut GlobalTx,
    secret_hash: &[u8],
) -> Result<Option<UserId>, Error> {
    let user = sqlx::query_scalar!(
        r#"
        delete from app_sessions
        where secret_hash = $1
        returning user_id
        "#,
        secret_hash,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(user.map(UserId::from_uuid))
}

pub(super) async fn delete_expired_sessions(tx: &mut GlobalTx) -> Result<u64, Error> {
    let done = sqlx::query!(
        r#"
        delete from app_sessions
        where least(idle_expires_at, expires_at) < now()
        "#,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected())
}

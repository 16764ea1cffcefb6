//! Members, their sessions and the codes that opened them.

use chrono::{DateTime, Utc};
use contracts::handoff::HandoffClaims;
use contracts::{SessionId, UserId};

use super::{ListedMember, Member, OrgCard};
use crate::tenancy::OrgTx;

/// A session is marked as used at most this often, so that reading stays reading.
const TOUCH_SECONDS: f64 = 300.0;

pub(super) struct NewSession {
    pub(super) session: SessionId,
    pub(super) user: UserId,
    pub(super) token_hash: [u8; 32],
    pub(super) expires_at: DateTime<Utc>,
}

pub(super) struct FoundSession {
    pub(super) member: Member,
    pub(super) due_for_touch: bool,
}

/// False: the code has been redeemed before.
pub(super) async fn mark_redeemed(
    tx: &mut OrgTx,
    jti: &str,
    expires_at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let org = tx.org().as_uuid();
    let marked = sqlx::query!(
        r#"
        insert into tenant.redeemed_codes (org_id, jti, expires_at)
        values ($1, $2, $3)
        on conflict (org_id, jti) do nothing
        "#,
        org,
        jti,
        expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(marked.rows_affected() == 1)
}

pub(super) async fn upsert_member(
    tx: &mut OrgTx,
    claims: &HandoffClaims,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.members as m (org_id, user_id, email, name, role)
        values ($1, $2, $3, $4, $5)
        on conflict (org_id, user_id) do update
           set email = excluded.email, name = excluded.name, role = excluded.role,
               updated_at = clock_timestamp()
         where (m.email, m.name, m.role) is distinct from (excluded.email, excluded.name, excluded.role)
        "#,
        org,
        claims.sub.as_uuid(),
        claims.email,
        claims.name,
        claims.role.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_session(
    tx: &mut OrgTx,
    session: &NewSession,
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        insert into tenant.sessions (org_id, session_id, user_id, token_hash, expires_at)
        values ($1, $2, $3, $4, $5)
        "#,
        org,
        session.session.as_uuid(),
        session.user.as_uuid(),
        &session.token_hash[..],
        session.expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes what has expired, a little at each sign-in.
pub(super) async fn sweep(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        with codes as (
            delete from tenant.redeemed_codes where org_id = $1 and expires_at < clock_timestamp()
        )
        delete from tenant.sessions where org_id = $1 and expires_at < clock_timestamp()
        "#,
        org,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find_session(
    tx: &mut OrgTx,
    token_hash: &[u8; 32],
    idle_seconds: u32,
) -> Result<Option<FoundSession>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let row = sqlx::query!(
        r#"
        select s.session_id, m.user_id, m.email, m.name, m.role,
               s.last_seen_at < clock_timestamp() - make_interval(secs => $4) as "due_for_touch!"
          from tenant.sessions s
          join tenant.members m on m.org_id = s.org_id and m.user_id = s.user_id
         where s.org_id = $1
           and s.token_hash = $2
           and s.expires_at > clock_timestamp()
           and s.last_seen_at > clock_timestamp() - make_interval(secs => $3)
        "#,
        org,
        &token_hash[..],
        f64::from(idle_seconds),
        TOUCH_SECONDS,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let role = row
        .role
        .parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error) as Box<_>))?;
    Ok(Some(FoundSession {
        due_for_touch: row.due_for_touch,
        member: Member {
            scope: tx.scope(),
            session: SessionId::from_uuid(row.session_id),
            user: UserId::from_uuid(row.user_id),
            email: row.email,
            name: row.name,
            role,
        },
    }))
}

pub(super) async fn touch(tx: &mut OrgTx, session: SessionId) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        update tenant.sessions
           set last_seen_at = clock_timestamp()
         where org_id = $1 and session_id = $2
        "#,
        org,
        session.as_uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn delete_session(
    tx: &mut OrgTx,
    token_hash: &[u8; 32],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query!(
        r#"
        delete from tenant.sessions where org_id = $1 and token_hash = $2
        "#,
        org,
        &token_hash[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn fetch_org(tx: &mut OrgTx) -> Result<OrgCard, sqlx::Error> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"
        select slug, name from tenant.orgs where org_id = $1
        "#,
        org.as_uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(OrgCard {
        org,
        slug: row.slug,
        name: row.name,
    })
}

pub(super) async fn list_members(tx: &mut OrgTx) -> Result<Vec<ListedMember>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        select user_id, name, email
          from tenant.members
         where org_id = $1
         order by name, email
        "#,
        org,
    )
    .fetch_all(&mut **tx)
    .await?;
    let listed = rows.into_iter().map(|row| ListedMember {
        user_id: UserId::from_uuid(row.user_id),
        name: row.name,
        email: row.email,
    });
    Ok(listed.collect())
}

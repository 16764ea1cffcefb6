//! Who asks, and what they may do. Signing in happens in global-control; staying signed in happens
//! here, from this cell's rows alone, so it goes on when global-control is gone.

use chrono::{DateTime, Utc};
use contracts::handoff::{self, HandoffClaims};
use contracts::{Action, OrgId, Role, SessionId, UserId};
use serde::Serialize;
use service_kit::keys::random_32;
use service_kit::tokens::{self, VerifyingKeys};
use utoipa::ToSchema;

use crate::config::Serve;
use crate::tenancy::{self, OrgDb, OrgScope, sha256};

pub mod edge;

pub mod http;

mod store;

/// A signed-in person in one org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub scope: OrgScope,
    pub session: SessionId,
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
}

impl Member {
    pub fn may(&self, action: Action) -> bool {
        self.role.allows(action)
    }
}

/// What the session endpoint tells besides the member.
#[derive(Debug, Clone)]
pub(crate) struct OrgCard {
    pub(crate) org: OrgId,
    pub(crate) slug: String,
    pub(crate) name: String,
}

/// A member as other members see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct ListedMember {
    pub user_id: UserId,
    pub name: String,
    pub email: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the sign-in code is not valid")]
    Code(#[source] tokens::Error),
    #[error("the sign-in code says something it must not")]
    Claims,
    #[error("the sign-in code was used before")]
    CodeUsed,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// A session's secret as the browser keeps it: 256 random bits in hex.
pub(crate) struct SessionToken(String);

impl SessionToken {
    fn fresh() -> Self {
        Self(hex::encode(random_32()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn hash_of(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

pub(crate) struct SignedIn {
    pub(crate) token: SessionToken,
    pub(crate) path: String,
}

/// Turns a code of global-control into a session, offline and once.
pub(crate) async fn redeem(
    db: &OrgDb,
    keys: &VerifyingKeys,
    scope: &OrgScope,
    code: &str,
    settings: &Serve,
) -> Result<SignedIn, Error> {
    let audience = scope.org().to_string();
    let claims: HandoffClaims = keys
        .verify_jwt(handoff::TYP, code, &audience)
        .map_err(Error::Code)?;
    if claims.iss != handoff::ISSUER || !handoff::is_local_path(&claims.path) {
        return Err(Error::Claims);
    }
    let code_expires_at = DateTime::<Utc>::from_timestamp(claims.exp, 0).ok_or(Error::Claims)?;
    let token = SessionToken::fresh();
    let mut tx = db.begin(scope).await?;
    // A minute more than the verifier's leeway, so that the code cannot outlive its mark.
    let kept_until = code_expires_at + chrono::Duration::seconds(60);
    if !store::mark_redeemed(&mut tx, &claims.jti, kept_until).await? {
        return Err(Error::CodeUsed);
    }
    store::upsert_member(&mut tx, &claims).await?;
    let lifetime = chrono::Duration::seconds(settings.session_absolute_seconds.into());
    let session = store::NewSession {
        session: SessionId::new(),
        user: claims.sub,
        token_hash: hash_of(token.as_str()),
        expires_at: Utc::now() + lifetime,
    };
    store::insert_session(&mut tx, &session).await?;
    store::sweep(&mut tx).await?;
    tx.commit().await?;
    Ok(SignedIn {
        token,
        path: claims.path,
    })
}

/// The member behind a session token, if the session still lives.
pub(crate) async fn find_member(
    db: &OrgDb,
    scope: &OrgScope,
    token: &str,
    settings: &Serve,
) -> Result<Option<Member>, Error> {
    let mut tx = db.begin_read(scope).await?;
    let found =
        store::find_session(&mut tx, &hash_of(token), settings.session_idle_seconds).await?;
    tx.commit().await?;
    let Some(found) = found else {
        return Ok(None);
    };
    if found.due_for_touch {
        touch(db, scope, found.member.session).await;
    }
    Ok(Some(found.member))
}

/// Best effort: a session that could not be touched now is touched by the next request.
async fn touch(db: &OrgDb, scope: &OrgScope, session: SessionId) {
    let touched = async {
        let mut tx = db.begin(scope).await?;
        store::touch(&mut tx, session).await?;
        tx.commit().await
    };
    if let Err(error) = touched.await {
        tracing::debug!(%error, "could not prolong a session");
    }
}

pub(crate) async fn end_session(db: &OrgDb, scope: &OrgScope, token: &str) -> Result<(), Error> {
    let mut tx = db.begin(scope).await?;
    store::delete_session(&mut tx, &hash_of(token)).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn fetch_org(db: &OrgDb, scope: &OrgScope) -> Result<OrgCard, Error> {
    let mut tx = db.begin_read(scope).await?;
    let card = store::fetch_org(&mut tx).await?;
    tx.commit().await?;
    Ok(card)
}

/// Everybody who has entered this org here, by name.
pub(crate) async fn list_members(db: &OrgDb, scope: &OrgScope) -> Result<Vec<ListedMember>, Error> {
    let mut tx = db.begin_read(scope).await?;
    let members = store::list_members(&mut tx).await?;
    tx.commit().await?;
    Ok(members)
}

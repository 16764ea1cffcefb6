//! An org's connections to outside systems: consent, what was chosen, and when it stops working.
//!
//! Only the refresh token is kept, sealed with the org's data key. Whoever consents may see partners
//! and advertisers of others, too; what an org may use is checked against its own choice.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::{ConnectionId, UserId};
use secrecy::{ExposeSecret, SecretString};

use crate::ingestion::Ingestion;
use crate::ingestion::connector::{self, Advertiser, Partner, Session};
use crate::ingestion::connectors::dv360;
use crate::ingestion::permit::Unlimited;
use crate::ingestion::silver;
use crate::ingestion::sync::{self, Kind, Problem, Sync, plan::Chosen};
use crate::metering::Meter;
use crate::tenancy::envelope::{self, Place};
use crate::tenancy::{self, OrgScope, OrgTx};

pub mod consent;

pub mod http;

mod store;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Consent was given; partner and advertisers are not chosen yet.
    NeedsSetup,
    Active,
    /// Somebody has to consent again.
    Paused,
    Failed,
}

impl ConnectionState {
    const ALL: [Self; 4] = [Self::NeedsSetup, Self::Active, Self::Paused, Self::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsSetup => "needs_setup",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    pub connection_id: ConnectionId,
    pub state: ConnectionState,
    pub problem: Option<Problem>,
    pub account_email: Option<String>,
    pub scopes: Vec<String>,
    /// Id and name.
    pub partner: Option<(String, String)>,
    pub advertisers_selected: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such connection")]
    NotFound,
    #[error("the connection is not set up, or is paused")]
    NotReady,
    #[error("advertiser {0} does not belong to the chosen partner")]
    NotOfPartner(String),
    #[error("the account does not see partner {0}")]
    UnknownPartner(String),
    #[error("no advertiser was chosen")]
    NothingChosen,
    #[error(transparent)]
    Source(#[from] connector::Error),
    #[error(transparent)]
    Sealed(#[from] envelope::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

impl Error {
    /// What a sync that meets this has to say; none: it may pass by itself.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::NotFound => Some(Problem::new("connection_removed", self.to_string())),
            Self::NotReady => Some(Problem::new("connection_paused", self.to_string())),
            Self::Sealed(envelope::Error::Sealed | envelope::Error::NoDataKey) => {
                Some(Problem::new("credentials_unreadable", "connect again"))
            }
            Self::NotOfPartner(_) | Self::UnknownPartner(_) | Self::NothingChosen => {
                Some(Problem::new("wrong_choice", self.to_string()))
            }
            Self::Source(_) | Self::Sealed(envelope::Error::Database(_)) | Self::Tenancy(_) => None,
        }
    }
}

fn place(owner: &str, version: i64) -> Place<'_> {
    Place {
        owner,
        field: "refresh_token",
        version,
    }
}

/// Opens a connection with its stored consent.
pub async fn open(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
) -> Result<Box<dyn Session>, Error> {
    let token = stored_token(ingestion, scope, id).await?;
    Ok(ingestion.connector.open(id, token, Arc::new(Unlimited)))
}

async fn stored_token(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
) -> Result<SecretString, Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let sealed = store::find_credentials(&mut tx, id)
        .await?
        .ok_or(Error::NotFound)?;
    let key = ingestion.cell_key.fetch(&mut tx).await?;
    tx.commit().await?;
    let owner = id.to_string();
    let token = key.open(place(&owner, sealed.version), &sealed.credentials)?;
    let token = String::from_utf8(token.to_vec()).map_err(|_| envelope::Error::Sealed)?;
    Ok(SecretString::from(token))
}

/// Asks the source something on a person's behalf: the requests are counted, and a consent that
/// turns out to have ended pauses the connection.
pub(crate) async fn ask<T, E: Into<Error>>(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
    session: &dyn Session,
    question: impl Future<Output = Result<T, E>>,
) -> Result<T, Error> {
    let answer = question.await.map_err(Into::into);
    ingestion
        .usage
        .add(scope, Meter::DspCalls, session.take_calls());
    if let Err(Error::Source(error @ connector::Error::SignedOut(_))) = &answer {
        let mut tx = ingestion.db.begin(scope).await?;
        let problem = Problem::new(error.code(), error.to_string());
        pause(&mut tx, id, &problem).await?;
        tx.commit().await?;
    }
    answer
}

/// The ids of the advertisers that are chosen on a connection.
pub(crate) async fn selected(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
) -> Result<BTreeSet<String>, Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let chosen = store::list_chosen(&mut tx, id, dv360::NAME, silver::LINE_ITEM_DAYS).await?;
    tx.commit().await?;
    Ok(chosen.into_iter().map(|one| one.advertiser_id).collect())
}

/// Keeps a fresh consent. The same account connected again is the same connection.
pub(crate) async fn keep_grant(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    user: UserId,
    grant: &connector::Grant,
    now: DateTime<Utc>,
) -> Result<ConnectionId, Error> {
    let email = grant.account_email.as_deref();
    let known = store::find_by_account(tx, email).await?;
    let (id, version) = known.unwrap_or((ConnectionId::new(), 0));
    let key = ingestion.cell_key.fetch(tx).await?;
    let owner = id.to_string();
    let secret = grant.refresh_token.expose_secret().as_bytes();
    let sealed = key.seal(place(&owner, version + 1), secret);
    if version == 0 {
        store::insert(tx, id, user, email, &grant.scopes, &sealed).await?;
    } else {
        store::renew(tx, id, version + 1, &grant.scopes, &sealed).await?;
        // Whatever was missed while it was paused is fetched now.
        match start_sync(tx, id, Kind::Daily, now).await {
            Ok(_) | Err(Error::NotReady) => {}
            Err(error) => return Err(error),
        }
    }
    ingestion.connector.forget(id);
    Ok(id)
}

/// Stops using a connection until somebody consents again, and says why.
pub(crate) async fn pause(
    tx: &mut OrgTx,
    id: ConnectionId,
    problem: &Problem,
) -> Result<(), tenancy::Error> {
    store::pause(tx, id, problem).await?;
    Ok(())
}

/// Starts a sync of everything that is chosen.
pub(crate) async fn start_sync(
    tx: &mut OrgTx,
    id: ConnectionId,
    kind: Kind,
    now: DateTime<Utc>,
) -> Result<Sync, Error> {
    let connection = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    let partner = match (&connection.partner, connection.state) {
        (Some((partner_id, _)), ConnectionState::Active) => partner_id,
        _ => return Err(Error::NotReady),
    };
    let chosen: Vec<Chosen> =
        store::list_chosen(tx, id, dv360::NAME, silver::LINE_ITEM_DAYS).await?;
    let started = sync::start(tx, id, kind, partner, &chosen, now).await?;
    started.ok_or(Error::NotReady)
}

/// What a person chose, checked against what the account really has.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) partner: Partner,
    pub(crate) advertisers: Vec<Advertiser>,
}

/// The source answers for any advertiser the account sees, so membership is checked here, before
/// anything below an advertiser is asked for.
pub(crate) async fn check_choice(
    session: &dyn Session,
    partner_id: &str,
    advertiser_ids: &[String],
) -> Result<Choice, Error> {
    if advertiser_ids.is_empty() {
        return Err(Error::NothingChosen);
    }
    let partners = session.list_partners().await?;
    let partner = partners
        .into_iter()
        .find(|one| one.partner_id == partner_id);
    let partner = partner.ok_or_else(|| Error::UnknownPartner(partner_id.to_owned()))?;
    let mut of_partner = session.list_advertisers(partner_id).await?;
    of_partner.retain(|one| one.partner_id == partner_id);
    let mut advertisers: Vec<Advertiser> = Vec::with_capacity(advertiser_ids.len());
    for id in advertiser_ids {
        let found = of_partner.iter().find(|one| one.advertiser_id == *id);
        let found = found.ok_or_else(|| Error::NotOfPartner(id.clone()))?;
        if !advertisers.contains(found) {
            advertisers.push(found.clone());
        }
    }
    Ok(Choice {
        partner,
        advertisers,
    })
}

/// Keeps the choice, starts the backfill and the daily schedule.
pub(crate) async fn choose(
    tx: &mut OrgTx,
    id: ConnectionId,
    choice: &Choice,
    now: DateTime<Utc>,
) -> Result<Sync, Error> {
    if !store::set_choice(tx, id, &choice.partner, &choice.advertisers).await? {
        return Err(Error::NotFound);
    }
    silver::store::upsert_advertisers(tx, dv360::NAME, &choice.advertisers).await?;
    sync::schedule_daily(tx, id).await?;
    start_sync(tx, id, Kind::Backfill, now).await
}

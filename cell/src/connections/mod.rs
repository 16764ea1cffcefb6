//! An org's connections to outside systems: consent, what was chosen, and when it stops working.
//!
//! Only the refresh token is kept, sealed with the org's data key. Whoever consents may see partners
//! and advertisers of others, too; what an org may use is checked against its own choice.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::{ConnectionId, UserId};
use secrecy::SecretString;

use crate::ingestion::Ingestion;
use crate::ingestion::connector::{self, Advertiser, Connector, Partner, Session};
use crate::ingestion::silver;
use crate::ingestion::sync::Problem;
use crate::metering::Meter;
use crate::tenancy::envelope::{self, Place};
use crate::tenancy::{self, OrgScope, OrgTx};

pub(crate) mod attention;

pub mod consent;

mod renewal;

mod starting;

pub mod health;

pub mod http;

mod store;

pub use renewal::keep_grant;
pub use starting::{Start, choose, start_sync};
pub(crate) use starting::{Wanted, provision, start_wanted, wanted};

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
    /// The kind of source.
    pub connector: String,
    pub state: ConnectionState,
    pub problem: Option<Problem>,
    /// What people call it, where no account stands for it.
    pub name: Option<String>,
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
    #[error("there is no pipeline {0}")]
    NoPipeline(String),
    #[error("advertiser {0} does not belong to the chosen partner")]
    NotOfPartner(String),
    #[error("the account does not see partner {0}")]
    UnknownPartner(String),
    #[error("no advertiser was chosen")]
    NothingChosen,
    #[error("no pipeline of this source is switched on")]
    NothingOn,
    #[error("another connection is this account's")]
    AccountTaken,
    #[error("the account sees none of the advertisers that were chosen")]
    SeesNothing,
    #[error("this version knows no connector {0}")]
    UnknownConnector(String),
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
            Self::NotOfPartner(_)
            | Self::UnknownPartner(_)
            | Self::NothingChosen
            | Self::NothingOn
            | Self::AccountTaken
            | Self::SeesNothing
            | Self::NoPipeline(_) => Some(Problem::new("wrong_choice", self.to_string())),
            Self::UnknownConnector(_) => Some(Problem::new("connector_unknown", self.to_string())),
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

/// A connection in use: its kind of source and, where that can be asked, a conversation with it.
pub struct Opened {
    pub connector: Arc<dyn Connector>,
    session: Option<Box<dyn Session>>,
    /// Who consented.
    pub account: Option<String>,
}

impl Opened {
    pub fn session(&self) -> Result<&dyn Session, connector::Error> {
        let name = || connector::Error::NotAsked(self.connector.name().to_owned());
        self.session.as_deref().ok_or_else(name)
    }

    /// Requests sent since the last call, for metering.
    pub fn take_calls(&self) -> u64 {
        self.session.as_ref().map_or(0, |one| one.take_calls())
    }
}

/// Opens a connection with its stored consent, if it takes one.
pub async fn open(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
) -> Result<Opened, Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let stored = store::find_credentials(&mut tx, id).await?;
    let stored = stored.ok_or(Error::NotFound)?;
    let connector = ingestion.connectors.find(&stored.connector);
    let connector = connector.ok_or(Error::UnknownConnector(stored.connector.clone()))?;
    let session = match connector.remote() {
        Some(remote) => {
            let key = ingestion.cell_key.fetch(&mut tx).await?;
            Some(remote.open(
                id,
                unseal(&key, id, &stored)?,
                ingestion.budget.permit(scope),
            ))
        }
        None => None,
    };
    tx.commit().await?;
    Ok(Opened {
        connector: Arc::clone(connector),
        session,
        account: stored.account,
    })
}

fn unseal(
    key: &envelope::DataKey,
    id: ConnectionId,
    stored: &store::Credentials,
) -> Result<SecretString, Error> {
    let owner = id.to_string();
    let token = key.open(place(&owner, stored.version), &stored.credentials)?;
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

/// The kind of source of a connection, if there is one.
pub(crate) async fn find_connector(
    tx: &mut OrgTx,
    id: ConnectionId,
) -> Result<Option<String>, sqlx::Error> {
    let found = store::find(tx, id).await?;
    Ok(found.map(|connection| connection.connector))
}

/// A connection that files are delivered to; nobody has to consent.
pub(crate) async fn create_drop(
    tx: &mut OrgTx,
    connector: &str,
    name: &str,
    user: UserId,
) -> Result<ConnectionId, Error> {
    let id = ConnectionId::new();
    store::insert_drop(tx, id, connector, name, user).await?;
    Ok(id)
}

/// The ids of the advertisers that are chosen on a connection.
pub(crate) async fn selected(
    ingestion: &Ingestion,
    scope: &OrgScope,
    id: ConnectionId,
) -> Result<BTreeSet<String>, Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let connection = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let dsp = &connection.connector;
    let chosen = store::list_chosen(&mut tx, id, dsp, silver::LINE_ITEM_DAYS).await?;
    tx.commit().await?;
    Ok(chosen.into_iter().map(|one| one.advertiser_id).collect())
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

/// What a person chose, checked against what the account really has.
#[derive(Debug)]
pub struct Choice {
    pub partner: Partner,
    pub advertisers: Vec<Advertiser>,
}

/// The source answers for any advertiser the account sees, so membership is checked here, before
/// anything below an advertiser is asked for.
pub async fn check_choice(
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

//! Orgs: who they are, who belongs to them, which slug they hold.
//!
//! A new org is a row and a durable operation; it becomes active when the signup slice says so.

use chrono::{DateTime, Utc};
use contracts::{CellId, Epoch, OrgId, Role, Slug, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service_kit::config::PublicUrls;

use crate::audit::{self, Action, Actor, Entry};
use crate::auth::person::{NameError, PersonName};
use crate::db::{self, GlobalTx};
use crate::{operations, signup};

pub mod http;

pub mod slugs;

mod store;

/// A person may start this many orgs; more look like abuse.
const PER_USER_MAX: i64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrgState {
    Provisioning,
    Active,
    Failed,
}

impl OrgState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Active => "active",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self, db::Error> {
        [Self::Provisioning, Self::Active, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| db::Error::stored(format!("unknown org state {text}")))
    }
}

/// An org as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrgSummary {
    pub org_id: OrgId,
    pub slug: String,
    pub name: String,
    pub role: Role,
    pub state: OrgState,
    /// Where the org lives.
    pub url: String,
    /// Why the org failed, for people.
    pub problem: Option<String>,
}

/// What a member's row says; `summary` adds where the org lives.
#[derive(Debug, Clone)]
struct Membership {
    org_id: OrgId,
    slug: String,
    name: String,
    role: Role,
    state: OrgState,
    problem: Option<String>,
}

impl Membership {
    fn summary(self, urls: &PublicUrls) -> OrgSummary {
        OrgSummary {
            url: urls.of(&self.slug),
            org_id: self.org_id,
            slug: self.slug,
            name: self.name,
            role: self.role,
            state: self.state,
            problem: self.problem,
        }
    }
}

/// An org as an operator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct OrgPlace {
    pub org_id: OrgId,
    pub slug: String,
    pub name: String,
    pub state: OrgState,
    pub problem: Option<String>,
    pub cell_id: Option<CellId>,
    pub epoch: Option<Epoch>,
    pub created_at: DateTime<Utc>,
}

/// What a cell needs to know to serve an org.
#[derive(Debug, Clone)]
pub struct OrgCard {
    pub slug: Slug,
    pub name: String,
    pub owner: UserId,
    pub owner_email: String,
    pub owner_name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Slug(#[from] contracts::slug::SlugError),
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("this address is taken")]
    SlugTaken,
    #[error("this address looks too much like one that is taken")]
    SlugConfusable,
    #[error("there is no such org")]
    NotFound,
    #[error("the org is still being set up")]
    NotReady,
    #[error("the org could not be set up")]
    Failed,
    #[error("give a path of the org's own host, starting with one /")]
    Path,
    #[error("you have started {PER_USER_MAX} orgs, which is the most one person can")]
    TooMany,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// What a person asks for. Parsed before anything is written.
#[derive(Debug, Clone)]
pub struct NewOrg {
    pub slug: Slug,
    pub name: PersonName,
}

impl NewOrg {
    pub fn parse(name: &str, slug: &str) -> Result<Self, Error> {
        Ok(Self {
            slug: slug.parse()?,
            name: PersonName::parse(name)?,
        })
    }
}

/// Claims the slug, adds the org with its owner, and starts the operation that provisions it.
pub async fn create(
    tx: &mut GlobalTx,
    owner: UserId,
    new: &NewOrg,
    urls: &PublicUrls,
) -> Result<OrgSummary, Error> {
    if store::count_started(tx, owner).await? >= PER_USER_MAX {
        return Err(Error::TooMany);
    }
    let org = OrgId::new();
    store::insert_org(tx, org, owner, new).await?;
    if !store::claim_slug(tx, org, &new.slug).await? {
        return Err(match store::find_slug_clash(tx, &new.slug).await? {
            Some(slugs::Clash::LooksLike) => Error::SlugConfusable,
            // The other holder may just have let go; the person may simply try again.
            Some(slugs::Clash::Same) | None => Error::SlugTaken,
        });
    }
    store::insert_membership(tx, org, owner, Role::Owner).await?;
    operations::start(tx, org, &signup::State::Placing).await?;
    let entry = Entry::new(Action::OrgRequested, Actor::User(owner))
        .org(org)
        .details(json!({ "slug": new.slug }));
    audit::record(tx, entry).await?;
    fetch_of_member(tx, org, owner, urls).await
}

pub async fn list_of_user(
    tx: &mut GlobalTx,
    user: UserId,
    urls: &PublicUrls,
) -> Result<Vec<OrgSummary>, db::Error> {
    let memberships = store::list_memberships(tx, user).await?;
    Ok(memberships
        .into_iter()
        .map(|one| one.summary(urls))
        .collect())
}

/// An org the user does not belong to does not exist for them.
pub async fn fetch_of_member(
    tx: &mut GlobalTx,
    org: OrgId,
    user: UserId,
    urls: &PublicUrls,
) -> Result<OrgSummary, Error> {
    store::find_membership(tx, org, user)
        .await?
        .map(|one| one.summary(urls))
        .ok_or(Error::NotFound)
}

/// By its id or the address it holds.
pub async fn fetch_place(tx: &mut GlobalTx, org: &str) -> Result<OrgPlace, Error> {
    let id: Option<OrgId> = org.parse().ok();
    let which = store::Places {
        only: Some((id, org)),
        limit: 1,
        ..store::Places::default()
    };
    let found = store::list_places(tx, which).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

pub async fn list_places(
    tx: &mut GlobalTx,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<OrgPlace>, db::Error> {
    let which = store::Places {
        after,
        limit,
        ..store::Places::default()
    };
    store::list_places(tx, which).await
}

pub async fn fetch_card(tx: &mut GlobalTx, org: OrgId) -> Result<OrgCard, db::Error> {
    store::fetch_card(tx, org).await
}

pub async fn find_state(tx: &mut GlobalTx, org: OrgId) -> Result<Option<OrgState>, db::Error> {
    store::find_state(tx, org).await
}

/// Repeatable. The row is written once, by whoever comes first.
pub async fn activate(tx: &mut GlobalTx, org: OrgId) -> Result<(), db::Error> {
    if store::activate(tx, org).await? {
        let entry = Entry::new(Action::OrgActivated, Actor::System).org(org);
        audit::record(tx, entry).await?;
    }
    Ok(())
}

/// Gives the slug back and keeps the reason. Repeatable.
pub async fn fail(tx: &mut GlobalTx, org: OrgId, problem: &str) -> Result<(), db::Error> {
    store::release_slug(tx, org).await?;
    if store::fail(tx, org, problem).await? {
        let entry = Entry::new(Action::OrgFailed, Actor::System)
            .org(org)
            .details(json!({ "problem": problem }));
        audit::record(tx, entry).await?;
    }
    Ok(())
}

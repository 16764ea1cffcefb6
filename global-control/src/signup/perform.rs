//! Does one action of a signup. Every action may be repeated and may end anywhere in the middle.

use chrono::{DateTime, Utc};
use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::{OrgId, Role};
use service_kit::failpoints::{self, Injected};

use super::{Action, FORGET_MS, Place, ROUTERS_MS, State, after_ms};
use crate::cells::CellClient;
use crate::db::{self, GlobalDb};
use crate::{cells, orgs, placements, route_feed};

/// How soon to look again whether the routers have a route.
const ROUTERS_POLL_MS: i64 = 25;

/// What actions work with.
#[derive(Clone)]
pub struct Context {
    pub db: GlobalDb,
    pub cells: CellClient,
    pub policy: placement::Policy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The action is done; this is the state to write.
    Advance(State),
    /// Nothing to write yet; look again then.
    Wait { until: DateTime<Utc> },
}

/// Whether doing it again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    Later,
    Never,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no cell could take the org")]
    Placement(#[source] placements::Error),
    #[error("the cell did not do as asked")]
    Cell(#[source] cells::CallError),
    #[error("the cell chosen for the org is gone")]
    CellGone,
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(transparent)]
    Injected(#[from] Injected),
}

impl Error {
    pub fn retry(&self) -> Retry {
        match self {
            Self::Placement(error) if error.is_final() => Retry::Never,
            Self::Cell(error) if error.is_final() => Retry::Never,
            Self::CellGone => Retry::Never,
            Self::Placement(_) | Self::Cell(_) | Self::Database(_) | Self::Injected(_) => {
                Retry::Later
            }
        }
    }
}

/// `next` never gives `Nothing` for a state that has not ended, and ended operations are not run.
pub async fn perform(
    context: &Context,
    org: OrgId,
    action: Action,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    match action {
        Action::Place => place(context, org).await,
        Action::Prepare { place } => prepare(context, org, place).await,
        Action::Publish { place } => publish(context, org, place, now).await,
        Action::CheckRouters {
            place,
            seq,
            overdue,
            deadline,
        } => {
            let poll = after_ms(now, ROUTERS_POLL_MS).min(deadline);
            check_routers(context, org, place, seq, overdue, poll).await
        }
        Action::GiveUp { place, reason } => Ok(Outcome::Advance(State::Aborting {
            place,
            reason,
            deadline: after_ms(now, FORGET_MS),
        })),
        Action::Forget {
            place,
            reason,
            overdue,
        } => forget(context, org, place, reason, overdue).await,
        Action::Nothing => Ok(Outcome::Wait { until: now }),
    }
}

async fn place(context: &Context, org: OrgId) -> Result<Outcome, Error> {
    let mut tx = context.db.begin().await?;
    let (cell, epoch) = placements::decide(&mut tx, org, &context.policy)
        .await
        .map_err(Error::Placement)?;
    tx.commit().await?;
    failpoints::hit("signup.placed")?;
    let place = Place { cell, epoch };
    Ok(Outcome::Advance(State::Preparing { place }))
}

async fn prepare(context: &Context, org: OrgId, place: Place) -> Result<Outcome, Error> {
    let mut tx = context.db.begin().await?;
    let card = orgs::fetch_card(&mut tx, org).await?;
    let addr = cells::find_internal_addr(&mut tx, place.cell).await?;
    tx.commit().await?;
    let wish = PrepareOrg {
        slug: card.slug,
        name: card.name,
        epoch: place.epoch,
        owner: MemberCard {
            user_id: card.owner,
            email: card.owner_email,
            name: card.owner_name,
            role: Role::Owner,
        },
    };
    let addr = addr.ok_or(Error::CellGone)?;
    context
        .cells
        .prepare_org(place.cell, addr, org, &wish)
        .await
        .map_err(Error::Cell)?;
    failpoints::hit("signup.prepared")?;
    Ok(Outcome::Advance(State::Publishing { place }))
}

/// Assignment and log row commit together; a repetition finds both.
async fn publish(
    context: &Context,
    org: OrgId,
    place: Place,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let mut tx = context.db.begin().await?;
    let card = orgs::fetch_card(&mut tx, org).await?;
    let seq = placements::assign_first(&mut tx, org, card.slug, place.cell, place.epoch).await?;
    tx.commit().await?;
    failpoints::hit("signup.published")?;
    Ok(Outcome::Advance(State::AwaitingRouters {
        place,
        seq,
        deadline: after_ms(now, ROUTERS_MS),
    }))
}

async fn check_routers(
    context: &Context,
    org: OrgId,
    place: Place,
    seq: i64,
    overdue: bool,
    poll: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let mut tx = context.db.begin().await?;
    let behind = route_feed::count_live_routers_behind(&mut tx, seq).await?;
    if behind > 0 && !overdue {
        return Ok(Outcome::Wait { until: poll });
    }
    if behind > 0 {
        tracing::warn!(org.id = %org, behind, seq, "routers are late; the org goes live anyway");
    }
    orgs::activate(&mut tx, org).await?;
    tx.commit().await?;
    failpoints::hit("signup.activated")?;
    Ok(Outcome::Advance(State::Done { place }))
}

/// The cell first, the slug last: nobody gets a slug whose old holder a cell still knows.
async fn forget(
    context: &Context,
    org: OrgId,
    place: Option<Place>,
    reason: String,
    overdue: bool,
) -> Result<Outcome, Error> {
    if let Some(place) = place {
        let asked = ask_to_forget(context, org, place).await;
        match asked {
            Err(error) if !overdue => return Err(error),
            Err(error) => {
                tracing::warn!(
                    org.id = %org, cell.id = %place.cell, error = %error,
                    "the cell may still hold an org that was given up"
                );
            }
            Ok(()) => {}
        }
    }
    failpoints::hit("signup.forgotten")?;
    let mut tx = context.db.begin().await?;
    placements::withdraw(&mut tx, org).await?;
    orgs::fail(&mut tx, org, &reason).await?;
    tx.commit().await?;
    failpoints::hit("signup.released")?;
    Ok(Outcome::Advance(State::Aborted { reason }))
}

async fn ask_to_forget(context: &Context, org: OrgId, place: Place) -> Result<(), Error> {
    let mut tx = context.db.begin().await?;
    let addr = cells::find_internal_addr(&mut tx, place.cell).await?;
    tx.commit().await?;
    match addr {
        Some(addr) => context
            .cells
            .forget_org(place.cell, addr, org, place.epoch)
            .await
            .map_err(Error::Cell),
        None => Ok(()),
    }
}

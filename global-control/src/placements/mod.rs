//! Decisions of which cell an org should live in, and the assignments that make them facts.
//!
//! `libs/placement` chooses; the database has the last word on room: a place is taken only by
//! raising a cell's count while it is below its capacity.

use contracts::routes::{OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId, Slug};
use placement::{Choice, Fleet, Policy, Refusal, Why, choose_cell};

use crate::db::{self, GlobalTx};
use crate::route_feed;

mod store;

/// Somebody else may take the last place of a cell first; then the choice is made again.
const TRIES: usize = 5;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("others took the last places first")]
    Contended,
    #[error("the org is not being set up")]
    NotProvisioning,
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl Error {
    /// A full fleet stays full for as long as a person would wait; a silent one may be back soon.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.why == Why::Full,
            Self::NotProvisioning => true,
            Self::Contended | Self::Database(_) => false,
        }
    }
}

/// Takes a place for the org, or finds the one it has.
pub async fn decide(
    tx: &mut GlobalTx,
    org: OrgId,
    policy: &Policy,
) -> Result<(CellId, Epoch), Error> {
    if !store::lock_provisioning(tx, org).await? {
        return Err(Error::NotProvisioning);
    }
    if let Some(decided) = store::find(tx, org).await? {
        return Ok(decided);
    }
    for _ in 0..TRIES {
        let fleet = Fleet::new(store::list_cells(tx).await?);
        let Choice { cell, considered } = choose_cell(&fleet, org, policy)?;
        if store::take_place(tx, cell).await? {
            let considered = serde_json::to_value(&considered).map_err(db::Error::stored)?;
            store::insert(tx, org, cell, Epoch::FIRST, considered).await?;
            tracing::info!(org.id = %org, cell.id = %cell, "org placed");
            return Ok((cell, Epoch::FIRST));
        }
    }
    Err(Error::Contended)
}

/// Makes the decision a fact: assignment and route in one transaction. Repeatable; gives the
/// number of the route in the log.
pub async fn assign_first(
    tx: &mut GlobalTx,
    org: OrgId,
    slug: Slug,
    cell: CellId,
    epoch: Epoch,
) -> Result<i64, db::Error> {
    if let Some(seq) = store::lock_assignment(tx, org).await? {
        return Ok(seq);
    }
    let route = OrgRoute {
        org,
        slug,
        hosts: Vec::new(),
        cell,
        epoch,
        held: false,
    };
    let seq = route_feed::append(tx, &RouteEntry::Org(route)).await?;
    store::insert_assignment(tx, org, cell, epoch, seq).await?;
    tracing::info!(org.id = %org, cell.id = %cell, epoch = epoch.0, seq, "org assigned");
    Ok(seq)
}

/// Gives a place back that was never assigned. Repeatable.
pub async fn withdraw(tx: &mut GlobalTx, org: OrgId) -> Result<(), db::Error> {
    if let Some(cell) = store::delete(tx, org).await? {
        store::free_place(tx, cell).await?;
    }
    Ok(())
}

//! An org arrives: global-control asks for it to be prepared, or for a given-up signup to be undone.
//! Both may be repeated any number of times.

use contracts::provisioning::PrepareOrg;
use contracts::{Epoch, OrgId};

use crate::tenancy::envelope::CellKey;
use crate::tenancy::{self, FenceState, OrgDb, OrgScope};

pub mod http;

mod store;

const FIRST_DATA_KEY: i32 = 1;

/// An org as this cell holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgHere {
    pub org: OrgId,
    pub state: FenceState,
    pub epoch: Epoch,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the org is here in another state")]
    Conflict(OrgHere),
    #[error("the org is in use")]
    InUse,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// Makes the org servable: its state first, then, under its fence, its rows and its data key.
pub async fn prepare(
    db: &OrgDb,
    key: &CellKey,
    org: OrgId,
    wish: &PrepareOrg,
) -> Result<OrgHere, Error> {
    let mut tx = db.begin_cell().await?;
    let here = store::prepare(&mut tx, org, wish.epoch).await?;
    tx.commit().await?;
    if here.state != FenceState::Active || here.epoch != wish.epoch {
        return Err(Error::Conflict(here));
    }
    let mut tx = db.begin(&OrgScope::vouched(org, wish.epoch)).await?;
    store::ensure_org(&mut tx, wish).await?;
    store::ensure_owner(&mut tx, &wish.owner).await?;
    let wrapped = key.new_data_key(org, FIRST_DATA_KEY);
    store::ensure_data_key(&mut tx, FIRST_DATA_KEY, &wrapped).await?;
    tx.commit().await?;
    Ok(here)
}

/// Undoes `prepare`. An org that somebody has entered or connected is not removed.
pub async fn remove(db: &OrgDb, org: OrgId, epoch: Epoch) -> Result<(), Error> {
    let mut tx = match db.begin(&OrgScope::vouched(org, epoch)).await {
        Ok(tx) => tx,
        Err(tenancy::Error::Fenced(fence)) if fence.state == FenceState::Absent => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    match store::remove(&mut tx, epoch).await {
        Ok(true) => Ok(tx.commit().await?),
        Ok(false) => Err(Error::InUse),
        // Something still refers to the org's rows.
        Err(error) if tenancy::sql_state(&error).as_deref() == Some("23503") => Err(Error::InUse),
        Err(error) => Err(error.into()),
    }
}

/// For what comes without a request of the org's own: its scope, if it is served here just now.
pub async fn find_scope(db: &OrgDb, org: OrgId) -> Result<Option<OrgScope>, tenancy::Error> {
    let mut tx = db.begin_cell().await?;
    let here = store::find(&mut tx, org).await?;
    tx.commit().await?;
    let served = here.filter(|one| matches!(one.state, FenceState::Active | FenceState::Frozen));
    Ok(served.map(|one| OrgScope::vouched(one.org, one.epoch)))
}

pub async fn list(db: &OrgDb) -> Result<Vec<OrgHere>, Error> {
    let mut tx = db.begin_cell().await?;
    let orgs = store::list(&mut tx).await?;
    tx.commit().await?;
    Ok(orgs)
}

//! Durable operations: rows with a closed set of states, leased by one worker at a time.
//!
//! The row is the truth. Every write of the state compares and sets its revision, so of two
//! workers that believe they hold an operation only one moves it on.

use chrono::{DateTime, Utc};
use contracts::{OperationId, OrgId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::db::{Error, GlobalTx};

mod store;

/// Committed work is announced here.
pub const CHANNEL: &str = "operations";

/// A worker that says nothing for this long has lost its operation.
pub const LEASE_SECONDS: i32 = 10;

/// A kind of operation: its states, and what their names and ends are.
pub trait State: Serialize + DeserializeOwned {
    const KIND: &'static str;

    /// The same word that the stored state has in its `state` field.
    fn name(&self) -> &'static str;

    fn ended(&self) -> bool;
}

/// An operation as a worker holds it.
#[derive(Debug, Clone)]
pub struct Operation<S> {
    pub id: OperationId,
    pub org: OrgId,
    pub state: S,
    pub revision: i64,
    /// Failures since the state was entered.
    pub attempts: u32,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// As claimed: which kind it is has yet to be looked at.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub kind: String,
    pub operation: Operation<Value>,
}

impl<S: State> Operation<S> {
    pub fn read(raw: Operation<Value>) -> Result<Self, Error> {
        Ok(Self {
            id: raw.id,
            org: raw.org,
            state: serde_json::from_value(raw.state).map_err(Error::stored)?,
            revision: raw.revision,
            attempts: raw.attempts,
            last_error: raw.last_error,
            created_at: raw.created_at,
        })
    }
}

/// Adds the row and wakes the workers when the transaction commits.
pub async fn start<S: State>(
    tx: &mut GlobalTx,
    org: OrgId,
    state: &S,
) -> Result<OperationId, Error> {
    let id = OperationId::new();
    let value = serde_json::to_value(state).map_err(Error::stored)?;
    store::insert(tx, id, S::KIND, org, value, state.name()).await?;
    store::notify(tx).await?;
    Ok(id)
}

/// Takes up to `limit` due operations for this worker.
pub async fn claim(tx: &mut GlobalTx, worker: &str, limit: i64) -> Result<Vec<Claimed>, Error> {
    store::claim(tx, worker, limit, LEASE_SECONDS).await
}

/// When the next operation that nobody holds is due.
pub async fn next_due(tx: &mut GlobalTx) -> Result<Option<DateTime<Utc>>, Error> {
    store::next_due(tx).await
}

pub async fn fetch<S: State>(tx: &mut GlobalTx, id: OperationId) -> Result<Operation<S>, Error> {
    Operation::read(store::fetch(tx, id).await?)
}

/// The one operation of this org that has not ended.
pub async fn find_open(tx: &mut GlobalTx, org: OrgId) -> Result<Option<OperationId>, Error> {
    store::find_open(tx, org).await
}

/// The only write of a state. False: somebody else moved on, and nothing was written.
///
/// The lease is renewed; an ended operation is released.
pub async fn advance<S: State>(
    tx: &mut GlobalTx,
    id: OperationId,
    seen_revision: i64,
    new: &S,
) -> Result<bool, Error> {
    let value = serde_json::to_value(new).map_err(Error::stored)?;
    let written = store::Written {
        state: value,
        name: new.name(),
        ended: new.ended(),
    };
    store::advance(tx, id, seen_revision, written, LEASE_SECONDS).await
}

/// Gives the operation back until `at`, with the failure that made it wait, if one did.
pub async fn release(
    tx: &mut GlobalTx,
    id: OperationId,
    seen_revision: i64,
    at: DateTime<Utc>,
    failure: Option<&str>,
) -> Result<(), Error> {
    store::release(tx, id, seen_revision, at, failure).await
}

/// Forgets operations that ended a month ago.
pub async fn clean_up(tx: &mut GlobalTx) -> Result<u64, Error> {
    store::delete_old(tx).await
}

//! The queue of an org's work, kept in the org's own rows so that it moves with the org.
//!
//! A job runs at least once. Its effects happen once all the same, because it ends in one
//! transaction that holds both the last effects and the completion, and the completion proves the
//! lease: of two runs of a job only the one that still holds it can commit.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::JobId;
use serde_json::Value;
use uuid::Uuid;

use crate::metering::{Meter, Tally};
use crate::tenancy::{self, OrgDb, OrgScope, OrgTx};

mod store;

mod worker;

pub use worker::{Handler, Registry, Worker};

/// Work to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Chosen by the caller: queueing the same id twice queues it once.
    pub job_id: JobId,
    pub kind: &'static str,
    /// Of the jobs of one org with the same key at most one runs at a time.
    pub key: String,
    pub payload: Value,
    /// Not before this; `None` is now.
    pub run_at: Option<DateTime<Utc>>,
    pub max_attempts: u16,
}

/// A job this process holds the lease of.
#[derive(Debug, Clone)]
pub struct Job {
    pub scope: OrgScope,
    pub job_id: JobId,
    pub kind: String,
    pub key: String,
    pub payload: Value,
    /// 1 for the first run.
    pub attempt: u32,
    pub max_attempts: u32,
    lease: Uuid,
}

/// Proof that a run has ended in a committed transaction; only [`Job`] makes one.
#[derive(Debug)]
#[must_use = "a handler returns it"]
pub struct Ended(());

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("another run holds the job by now")]
    LeaseLost,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// Why a run did not end well, and whether trying again can help.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub message: String,
    pub retry: Retry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After a time that grows with the attempts.
    Backoff,
    /// Not before this long.
    After(Duration),
    /// Never: the job is dead at once.
    Never,
}

impl Failure {
    pub fn retry(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Self {
        Self {
            message: service_kit::error::chain(error),
            retry: Retry::Backoff,
        }
    }

    pub fn fatal(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Self {
        Self {
            message: service_kit::error::chain(error),
            retry: Retry::Never,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::retry(&error)
    }
}

impl From<tenancy::Error> for Failure {
    fn from(error: tenancy::Error) -> Self {
        Self::retry(&error)
    }
}

/// Queues a job in the caller's transaction; it can be claimed once that has committed.
pub async fn enqueue(tx: &mut OrgTx, job: &NewJob) -> Result<(), sqlx::Error> {
    store::insert(tx, job).await
}

/// Has jobs that wait be run then.
pub async fn run_at(tx: &mut OrgTx, ids: &[JobId], at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    store::run_at(tx, ids, at).await
}

/// When a job that is not over runs next.
pub async fn next_run(tx: &mut OrgTx, id: JobId) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    store::next_run(tx, id).await
}

/// Has jobs that wait for a later time look around now: what they wait for may have changed.
pub(crate) async fn wake(tx: &mut OrgTx, ids: &[JobId]) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    store::wake(tx, &ids).await
}

/// Takes up to `limit` due jobs of these kinds, at most `per_org` running of any one org.
pub async fn claim(
    db: &OrgDb,
    kinds: &[&str],
    limit: u16,
    per_org: u16,
    lease: Duration,
) -> Result<Vec<Job>, tenancy::Error> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let mut tx = db.begin_cell().await?;
    let jobs = store::claim(&mut tx, &kinds, limit.into(), per_org.into(), lease).await?;
    tx.commit().await?;
    Ok(jobs)
}

impl Job {
    /// Ends the job together with everything done in `tx`. `used` is what the run counted besides
    /// the job itself; it reaches the ledger in the same transaction.
    pub async fn complete(&self, mut tx: OrgTx, used: &Tally) -> Result<Ended, Error> {
        let mut tally = *used;
        tally.add(Meter::Jobs, 1);
        if !store::complete(&mut tx, self).await? {
            return Err(Error::LeaseLost);
        }
        crate::metering::store::add(&mut tx, &tally).await?;
        tx.commit().await?;
        Ok(Ended(()))
    }

    /// Ends this run and queues the job again, with a clean slate of attempts: there was progress,
    /// and now something outside has to happen first.
    pub async fn run_again(
        &self,
        mut tx: OrgTx,
        after: Duration,
        payload: &Value,
    ) -> Result<Ended, Error> {
        if !store::run_again(&mut tx, self, after, payload).await? {
            return Err(Error::LeaseLost);
        }
        tx.commit().await?;
        Ok(Ended(()))
    }

    /// For intermediate transactions of a long run: nothing is written under a lost lease.
    pub async fn prove_lease(&self, tx: &mut OrgTx) -> Result<(), Error> {
        if store::holds(tx, self).await? {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    async fn extend(&self, db: &OrgDb, lease: Duration) -> Result<(), Error> {
        let mut tx = db.begin(&self.scope).await?;
        if !store::extend(&mut tx, self, lease).await? {
            return Err(Error::LeaseLost);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives the job back untouched, because the process stops.
    async fn release(&self, db: &OrgDb) -> Result<(), Error> {
        let mut tx = db.begin(&self.scope).await?;
        store::release(&mut tx, self).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn fail(&self, db: &OrgDb, failure: &Failure) -> Result<bool, Error> {
        let after = match failure.retry {
            Retry::Backoff => Some(service_kit::supervise::backoff(self.attempt, 500, 600_000)),
            Retry::After(after) => Some(after),
            Retry::Never => None,
        };
        let after = after.filter(|_| self.attempt < self.max_attempts);
        let mut tx = db.begin(&self.scope).await?;
        if !store::fail(&mut tx, self, after, &failure.message).await? {
            return Err(Error::LeaseLost);
        }
        tx.commit().await?;
        Ok(after.is_none())
    }
}

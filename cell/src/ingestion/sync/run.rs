//! The job that carries a sync from step to step.
//!
//! Every step does its work, then proves the job's lease and writes the new state in one
//! transaction, together with whatever the step changed. A crash anywhere leaves the row saying what
//! is next; whoever goes on looks at the source for what the lost step may have made there.

use chrono::Utc;
use contracts::SyncId;
use serde_json::Value;
use service_kit::failpoints::Injected;

use super::steps::{Source, Step, perform};
use super::{Problem, Record, State, Sync, TargetState, next, store};
use crate::connections;
use crate::ingestion::silver::facts;
use crate::ingestion::{Ingestion, bronze, connector};
use crate::jobs::{self, Ended, Failure, Job, Retry};
use crate::metering::{Meter, Tally};
use crate::tenancy;

pub const SYNC_JOB: &str = "ingestion.sync";

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Source(#[from] connector::Error),
    #[error(transparent)]
    Connection(#[from] connections::Error),
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
    #[error(transparent)]
    Job(#[from] jobs::Error),
    #[error(transparent)]
    Injected(#[from] Injected),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

impl From<facts::Error> for Error {
    fn from(error: facts::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

pub async fn run(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let sync_id = job.payload.get("sync_id").and_then(Value::as_str);
    let sync_id: Option<SyncId> = sync_id.and_then(|text| text.parse().ok());
    let Some(sync_id) = sync_id else {
        return Err(Failure {
            message: "the job names no sync".to_owned(),
            retry: Retry::Never,
        });
    };
    // Whoever went before may have asked the source for something and not lived to write it down.
    let mut resumed = true;
    loop {
        let mut tx = ingestion.db.begin(&job.scope).await?;
        let sync = store::find(&mut tx, sync_id)
            .await
            .map_err(tenancy::Error::from)?;
        let Some(sync) = sync else {
            return Ok(job.complete(tx, &Tally::default()).await?);
        };
        let Some(action) = next(&sync.record.state) else {
            return Ok(job.complete(tx, &Tally::default()).await?);
        };
        tx.commit().await?;
        let step = match perform(&ingestion, &job, &sync, action, resumed).await {
            Ok(step) => step,
            Err(error) => settle(&ingestion, &job, &sync, error).await?,
        };
        if let Some(ended) = record(&ingestion, &job, &sync, step).await? {
            return Ok(ended);
        }
        resumed = false;
    }
}

/// Writes what a step came to. `None`: go on with the next.
async fn record(
    ingestion: &Ingestion,
    job: &Job,
    seen: &Sync,
    step: Step,
) -> Result<Option<Ended>, Failure> {
    let (record, tx, later) = match step {
        Step::To(record) => (record, None, None),
        Step::With(record, tx) => (record, Some(*tx), None),
        Step::Later(record, after) => (record, None, Some(after)),
    };
    let mut tx = match tx {
        Some(tx) => tx,
        None => ingestion.db.begin(&job.scope).await?,
    };
    job.prove_lease(&mut tx).await?;
    let written = store::advance(&mut tx, seen, &record).await;
    if !written.map_err(tenancy::Error::from)? {
        // Somebody else has moved it on; the loop reads where it stands.
        tx.rollback().await?;
        return Ok(None);
    }
    let ended = if let Some(after) = later {
        Some(job.run_again(tx, after, &job.payload).await?)
    } else if record.state.over() {
        let rows = record.advertisers.iter().map(|one| one.rows).sum();
        Some(job.complete(tx, &Tally::of(Meter::DbRows, rows)).await?)
    } else {
        tx.commit().await?;
        None
    };
    tracing::info!(sync.id = %seen.sync_id, step = record.state.step(), "sync moved on");
    ingestion.live.nudge(job.scope.org(), seen.sync_id).await;
    if ended.is_some() {
        tidy(ingestion, job, seen, &record).await;
    }
    Ok(ended)
}

/// Our query is of no more use once its file is loaded. The person's list of queries stays clean;
/// if this fails, one more query is in it.
async fn tidy(ingestion: &Ingestion, job: &Job, seen: &Sync, record: &Record) {
    if let (State::Done { .. }, State::Loading { report, .. }) = (&record.state, &seen.record.state)
        && let Ok(opened) = connections::open(ingestion, &job.scope, seen.connection_id).await
    {
        let source = Source {
            opened,
            ingestion,
            job,
        };
        let deleted = match source.session() {
            Ok(session) => session.delete_query(&report.query_id).await,
            Err(_) => Ok(()),
        };
        if let Err(error) = deleted {
            tracing::info!(%error, sync.id = %seen.sync_id, "our query stays at the source");
        }
    }
}

/// Says of an error whether the job tries again or the sync has failed.
async fn settle(
    ingestion: &Ingestion,
    job: &Job,
    sync: &Sync,
    error: Error,
) -> Result<Step, Failure> {
    let last = job.attempt >= job.max_attempts;
    let problem = match &error {
        // Not sent, so nothing has failed: the sync stays where it is, with all its attempts.
        Error::Source(connector::Error::Denied(denied)) => {
            tracing::info!(sync.id = %sync.sync_id, reason = denied.reason.as_str(), %denied,
                "sync waits for its turn");
            return Ok(Step::Later(sync.record.clone(), denied.wait(Utc::now())));
        }
        Error::Source(source) => match source.retry_after() {
            Some(after) if !last => {
                return Err(Failure {
                    message: error.to_string(),
                    retry: Retry::After(after),
                });
            }
            _ => Problem::new(source.code(), source.to_string()),
        },
        Error::Connection(error) => match error.problem() {
            Some(problem) => problem,
            None if !last => return Err(Failure::retry(error)),
            None => Problem::new("internal", "something went wrong on our side"),
        },
        Error::Job(jobs::Error::LeaseLost) => return Err(Failure::retry(&error)),
        Error::Bronze(_) | Error::Tenancy(_) | Error::Job(_) | Error::Injected(_) if !last => {
            return Err(Failure::retry(&error));
        }
        Error::Bronze(_) | Error::Tenancy(_) | Error::Job(_) | Error::Injected(_) => {
            Problem::new("internal", "something went wrong on our side")
        }
    };
    tracing::warn!(%error, sync.id = %sync.sync_id, "sync failed");
    let mut record = sync.record.moved_to(State::Failed {
        problem: problem.clone(),
    });
    for target in &mut record.advertisers {
        target.state = TargetState::Failed;
    }
    if !needs_a_person(&error) {
        return Ok(Step::To(record));
    }
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let paused = connections::pause(&mut tx, sync.connection_id, &problem).await;
    paused.map_err(|error| Failure::retry(&error))?;
    Ok(Step::With(record, Box::new(tx)))
}

/// Nothing will work on this connection until somebody consents again.
fn needs_a_person(error: &Error) -> bool {
    matches!(
        error,
        Error::Source(
            connector::Error::SignedOut(_)
                | connector::Error::Unauthorized(_)
                | connector::Error::MissingScopes(_)
        )
    )
}

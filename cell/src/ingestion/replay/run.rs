//! The job that carries a replay from file to file.
//!
//! Each step proves the job's lease and writes the new state in the transaction that holds what the
//! step changed, so a file is replaced and counted once, or not at all. A replay that somebody
//! cancelled meanwhile has another revision: the step's work is given up.

use std::time::{Duration, Instant};

use contracts::ReplayId;
use serde_json::Value;
use service_kit::failpoints::{self, Injected};

use super::{Action, Record, Replay, next, steps, store, versions};
use crate::ingestion::{Ingestion, bronze};
use crate::jobs::{Ended, Failure, Job, Retry};
use crate::metering::{Meter, Tally};
use crate::modules;
use crate::tenancy::{self, OrgTx};

pub const REPLAY_JOB: &str = "ingestion.replay";

/// Replays give way to syncs and to people: after each file the database rests for this part of
/// the time that the file took.
const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error("the parser stopped")]
    Parser(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Version(#[from] versions::Error),
    #[error("silver is not what was read: {0}")]
    Unproven(String),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
    #[error(transparent)]
    Injected(#[from] Injected),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// What a step came to: the new record, in a transaction with all that belongs to it.
pub(super) struct Step {
    pub(super) record: Record,
    pub(super) tx: OrgTx,
    /// Rows written, for metering.
    pub(super) rows: u64,
}

pub async fn run(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let replay_id = job.payload.get("replay_id").and_then(Value::as_str);
    let replay_id: Option<ReplayId> = replay_id.and_then(|text| text.parse().ok());
    let Some(replay_id) = replay_id else {
        return Err(Failure {
            message: "the job names no replay".to_owned(),
            retry: Retry::Never,
        });
    };
    loop {
        let mut tx = ingestion.db.begin(&job.scope).await?;
        let replay = store::find(&mut tx, replay_id).await;
        let replay = replay.map_err(tenancy::Error::from)?;
        let action = replay.as_ref().and_then(|one| next(&one.record.state));
        let (Some(replay), Some(action)) = (replay, action) else {
            return Ok(job.complete(tx, &Tally::default()).await?);
        };
        tx.commit().await?;
        let began = Instant::now();
        let step = match perform(&ingestion, &job, &replay, action).await {
            Ok(step) => step,
            Err(error) => settle(&ingestion, &job, &replay, &error).await?,
        };
        if let Some(ended) = record(&job, &replay, step).await? {
            return Ok(ended);
        }
        if matches!(action, Action::Read { .. }) {
            tokio::time::sleep((began.elapsed() / REST).min(LONGEST_REST)).await;
        }
    }
}

async fn perform(
    ingestion: &Ingestion,
    job: &Job,
    replay: &Replay,
    action: Action,
) -> Result<Step, Error> {
    let step = match action {
        Action::Plan => steps::plan(ingestion, job, replay).await?,
        Action::Read { position } => steps::read(ingestion, job, replay, position).await?,
        Action::Conclude => steps::conclude(ingestion, job, replay).await?,
    };
    failpoints::hit(match action {
        Action::Plan => "replay.planned",
        Action::Read { .. } => "replay.read",
        Action::Conclude => "replay.concluded",
    })?;
    Ok(step)
}

/// Writes what a step came to. `None`: go on with the next.
async fn record(job: &Job, seen: &Replay, step: Step) -> Result<Option<Ended>, Failure> {
    let Step {
        record,
        mut tx,
        rows,
    } = step;
    job.prove_lease(&mut tx).await?;
    let written = store::advance(&mut tx, seen, &record).await;
    if !written.map_err(tenancy::Error::from)? {
        tx.rollback().await?;
        return Ok(None);
    }
    tracing::info!(replay.id = %seen.replay_id, step = record.state.step(), "replay moved on");
    let tally = Tally::of(Meter::DbRows, rows);
    if record.state.over() {
        let queued = modules::run::enqueue(&mut tx).await;
        queued.map_err(tenancy::Error::from)?;
        return Ok(Some(job.complete(tx, &tally).await?));
    }
    crate::metering::store::add(&mut tx, &tally)
        .await
        .map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(None)
}

/// Says of an error whether the job tries again or the replay has failed.
async fn settle(
    ingestion: &Ingestion,
    job: &Job,
    replay: &Replay,
    error: &Error,
) -> Result<Step, Failure> {
    let (code, message) = match error {
        Error::Version(versions::Error::Tenancy(_))
        | Error::Bronze(_)
        | Error::Parser(_)
        | Error::Tenancy(_)
        | Error::Injected(_) => {
            if job.attempt < job.max_attempts {
                return Err(Failure {
                    message: service_kit::error::chain(error),
                    retry: Retry::Backoff,
                });
            }
            ("internal", "something went wrong on our side".to_owned())
        }
        Error::Version(error) => ("version_gone", error.to_string()),
        Error::Unproven(_) => ("not_proven", error.to_string()),
    };
    tracing::warn!(%error, replay.id = %replay.replay_id, "replay failed");
    Ok(Step {
        record: replay.record.failed(code, message),
        tx: ingestion.db.begin(&job.scope).await?,
        rows: 0,
    })
}

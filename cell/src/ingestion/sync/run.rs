//! The job that carries a sync from step to step.
//!
//! Every step does its work, then proves the job's lease and writes the new state in one
//! transaction, together with whatever the step changed. A crash anywhere leaves the row saying what
//! is next; whoever goes on looks at the source for what the lost step may have made there.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::SyncId;
use serde_json::Value;
use service_kit::failpoints::Injected;

use super::breaker::{self, BreakerState, Pass};
use super::steps::{Source, Step, perform};
use super::timeline::{self, Used};
use super::{
    Action, Kind, PIPELINE_BUDGET_USED_UP, Problem, Record, State, Sync, TargetState, next,
    queries, store,
};
use crate::connections;
use crate::ingestion::budget::pipelines::{self as spending, Spent};
use crate::ingestion::silver::{entities, facts};
use crate::ingestion::{Ingestion, bronze, connector};
use crate::jobs::{self, Ended, Failure, Job, Retry};
use crate::metering::{Meter, Tally};
use crate::modules;
use crate::tenancy::{self, OrgTx};

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

impl From<entities::Error> for Error {
    fn from(error: entities::Error) -> Self {
        match error {
            entities::Error::Source(error) => error.into(),
            entities::Error::Bronze(error) => error.into(),
            entities::Error::Tenancy(error) => error.into(),
        }
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
        let started_at = Utc::now();
        let mut used = Used::default();
        let step = match guarded(&ingestion, &job, &sync, action, resumed, &mut used).await {
            Ok(step) => step,
            Err(error) => settle(&ingestion, &job, &sync, error, &mut used).await?,
        };
        let entry = used.entry(sync.record.state.step(), started_at);
        if let Some(ended) = record(&ingestion, &job, &sync, step, &entry).await? {
            return Ok(ended);
        }
        // A pause may have followed on an order whose answer was lost.
        resumed = action == Action::Resume;
    }
}

/// A step that asks the source, if the connection's breaker lets it; the answer is the breaker's
/// next lesson.
async fn guarded(
    ingestion: &Ingestion,
    job: &Job,
    sync: &Sync,
    action: Action,
    resumed: bool,
    used: &mut Used,
) -> Result<Step, Error> {
    let delivered = sync.kind == Kind::File;
    if matches!(action, Action::Begin | Action::Resume) || action == Action::Load && !delivered {
        return perform(ingestion, job, sync, action, resumed, used).await;
    }
    let id = sync.connection_id;
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let budgets = spending::read(&mut tx, &sync.pipeline, Utc::now()).await?;
    if let Some(denied) = budgets.refusal() {
        tx.commit().await?;
        let said = spending::said(&sync.pipeline, &denied);
        let problem = Problem::new(PIPELINE_BUDGET_USED_UP, said);
        return Ok(pause(sync, problem, denied.retry_at));
    }
    if delivered {
        tx.commit().await?;
        return perform(ingestion, job, sync, action, resumed, used).await;
    }
    let mut seen = breaker::store::find(&mut tx, id).await?;
    match breaker::may_pass(&seen, Utc::now()) {
        Pass::Yes => {}
        Pass::NotBefore(until) => {
            tx.commit().await?;
            let problem = Problem::new("source_unavailable", "the source does not answer");
            return Ok(pause(sync, problem, until));
        }
        Pass::Try(trial) => {
            if !breaker::store::replace(&mut tx, id, &seen, &trial).await? {
                // Another sync tries; this one looks again soon.
                tx.commit().await?;
                let problem = Problem::new("source_unavailable", "the source is being tried");
                let soon = Utc::now() + TimeDelta::seconds(5);
                return Ok(pause(sync, problem, soon));
            }
            seen = trial;
        }
    }
    tx.commit().await?;
    let done = perform(ingestion, job, sync, action, resumed, used).await;
    let next = match &done {
        Err(Error::Source(error @ connector::Error::Unavailable(_))) => {
            let dice = rand::random_range(0.0..=1.0);
            let failed = breaker::after_failure(&seen, &error.to_string(), Utc::now(), dice);
            Some(failed)
        }
        // Ours to mend, or not asked at all: nothing learned about the source.
        Err(
            Error::Source(connector::Error::Denied(_) | connector::Error::Disk(_))
            | Error::Connection(_)
            | Error::Bronze(_)
            | Error::Tenancy(_)
            | Error::Job(_)
            | Error::Injected(_),
        ) => None,
        Ok(_) | Err(Error::Source(_)) => breaker::after_success(&seen),
    };
    if let Some(next) = next {
        let mut tx = ingestion.db.begin(&job.scope).await?;
        // Whoever else learned something in between has it written already.
        breaker::store::replace(&mut tx, id, &seen, &next).await?;
        tx.commit().await?;
        if let (Err(_), BreakerState::Open, Some(until)) = (&done, next.state, next.retry_at) {
            let problem = Problem::new("source_unavailable", "the source does not answer");
            return Ok(pause(sync, problem, until));
        }
    }
    done
}

/// The state it was in comes back when it goes on; a pause upon a pause is one pause.
fn pause(sync: &Sync, problem: Problem, until: DateTime<Utc>) -> Step {
    let resume = match &sync.record.state {
        State::Paused { resume, .. } => resume.clone(),
        state => Box::new(state.clone()),
    };
    let left = (until - Utc::now()).to_std().unwrap_or_default();
    let paused = State::Paused {
        problem,
        until,
        resume,
    };
    Step::Later(
        sync.record.moved_to(paused),
        left.max(Duration::from_millis(100)),
    )
}

/// Writes what a step came to. `None`: go on with the next.
async fn record(
    ingestion: &Ingestion,
    job: &Job,
    seen: &Sync,
    step: Step,
    entry: &timeline::Entry,
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
    let loaded = record.state.done();
    let rows = record.advertisers.iter().map(|one| one.rows).sum();
    spend(&mut tx, seen, entry, if loaded { rows } else { 0 }).await?;
    let written = store::advance(&mut tx, seen, &record).await;
    if !written.map_err(tenancy::Error::from)? {
        // Somebody else has moved it on; the loop reads where it stands.
        tx.rollback().await?;
        return Ok(None);
    }
    if record != seen.record {
        let written =
            timeline::store::insert(&mut tx, seen.sync_id, seen.revision + 1, entry).await;
        written.map_err(tenancy::Error::from)?;
    }
    let ended = if let Some(after) = later {
        Some(job.run_again(tx, after, &job.payload).await?)
    } else if record.state.over() {
        // Entities may have changed even where no fact did.
        let queued = modules::run::enqueue(&mut tx).await;
        queued.map_err(tenancy::Error::from)?;
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

/// Counts what a step has used for its pipeline's own budget.
async fn spend(
    tx: &mut OrgTx,
    sync: &Sync,
    entry: &timeline::Entry,
    rows: u64,
) -> Result<(), tenancy::Error> {
    let spent = Spent {
        calls: entry.calls.unsigned_abs(),
        bytes: entry.bytes.unsigned_abs(),
        rows,
    };
    spending::spend(tx, &sync.pipeline, spent, Utc::now()).await?;
    Ok(())
}

/// Queries that were replaced are deleted at the source behind a sync that went well.
async fn tidy(ingestion: &Ingestion, job: &Job, seen: &Sync, record: &Record) {
    if !matches!(record.state, State::Done { .. }) || seen.kind == Kind::File {
        return;
    }
    let tidied = match connections::open(ingestion, &job.scope, seen.connection_id).await {
        Ok(opened) => {
            let source = Source::new(opened, ingestion, job);
            queries::tidy(&source, seen).await
        }
        Err(error) => Err(error.into()),
    };
    if let Err(error) = tidied {
        tracing::info!(%error, sync.id = %seen.sync_id, "an old query stays at the source");
    }
}

/// Says of an error whether the job tries again or the sync has failed.
async fn settle(
    ingestion: &Ingestion,
    job: &Job,
    sync: &Sync,
    error: Error,
    used: &mut Used,
) -> Result<Step, Failure> {
    let entry = std::mem::take(used).entry(sync.record.state.step(), Utc::now());
    let mut tx = ingestion.db.begin(&job.scope).await?;
    spend(&mut tx, sync, &entry, 0).await?;
    tx.commit().await?;
    let last = job.attempt >= job.max_attempts;
    let problem = match &error {
        // Not sent, so nothing has failed: the sync stays where it is, with all its attempts.
        Error::Source(connector::Error::Denied(denied)) => {
            tracing::info!(sync.id = %sync.sync_id, reason = denied.reason.as_str(), %denied,
                "sync waits for its turn");
            let problem = Problem::new(denied.reason.as_str(), denied.to_string());
            return Ok(pause(sync, problem, denied.retry_at));
        }
        // The source's own count says so; its day begins anew at some midnight.
        Error::Source(source @ connector::Error::QuotaExhausted(_)) => {
            let problem = Problem::new(source.code(), source.to_string());
            let after = source.retry_after().unwrap_or(Duration::from_secs(3600));
            let until = Utc::now() + TimeDelta::from_std(after).unwrap_or(TimeDelta::hours(1));
            return Ok(pause(sync, problem, until));
        }
        Error::Source(source) => match source.retry_after() {
            Some(after) if !last => {
                return Err(Failure {
                    message: error.to_string(),
                    retry: Retry::After(after.mul_f64(rand::random_range(0.05..=1.0))),
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

//! The job that carries a sync from step to step.
//!
//! Every step does its work, then proves the job's lease and writes the new state in one
//! transaction, together with whatever the step changed. A crash anywhere leaves the row saying what
//! is next; whoever goes on looks at the source for what the lost step may have made there.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use contracts::{BronzeId, SyncId};
use serde_json::{Value, json};
use service_kit::failpoints::{self, Injected};
use uuid::Uuid;

use super::load::{self, Outcome};
use super::store::{self, NewBronze};
use super::{Action, Problem, Record, Report, State, Sync, TargetState, next, plan};
use crate::connections;
use crate::ingestion::connector::{self, ReportState, Session};
use crate::ingestion::connectors::dv360;
use crate::ingestion::silver::{self, Load, Loaded};
use crate::ingestion::{Ingestion, bronze};
use crate::jobs::{self, Ended, Failure, Job, Retry};
use crate::metering::{Meter, Tally};
use crate::tenancy::{self, OrgTx};

pub const SYNC_JOB: &str = "ingestion.sync";

/// A report that takes longer is given up.
const REPORT_DEADLINE: TimeDelta = TimeDelta::hours(6);
/// The worker is not kept for longer pauses between polls; the job is queued again instead.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const MAX_REPORTS: usize = 3;
const MAX_DOWNLOADS: u32 = 3;

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

impl From<load::Error> for Error {
    fn from(error: load::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// What a step came to.
enum Step {
    To(Record),
    /// The changes that belong to the new state are in the transaction.
    With(Record, Box<OrgTx>),
    /// Nothing to do until later.
    Later(Record, Duration),
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

/// One step's work. May be done twice; changes no row unless its transaction is committed.
async fn perform(
    ingestion: &Ingestion,
    job: &Job,
    sync: &Sync,
    action: Action,
    resumed: bool,
) -> Result<Step, Error> {
    let source = Source {
        session: connections::open(ingestion, &job.scope, sync.connection_id).await?,
        ingestion,
        job,
    };
    let step = match (action, &sync.record.state) {
        (Action::CreateQuery, State::Requesting { failed, .. }) => {
            let request = &sync.record.request;
            let query_id = source.session.ensure_query(request, resumed).await?;
            Step::To(sync.record.moved_to(State::Requesting {
                query_id: Some(query_id),
                failed: failed.clone(),
            }))
        }
        (
            Action::RunQuery,
            State::Requesting {
                query_id: Some(query_id),
                failed,
            },
        ) => run_query(&source, sync, query_id, failed, resumed).await?,
        (Action::FetchEntities, _) => fetch_entities(&source, sync).await?,
        (Action::AwaitReport, State::Waiting { .. }) => await_report(&source, sync).await?,
        (Action::Download, State::Downloading { report, attempt }) => {
            download(&source, sync, report, *attempt).await?
        }
        (
            Action::Load,
            State::Loading {
                report,
                attempt,
                bronze_id,
            },
        ) => load_file(&source, sync, report, *attempt, *bronze_id).await?,
        // `next` pairs every other action with its state.
        (_, _) => Step::To(sync.record.moved_to(State::Entities)),
    };
    failpoints::hit(match action {
        Action::Begin => "sync.begun",
        Action::CreateQuery => "sync.query_created",
        Action::RunQuery => "sync.query_run",
        Action::FetchEntities => "sync.entities_fetched",
        Action::AwaitReport => "sync.report_awaited",
        Action::Download => "sync.downloaded",
        Action::Load => "sync.loaded",
    })?;
    Ok(step)
}

/// A conversation that counts its requests for the org, however it ends.
struct Source<'a> {
    session: Box<dyn Session>,
    ingestion: &'a Ingestion,
    job: &'a Job,
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        let calls = self.session.take_calls();
        self.ingestion
            .usage
            .add(&self.job.scope, Meter::DspCalls, calls);
    }
}

async fn run_query(
    source: &Source<'_>,
    sync: &Sync,
    query_id: &str,
    failed: &[String],
    resumed: bool,
) -> Result<Step, Error> {
    let request = &sync.record.request;
    let report_id = source
        .session
        .ensure_report(query_id, request, failed, resumed)
        .await?;
    Ok(Step::To(sync.record.moved_to(State::Waiting {
        report: Report {
            query_id: query_id.to_owned(),
            report_id,
            failed: failed.to_vec(),
        },
        since: Utc::now(),
        polls: 0,
    })))
}

/// Entities go to silver with the state; the report then reaches back to the oldest running budget.
async fn fetch_entities(source: &Source<'_>, sync: &Sync) -> Result<Step, Error> {
    let ingestion = source.ingestion;
    let scope = &source.job.scope;
    let mut fetched = Vec::new();
    for target in &sync.record.advertisers {
        let id = &target.advertiser_id;
        let found = source.session.fetch_entities(id).await?;
        let stored = ingestion.bronze.put_bytes(scope.org(), found.raw).await?;
        fetched.push((id, stored, found.entities));
    }
    let mut tx = ingestion.db.begin(scope).await?;
    for (id, stored, entities) in &fetched {
        let bronze = NewBronze {
            stored: *stored,
            kind: "entities",
            connection_id: sync.connection_id,
            request: &json!({"advertiser_id": id}),
            report_id: None,
            length_proven: true,
        };
        let bronze_id = store::ensure_bronze(&mut tx, &bronze).await?;
        silver::store::replace_entities(&mut tx, dv360::NAME, id, bronze_id, entities).await?;
    }
    let mut record = sync.record.moved_to(State::Requesting {
        query_id: None,
        failed: Vec::new(),
    });
    let ids = &record.request.advertiser_ids;
    let oldest = silver::store::oldest_uncovered_start(&mut tx, dv360::NAME, ids).await?;
    plan::reach_back(&mut record.request, oldest);
    Ok(Step::With(record, Box::new(tx)))
}

async fn await_report(source: &Source<'_>, sync: &Sync) -> Result<Step, Error> {
    let State::Waiting {
        report,
        since,
        mut polls,
    } = sync.record.state.clone()
    else {
        return Ok(Step::To(sync.record.clone()));
    };
    loop {
        let Report {
            query_id,
            report_id,
            ..
        } = &report;
        let state = match source.session.fetch_report(query_id, report_id).await? {
            ReportState::Ready => State::Downloading { report, attempt: 0 },
            ReportState::Failed => after_failure(report),
            ReportState::WithoutFile => State::Quarantined {
                problem: Problem::new(
                    "report_without_file",
                    "the source says the report is done, but has no file for it",
                ),
            },
            ReportState::Pending if Utc::now() - since > REPORT_DEADLINE => State::Failed {
                problem: Problem::new("report_timeout", "the source did not finish the report"),
            },
            ReportState::Pending => {
                let pause = pause_before(polls);
                polls += 1;
                if pause > LONGEST_PAUSE {
                    let waiting = State::Waiting {
                        report,
                        since,
                        polls,
                    };
                    return Ok(Step::Later(sync.record.moved_to(waiting), pause));
                }
                tokio::time::sleep(pause).await;
                continue;
            }
        };
        return Ok(Step::To(sync.record.moved_to(state)));
    }
}

/// A quarter of a second, then doubling: reports of small advertisers are ready at once, and each
/// poll of a long one costs quota.
pub(super) fn pause_before(polls: u32) -> Duration {
    Duration::from_millis(250 << polls.min(9)).min(Duration::from_secs(120))
}

/// The source gives no reason for a failed report; another run may succeed.
fn after_failure(report: Report) -> State {
    let mut failed = report.failed;
    failed.push(report.report_id);
    if failed.len() < MAX_REPORTS {
        return State::Requesting {
            query_id: Some(report.query_id),
            failed,
        };
    }
    State::Failed {
        problem: Problem::new(
            "report_failed",
            "the source failed to make the report, repeatedly",
        ),
    }
}

async fn download(
    source: &Source<'_>,
    sync: &Sync,
    report: &Report,
    attempt: u32,
) -> Result<Step, Error> {
    let ingestion = source.ingestion;
    let scope = &source.job.scope;
    let file = tempfile::NamedTempFile::new().map_err(bronze::Error::Io)?;
    let Report {
        query_id,
        report_id,
        ..
    } = report;
    let got = source
        .session
        .download(query_id, report_id, file.path())
        .await?;
    let stored = ingestion.bronze.put_file(scope.org(), file.path()).await?;
    let request = serde_json::to_value(&sync.record.request).unwrap_or_default();
    let mut tx = ingestion.db.begin(scope).await?;
    let bronze = NewBronze {
        stored,
        kind: "report",
        connection_id: sync.connection_id,
        request: &request,
        report_id: Some(report_id),
        length_proven: got.length_proven,
    };
    let bronze_id = store::ensure_bronze(&mut tx, &bronze).await?;
    let loading = sync.record.moved_to(State::Loading {
        report: report.clone(),
        attempt,
        bronze_id,
    });
    Ok(Step::With(loading, Box::new(tx)))
}

async fn load_file(
    source: &Source<'_>,
    sync: &Sync,
    report: &Report,
    attempt: u32,
    bronze_id: BronzeId,
) -> Result<Step, Error> {
    let ingestion = source.ingestion;
    let scope = &source.job.scope;
    let request = &sync.record.request;
    let mut tx = ingestion.db.begin(scope).await?;
    let object = store::fetch_bronze(&mut tx, bronze_id).await?;
    let input = ingestion.bronze.read(scope.org(), &object.sha256).await?;
    let bytes = object.length_proven.then_some(object.bytes);
    let target = |one: &super::Target| Loaded {
        advertiser_id: one.advertiser_id.clone(),
        currency: one.currency,
        through: one.through,
    };
    let load = Load {
        load_id: Uuid::now_v7(),
        dsp: dv360::NAME,
        bronze_id,
        sync_id: sync.sync_id,
        range: (request.start, request.end),
        advertisers: sync.record.advertisers.iter().map(target).collect(),
    };
    let quarantined = |code: &str, message: String| {
        let problem = Problem::new(code, message);
        Step::To(sync.record.moved_to(State::Quarantined { problem }))
    };
    let connector = &ingestion.connector;
    Ok(
        match load::load(&mut tx, connector, input, bytes, request, &load).await? {
            Outcome::Loaded {
                rows,
                control_total,
            } => {
                let done = State::Done {
                    rows: rows.values().sum(),
                    control_total,
                };
                let mut record = sync.record.moved_to(done);
                for target in &mut record.advertisers {
                    target.rows = rows.get(&target.advertiser_id).copied().unwrap_or(0);
                }
                return Ok(Step::With(record, Box::new(tx)));
            }
            Outcome::Refused(refused) if refused.download_again && attempt + 1 < MAX_DOWNLOADS => {
                tracing::warn!(error = %refused, sync.id = %sync.sync_id, "downloading the file again");
                Step::To(sync.record.moved_to(State::Downloading {
                    report: report.clone(),
                    attempt: attempt + 1,
                }))
            }
            Outcome::Refused(refused) => quarantined("file_refused", refused.message),
            Outcome::SuspiciouslyEmpty => quarantined(
                "suspiciously_empty",
                "the report is empty for days that have data already".to_owned(),
            ),
            Outcome::Duplicate(detail) => quarantined("duplicate_rows", detail),
        },
    )
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
        && let Ok(session) = connections::open(ingestion, &job.scope, seen.connection_id).await
    {
        let source = Source {
            session,
            ingestion,
            job,
        };
        if let Err(error) = source.session.delete_query(&report.query_id).await {
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

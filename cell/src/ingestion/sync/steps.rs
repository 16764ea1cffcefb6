//! The steps of a sync: what each does at the source, in bronze and in silver.
//!
//! A step may be done twice. It changes a row only through the transaction it hands back, which is
//! committed together with the new state.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use service_kit::failpoints;

use super::load::load_file;
use super::run::Error;
use super::store::{self, NewBronze};
use super::{Action, Problem, Record, Report, State, Sync, plan};
use crate::connections::{self, Opened};
use crate::ingestion::connector::{self, ReportState, Session};
use crate::ingestion::silver;
use crate::ingestion::{Ingestion, bronze};
use crate::jobs::Job;
use crate::metering::Meter;
use crate::tenancy::OrgTx;

/// A report that takes longer is given up.
const REPORT_DEADLINE: TimeDelta = TimeDelta::hours(6);
/// The worker is not kept for longer pauses between polls; the job is queued again instead.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const MAX_REPORTS: usize = 3;

/// What a step came to.
pub(super) enum Step {
    To(Record),
    /// The changes that belong to the new state are in the transaction.
    With(Record, Box<OrgTx>),
    /// Nothing to do until later.
    Later(Record, Duration),
}

/// One step's work. May be done twice; changes no row unless its transaction is committed.
pub(super) async fn perform(
    ingestion: &Ingestion,
    job: &Job,
    sync: &Sync,
    action: Action,
    resumed: bool,
) -> Result<Step, Error> {
    let source = Source {
        opened: connections::open(ingestion, &job.scope, sync.connection_id).await?,
        ingestion,
        job,
    };
    let step = match (action, &sync.record.state) {
        (Action::CreateQuery, State::Requesting { failed, .. }) => {
            let request = &sync.record.request;
            let spec = &sync.record.spec;
            let session = source.session()?;
            let query_id = session.ensure_query(spec, request, resumed).await?;
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
        (_, _) => Step::To(sync.record.moved_to(sync.record.first_step())),
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
pub(super) struct Source<'a> {
    pub(super) opened: Opened,
    pub(super) ingestion: &'a Ingestion,
    pub(super) job: &'a Job,
}

impl Source<'_> {
    pub(super) fn session(&self) -> Result<&dyn Session, connector::Error> {
        self.opened.session()
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        let calls = self.opened.take_calls();
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
        .session()?
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
    let dsp = source.opened.connector.name();
    let mut fetched = Vec::new();
    for target in &sync.record.advertisers {
        let id = &target.advertiser_id;
        let found = source.session()?.fetch_entities(id).await?;
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
            query_id: None,
            length_proven: true,
        };
        let bronze_id = store::ensure_bronze(&mut tx, &bronze).await?;
        silver::store::replace_entities(&mut tx, dsp, id, bronze_id, entities).await?;
    }
    let mut record = sync.record.moved_to(State::Requesting {
        query_id: None,
        failed: Vec::new(),
    });
    let ids = &record.request.advertiser_ids;
    let oldest = silver::store::oldest_uncovered_start(&mut tx, dsp, ids).await?;
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
        let state = match source.session()?.fetch_report(query_id, report_id).await? {
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
        .session()?
        .download(query_id, report_id, file.path())
        .await?;
    let stored = ingestion.bronze.put_file(scope.org(), file.path()).await?;
    let mut request = serde_json::to_value(&sync.record.request).unwrap_or_default();
    request["pipeline"] = json!(sync.pipeline);
    let mut tx = ingestion.db.begin(scope).await?;
    let bronze = NewBronze {
        stored,
        kind: "report",
        connection_id: sync.connection_id,
        request: &request,
        report_id: Some(report_id),
        query_id: Some(query_id),
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

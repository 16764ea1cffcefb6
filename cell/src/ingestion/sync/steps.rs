//! The steps of a sync: what each does at the source, in bronze and in silver.
//!
//! A step may be done twice. It changes a row only through the transaction it hands back, which is
//! committed together with the new state.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use service_kit::failpoints;

use super::entities;
use super::load::load_file;
use super::run::Error;
use super::store::{self, NewBronze};
use super::timeline::Used;
use super::{Action, Problem, Record, Report, State, Sync, reports};
use crate::connections::{self, Opened};
use crate::ingestion::connector::{self, Session};
use crate::ingestion::{Ingestion, bronze};
use crate::jobs::Job;
use crate::metering::Meter;
use crate::tenancy::OrgTx;

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
    used: &mut Used,
) -> Result<Step, Error> {
    let opened = connections::open(ingestion, &job.scope, sync.connection_id).await?;
    let source = Source::new(opened, ingestion, job);
    let step = act(&source, sync, action, resumed).await;
    // However it ended: the source counts, too.
    used.calls = source.count_calls();
    used.bytes = source.bytes.load(Ordering::Relaxed);
    step
}

async fn act(
    source: &Source<'_>,
    sync: &Sync,
    action: Action,
    resumed: bool,
) -> Result<Step, Error> {
    let step = match (action, &sync.record.state) {
        (Action::CreateQuery, State::Requesting { failed, .. }) => {
            reports::ensure_query(source, sync, failed, resumed).await?
        }
        (
            Action::RunQuery,
            State::Requesting {
                query_id: Some(query_id),
                failed,
            },
        ) => reports::run_query(source, sync, query_id, failed, resumed).await?,
        (Action::FetchEntities, _) => entities::fetch(source, sync).await?,
        (Action::AwaitReport, State::Waiting(waiting)) => {
            reports::await_report(source, sync, waiting).await?
        }
        (Action::Download, State::Downloading { report, attempt }) => {
            download(source, sync, report, *attempt).await?
        }
        (
            Action::Load,
            State::Loading {
                report,
                attempt,
                bronze_id,
            },
        ) => load_file(source, sync, report, *attempt, *bronze_id).await?,
        (Action::Resume, State::Paused { until, resume, .. }) => resume_at(sync, *until, resume),
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
        Action::Resume => "sync.resumed",
    })?;
    Ok(step)
}

fn resume_at(sync: &Sync, until: DateTime<Utc>, resume: &State) -> Step {
    match (until - Utc::now()).to_std() {
        Ok(left) if !left.is_zero() => Step::Later(sync.record.clone(), left),
        _ => Step::To(sync.record.moved_to(resume.clone())),
    }
}

/// A conversation that counts its requests for the org, however it ends.
pub(super) struct Source<'a> {
    pub(super) opened: Opened,
    pub(super) ingestion: &'a Ingestion,
    pub(super) job: &'a Job,
    /// Downloaded so far.
    pub(super) bytes: AtomicU64,
}

impl<'a> Source<'a> {
    pub(super) fn new(opened: Opened, ingestion: &'a Ingestion, job: &'a Job) -> Self {
        Self {
            opened,
            ingestion,
            job,
            bytes: AtomicU64::new(0),
        }
    }

    pub(super) fn session(&self) -> Result<&dyn Session, connector::Error> {
        self.opened.session()
    }
}

impl Source<'_> {
    fn count_calls(&self) -> u64 {
        let calls = self.opened.take_calls();
        let usage = &self.ingestion.usage;
        usage.add(&self.job.scope, Meter::DspCalls, calls);
        calls
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        self.count_calls();
    }
}

fn links_refused(reason: &str) -> Problem {
    let message = format!(
        "the source made the report, repeatedly, and refused each of its download links: {reason}"
    );
    Problem::new("links_refused", message)
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
        .await;
    let got = match got {
        // Fresh links were refused as well, so this report's file is out of reach; another run's
        // may not be.
        Err(connector::Error::LinkRefused(reason)) => {
            tracing::warn!(error = %reason, sync.id = %sync.sync_id, "running the report again");
            let next = reports::run_again(report.clone(), || links_refused(&reason));
            return Ok(Step::To(sync.record.moved_to(next)));
        }
        // Another account consents by now and does not see it, or somebody deleted it.
        Err(connector::Error::NotFound(_))
            if !report.failed.iter().any(|one| one == reports::GONE) =>
        {
            return reports::forget_query(source, sync, query_id, &report.failed).await;
        }
        got => got?,
    };
    source.bytes.fetch_add(got.bytes, Ordering::Relaxed);
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

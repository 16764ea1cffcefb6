//! A sync brings an org's data up to date: a durable operation in a row of its own.
//!
//! The row is the truth. `next` says what to do, `run` does it and writes the new state by
//! compare-and-set; each step may be repeated, because the source is asked for what an earlier
//! attempt made, bronze stores nothing twice, and silver changes only together with the state.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::{BronzeId, ConnectionId, Currency, JobId, SyncId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::connector::ReportRequest;
use super::permit::Reason;
use super::pipelines::{self, Spec};
use super::retention;
use crate::jobs::{self, NewJob};
use crate::tenancy::OrgTx;

pub mod plan;

pub mod run;

mod steps;

mod reports;

mod sightings;

mod queries;

mod latency;

pub mod breaker;

pub mod timeline;

mod entities;

pub mod cost;

mod load;

mod daily;

mod deliver;
mod outcome;

mod starter;

pub mod http;

pub(crate) mod store;

#[cfg(test)]
mod tests;

pub(crate) use daily::job_id as daily_job_id;
pub(crate) use daily::schedule_daily;
pub use daily::{DAILY_JOB, run_daily};
pub(crate) use deliver::{DeliveredFile, deliver};
pub(crate) use load::MAX_DOWNLOADS;
pub(crate) use outcome::{Outcome, outcome};
pub use run::{SYNC_JOB, run};
pub use starter::Starter;

/// A job that fails this often in a row fails its sync.
const MAX_ATTEMPTS: u16 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Backfill,
    Daily,
    /// Once more, after the source has certified a month.
    MonthClose,
    /// A file that somebody delivered.
    File,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Backfill, Self::Daily, Self::MonthClose, Self::File];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backfill => "backfill",
            Self::Daily => "daily",
            Self::MonthClose => "month_close",
            Self::File => "file",
        }
    }

    pub(crate) fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What went wrong, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    pub code: String,
    pub message: String,
}

impl Problem {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

/// The source's names for what is being waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub query_id: String,
    pub report_id: String,
    /// Runs of the query that came to nothing.
    pub failed: Vec<String>,
}

/// A report that was ordered, or that the source makes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub report: Report,
    /// When it was ordered; of a morning's report, when its last day ended.
    pub since: DateTime<Utc>,
    /// Questions so far.
    pub polls: u32,
    /// The next question; none: at once.
    #[serde(default)]
    pub ask_at: Option<DateTime<Utc>>,
    /// The source makes it by itself, so its id is not known before it is there.
    #[serde(default)]
    pub scheduled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum State {
    Queued,
    /// First, because budgets say how far back the report has to reach.
    Entities,
    Requesting {
        query_id: Option<String>,
        failed: Vec<String>,
    },
    Waiting(Waiting),
    Downloading {
        report: Report,
        attempt: u32,
    },
    Loading {
        report: Report,
        attempt: u32,
        bronze_id: BronzeId,
    },
    /// Held up by something that passes by itself, such as a quota or a source that is down.
    Paused {
        problem: Problem,
        until: DateTime<Utc>,
        resume: Box<Self>,
    },
    Done {
        rows: u64,
        /// The file's own totals agreed with its rows.
        control_total: bool,
    },
    Failed {
        problem: Problem,
    },
    /// The file is kept but not loaded.
    Quarantined {
        problem: Problem,
    },
    /// A person stopped it.
    Cancelled,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Begin,
    FetchEntities,
    CreateQuery,
    RunQuery,
    AwaitReport,
    Download,
    Load,
    Resume,
}

/// The state's action; none when the sync is over.
pub fn next(state: &State) -> Option<Action> {
    match state {
        State::Queued => Some(Action::Begin),
        State::Entities => Some(Action::FetchEntities),
        State::Requesting { query_id: None, .. } => Some(Action::CreateQuery),
        State::Requesting { .. } => Some(Action::RunQuery),
        State::Waiting(_) => Some(Action::AwaitReport),
        State::Downloading { .. } => Some(Action::Download),
        State::Loading { .. } => Some(Action::Load),
        State::Paused { .. } => Some(Action::Resume),
        State::Done { .. }
        | State::Failed { .. }
        | State::Quarantined { .. }
        | State::Cancelled => None,
    }
}

impl State {
    pub const fn step(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Requesting { .. } => "requesting",
            Self::Entities => "entities",
            Self::Waiting { .. } => "waiting",
            Self::Downloading { .. } => "downloading",
            Self::Loading { .. } => "loading",
            Self::Paused { .. } => "paused",
            Self::Cancelled => "cancelled",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
            Self::Quarantined { .. } => "quarantined",
        }
    }

    pub const fn over(&self) -> bool {
        matches!(
            self,
            Self::Done { .. } | Self::Failed { .. } | Self::Quarantined { .. } | Self::Cancelled
        )
    }

    pub const fn done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// For a progress bar; the waiting is most of it.
    pub fn progress(&self) -> f64 {
        match self {
            Self::Queued => 0.0,
            Self::Entities => 0.05,
            Self::Requesting { query_id: None, .. } => 0.2,
            Self::Requesting { .. } => 0.25,
            Self::Waiting(Waiting { polls, .. }) => {
                0.35 + 0.35 * (1.0 - 0.8_f64.powf(f64::from(*polls)))
            }
            Self::Downloading { .. } => 0.75,
            Self::Loading { .. } => 0.85,
            Self::Paused { resume, .. } => resume.progress(),
            Self::Done { .. }
            | Self::Failed { .. }
            | Self::Quarantined { .. }
            | Self::Cancelled => 1.0,
        }
    }

    /// What is going on, for people.
    pub fn message(&self) -> String {
        match self {
            Self::Queued => "Waiting for a free worker".to_owned(),
            Self::Requesting { .. } => "Asking for the report".to_owned(),
            Self::Entities => "Reading campaigns, insertion orders and line items".to_owned(),
            Self::Waiting(_) => "The report is being prepared at the source".to_owned(),
            Self::Cancelled => "Stopped by a person".to_owned(),
            Self::Downloading { .. } => "Downloading the report".to_owned(),
            Self::Loading { .. } => "Checking and loading the report".to_owned(),
            Self::Done { rows, .. } => format!("Loaded {rows} rows"),
            Self::Failed { problem }
            | Self::Quarantined { problem }
            | Self::Paused { problem, .. } => problem.message.clone(),
        }
    }

    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem }
            | Self::Quarantined { problem }
            | Self::Paused { problem, .. } => Some(problem),
            Self::Queued
            | Self::Requesting { .. }
            | Self::Entities
            | Self::Waiting { .. }
            | Self::Downloading { .. }
            | Self::Loading { .. }
            | Self::Cancelled
            | Self::Done { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    Queued,
    Working,
    Done,
    Failed,
}

/// One advertiser of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub advertiser_id: String,
    pub name: String,
    pub currency: Currency,
    /// Its last complete day when the sync was planned.
    pub through: NaiveDate,
    pub state: TargetState,
    pub rows: u64,
}

/// What the row keeps besides its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// As it was when the sync began: a change of the pipeline is for later ones.
    #[serde(default = "before_pipelines")]
    pub spec: Box<Spec>,
    /// Somebody waits for it, so it is asked for a little more often.
    #[serde(default)]
    pub watched: bool,
    /// The zone whose days end last among the advertisers'.
    #[serde(default)]
    pub zone: Option<Tz>,
    /// Of the org's changes that are in it; 0: none.
    #[serde(default)]
    pub layer_version: u32,
    pub request: ReportRequest,
    /// What counts of a file that holds more days than are wanted; none: all of it.
    #[serde(default)]
    pub taken: Option<(NaiveDate, NaiveDate)>,
    pub advertisers: Vec<Target>,
    /// A second report was ordered for days that the first had nothing of.
    #[serde(default)]
    pub asked_again: bool,
    pub state: State,
}

/// The one there was before pipelines were data.
pub(crate) const FIRST_PIPELINE: &str = "dv360_line_item_days";

fn before_pipelines() -> Box<Spec> {
    let spec = pipelines::find_built_in(FIRST_PIPELINE);
    Box::new(spec.expect("it is shipped"))
}

impl Record {
    /// What comes first. Line items are what entities are read for, so other datasets do without.
    pub(crate) fn first_step(&self) -> State {
        if self.spec.reads_entities() {
            return State::Entities;
        }
        State::Requesting {
            query_id: None,
            failed: Vec::new(),
        }
    }

    /// The record in a new state, with its advertisers saying the same.
    pub(crate) fn moved_to(&self, state: State) -> Self {
        let of_targets = match &state {
            State::Queued => TargetState::Queued,
            State::Done { .. } => TargetState::Done,
            State::Failed { .. } | State::Quarantined { .. } | State::Cancelled => {
                TargetState::Failed
            }
            State::Requesting { .. }
            | State::Entities
            | State::Waiting(_)
            | State::Downloading { .. }
            | State::Loading { .. }
            | State::Paused { .. } => TargetState::Working,
        };
        let mut record = Self {
            state,
            ..self.clone()
        };
        for target in &mut record.advertisers {
            target.state = of_targets;
        }
        record
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sync {
    pub sync_id: SyncId,
    pub connection_id: ConnectionId,
    pub pipeline: String,
    pub kind: Kind,
    /// None: from before that was written down.
    pub started_by: Option<Starter>,
    pub record: Record,
    pub revision: i64,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// Creates a sync and queues its job in the caller's transaction. One of a connection's syncs of a
/// pipeline runs at a time; an unfinished one that will do is returned instead of a second.
pub(crate) async fn start(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    wish: &plan::Wish<'_>,
    starter: Starter,
    now: DateTime<Utc>,
) -> Result<Option<Sync>, sqlx::Error> {
    let kind = wish.kind;
    let Some(record) = plan::plan(wish, now) else {
        return Ok(None);
    };
    let pipeline = record.spec.pipeline.as_str();
    // A backfill does all that a daily sync would, but not the other way round.
    let enough = |sync: &Sync| {
        let (has, wants) = (&sync.record.request, &record.request);
        let covers = has.start <= wants.start && has.end >= wants.end;
        has.advertiser_ids == wants.advertiser_ids
            && match kind {
                Kind::Daily => matches!(sync.kind, Kind::Daily | Kind::Backfill),
                Kind::Backfill | Kind::MonthClose | Kind::File => sync.kind == kind && covers,
            }
    };
    if let Some(unfinished) = store::find_unfinished(tx, connection_id, pipeline).await?
        && enough(&unfinished)
    {
        return Ok(Some(unfinished));
    }
    start_at(tx, connection_id, kind, starter, &record)
        .await
        .map(Some)
}

/// A pause of these kinds is over once somebody raises a budget.
pub(crate) const PIPELINE_BUDGET_USED_UP: &str = "pipeline_budget_used_up";

/// Has the syncs that wait for a budget look again: somebody has changed one.
pub(crate) async fn resume_after_budgets(
    tx: &mut OrgTx,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let reasons = [Reason::Budget.as_str(), PIPELINE_BUDGET_USED_UP].map(str::to_owned);
    let resumed = store::shorten_pauses(tx, &reasons, at).await?;
    let jobs: Vec<JobId> = resumed
        .iter()
        .map(|id| JobId::from_uuid(id.as_uuid()))
        .collect();
    jobs::run_at(tx, &jobs, at).await
}

/// The row and its job. The sync begins at the record's state, such as at loading a file that is in
/// bronze already.
pub(crate) async fn start_at(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    kind: Kind,
    starter: Starter,
    record: &Record,
) -> Result<Sync, sqlx::Error> {
    let sync_id = SyncId::new();
    let pipeline = record.spec.pipeline.as_str();
    let sync = store::insert(tx, sync_id, connection_id, (kind, starter), record).await?;
    let job = NewJob {
        job_id: JobId::from_uuid(sync_id.as_uuid()),
        kind: SYNC_JOB,
        key: format!("sync:{connection_id}:{pipeline}"),
        payload: json!({"sync_id": sync_id}),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await?;
    // From the first file on there is something that is not kept for ever.
    retention::schedule(tx).await?;
    Ok(sync)
}

//! A replay reads stored files again and says what would come of it, or puts that into silver: a
//! durable operation in a row of its own.
//!
//! Each advertiser's day is taken from the one file that gives it, so files can be read in any
//! order, a day never goes back in time while a replay is under way, and the outcome is a function
//! of bytes and version alone.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::replays::{Replay as Answer, ReplayDiff, ReplayProblem, ReplayState, StartReplay};
use contracts::{JobId, ReplayId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pipelines::Spec;
use super::pipelines::spec::Dataset;
use crate::jobs::{self, NewJob};
use crate::tenancy::{self, OrgTx};

pub mod canonical;

pub mod compare;

pub mod plan;

pub mod run;

mod steps;

mod sides;

mod loads;

mod versions;

pub mod http;

pub mod operator;

pub(crate) mod store;

#[cfg(test)]
mod tests;

pub use run::{REPLAY_JOB, run};

/// A job that fails this often in a row fails its replay.
const MAX_ATTEMPTS: u16 = 8;
/// The most days of one replay.
const MAX_DAYS: i64 = 1_100;

/// What somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub pipeline: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// As in [`StartReplay`].
    pub version: Option<String>,
    pub dry_run: bool,
}

/// How files are read: the spec, and what lineage calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub spec: Box<Spec>,
    pub version: String,
}

/// What was found to be done, once; later changes of pipelines do not alter it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub dataset: Dataset,
    /// What its rows are kept under.
    pub dataset_key: String,
    pub dsp: String,
    /// Absent: each file as it was read when it was loaded.
    pub reading: Option<Reading>,
    pub files: u32,
    /// Files, and one more if there are days that no file is known of.
    pub positions: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum State {
    Queued,
    /// Everything before the position is done.
    Reading {
        position: u32,
    },
    Concluding,
    Done,
    Failed {
        problem: ReplayProblem,
    },
    /// Somebody stopped it. What was replaced until then stays: each day is whole.
    Cancelled,
}

/// What the row keeps besides its columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub wish: Wish,
    pub plan: Option<Plan>,
    pub diff: ReplayDiff,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    pub replay_id: ReplayId,
    pub record: Record,
    pub revision: i64,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Plan,
    Read { position: u32 },
    Conclude,
}

/// The state's action; none when the replay is over.
pub fn next(state: &State) -> Option<Action> {
    match state {
        State::Queued => Some(Action::Plan),
        State::Reading { position } => Some(Action::Read {
            position: *position,
        }),
        State::Concluding => Some(Action::Conclude),
        State::Done | State::Failed { .. } | State::Cancelled => None,
    }
}

impl State {
    pub const fn kind(&self) -> ReplayState {
        match self {
            Self::Queued => ReplayState::Queued,
            Self::Reading { .. } => ReplayState::Reading,
            Self::Concluding => ReplayState::Concluding,
            Self::Done => ReplayState::Done,
            Self::Failed { .. } => ReplayState::Failed,
            Self::Cancelled => ReplayState::Cancelled,
        }
    }

    pub const fn step(&self) -> &'static str {
        match self.kind() {
            ReplayState::Queued => "queued",
            ReplayState::Reading => "reading",
            ReplayState::Concluding => "concluding",
            ReplayState::Done => "done",
            ReplayState::Failed => "failed",
            ReplayState::Cancelled => "cancelled",
        }
    }

    pub const fn over(&self) -> bool {
        self.kind().over()
    }
}

impl Plan {
    /// What follows when everything before the position is done.
    pub(crate) fn at(&self, position: u32) -> State {
        if position < self.positions {
            State::Reading { position }
        } else {
            State::Concluding
        }
    }
}

impl Record {
    pub(crate) fn moved_to(&self, state: State) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    pub(crate) fn failed(&self, code: &str, message: impl Into<String>) -> Self {
        self.moved_to(State::Failed {
            problem: ReplayProblem {
                code: code.to_owned(),
                message: message.into(),
            },
        })
    }

    fn files(&self) -> (u32, u32) {
        let files = self.plan.as_ref().map_or(0, |plan| plan.files);
        let read = match &self.state {
            State::Queued => 0,
            State::Reading { position } => *position,
            State::Concluding | State::Done => files,
            // Where it stopped is no longer known, but what it had found is.
            State::Failed { .. } | State::Cancelled => 0,
        };
        (files, read.min(files))
    }

    /// What is going on, for people.
    fn message(&self) -> String {
        let (files, read) = self.files();
        match &self.state {
            State::Queued => "Waiting for a free worker, or for an earlier replay".to_owned(),
            State::Reading { .. } => format!("Reading stored files, {read} of {files} done"),
            State::Concluding => "Summing up".to_owned(),
            State::Done => self.outcome(),
            State::Failed { problem } => problem.message.clone(),
            State::Cancelled if self.wish.dry_run => "Stopped".to_owned(),
            State::Cancelled => "Stopped; the days replaced until then stay".to_owned(),
        }
    }

    fn outcome(&self) -> String {
        let days = self.diff.days;
        let changed = days.different + days.only_before + days.only_after;
        match (self.wish.dry_run, changed) {
            (_, 0) => format!("All {} days of advertisers are the same", days.equal),
            (true, _) => {
                format!(
                    "{changed} days of advertisers would change, {} would not",
                    days.equal
                )
            }
            (false, _) => format!(
                "{changed} days of advertisers changed, {} did not",
                days.equal
            ),
        }
    }
}

impl From<Replay> for Answer {
    fn from(replay: Replay) -> Self {
        let record = replay.record;
        let (files, files_read) = record.files();
        let progress = match &record.state {
            State::Queued => 0.0,
            State::Reading { .. } => 0.02 + 0.95 * f64::from(files_read) / f64::from(files.max(1)),
            State::Concluding => 0.98,
            State::Done | State::Failed { .. } | State::Cancelled => 1.0,
        };
        Self {
            replay_id: replay.replay_id,
            message: record.message(),
            state: record.state.kind(),
            progress,
            files,
            files_read,
            problem: match record.state {
                State::Failed { problem } => Some(problem),
                _ => None,
            },
            pipeline: record.wish.pipeline,
            start: record.wish.start,
            end: record.wish.end,
            pipeline_version: record.wish.version,
            dry_run: record.wish.dry_run,
            diff: record.diff,
            created_at: replay.created_at,
            started_at: replay.started_at,
            finished_at: replay.finished_at,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such replay")]
    NotFound,
    #[error("the last day is before the first")]
    Backwards,
    #[error("a replay spans at most {MAX_DAYS} days")]
    TooLong,
    #[error("no file has been loaded for these days")]
    NothingLoaded,
    #[error("{0} is a replay of other days, another version or of another kind")]
    OtherWish(ReplayId),
    #[error("several pipelines gave these days, choose one: {}", .0.join(", "))]
    WhichPipeline(Vec<String>),
    #[error("{0}")]
    Version(#[from] versions::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// The same as `start` under a name of the caller's: asked again, it finds what it started.
pub(crate) async fn ensure(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    wish: StartReplay,
) -> Result<Replay, Error> {
    let Some(found) = store::find(tx, replay_id).await? else {
        return start(tx, replay_id, wish).await;
    };
    let known = &found.record.wish;
    let same = wish.pipeline.is_none_or(|one| one == known.pipeline)
        && (wish.start, wish.end) == (known.start, known.end)
        && wish.pipeline_version == known.version
        && wish.dry_run == known.dry_run;
    same.then_some(found).ok_or(Error::OtherWish(replay_id))
}

/// Creates a replay and queues its job in the caller's transaction. An org's replays run one after
/// the other.
pub(crate) async fn start(
    tx: &mut OrgTx,
    replay_id: ReplayId,
    wish: StartReplay,
) -> Result<Replay, Error> {
    let span = (wish.end - wish.start).num_days();
    if span < 0 {
        return Err(Error::Backwards);
    }
    if span >= MAX_DAYS {
        return Err(Error::TooLong);
    }
    let pipeline = match wish.pipeline {
        Some(pipeline) => pipeline,
        None => the_only_pipeline(tx, wish.start, wish.end).await?,
    };
    let wish = Wish {
        pipeline,
        start: wish.start,
        end: wish.end,
        version: wish.pipeline_version,
        dry_run: wish.dry_run,
    };
    // Refused now rather than by a job that fails.
    versions::resolve(tx, &wish).await?;
    let record = Record {
        wish,
        plan: None,
        diff: ReplayDiff::default(),
        state: State::Queued,
    };
    let replay = store::insert(tx, replay_id, &record).await?;
    let job = NewJob {
        job_id: JobId::from_uuid(replay_id.as_uuid()),
        kind: REPLAY_JOB,
        key: "replay".to_owned(),
        payload: json!({"replay_id": replay_id}),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await?;
    Ok(replay)
}

async fn the_only_pipeline(
    tx: &mut OrgTx,
    start: NaiveDate,
    end: NaiveDate,
) -> Result<String, Error> {
    let mut pipelines = loads::store::list_pipelines(tx, start, end).await?;
    match pipelines.len() {
        0 => Err(Error::NothingLoaded),
        1 => Ok(pipelines.remove(0)),
        _ => Err(Error::WhichPipeline(pipelines)),
    }
}

/// Stops a replay that is not over; one that is stays as it is.
pub(crate) async fn cancel(tx: &mut OrgTx, replay_id: ReplayId) -> Result<Replay, Error> {
    loop {
        let seen = store::find(tx, replay_id).await?.ok_or(Error::NotFound)?;
        if seen.record.state.over() {
            return Ok(seen);
        }
        // A worker that has moved it on in the meantime only makes this look again.
        store::advance(tx, &seen, &seen.record.moved_to(State::Cancelled)).await?;
    }
}

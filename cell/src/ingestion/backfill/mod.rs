//! Backfills: a range of days is forecast, confirmed, and then brought in window by window, each a
//! sync. It resumes where it stopped, waits at the soft limit of a budget, and can be cancelled.
//!
//! The row is the truth, as with syncs: `next` says what to do, `run` does it and writes the new
//! state by compare-and-set together with whatever it started.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use contracts::{BackfillId, ConnectionId, JobId, SyncId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::forecast::Forecast;
use super::budget::Budget;
use super::sync::Problem;
use crate::connections;
use crate::jobs::{self, NewJob};
use crate::tenancy::{self, OrgTx};

pub mod forecast;

pub mod http;

mod run;

mod store;

pub use run::{BACKFILL_JOB, run};

/// A forecast has to be confirmed this soon: history and budgets go on.
const FRESH: TimeDelta = TimeDelta::minutes(15);
const MAX_ATTEMPTS: u16 = 30;
/// The longest range.
const MOST_DAYS: i64 = 1_100;
/// A window whose sync failed is tried again.
const WINDOW_ATTEMPTS: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackfillState)]
pub enum State {
    /// Not confirmed.
    Forecast,
    Running,
    /// For a budget or for somebody to connect again.
    Waiting,
    Done,
    Failed,
    Cancelled,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Forecast,
        Self::Running,
        Self::Waiting,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub const fn over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    Open,
    Running,
    Done,
    /// Its file is kept and can be replayed.
    Quarantined,
    Failed,
}

/// Days that one sync brings in, both ends inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BackfillWindow)]
pub struct Window {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub state: WindowState,
    pub sync_id: Option<SyncId>,
    pub attempts: u32,
    pub rows: u64,
}

impl Window {
    fn new(start: NaiveDate, end: NaiveDate) -> Self {
        Self {
            start,
            end,
            state: WindowState::Open,
            sync_id: None,
            attempts: 0,
            rows: 0,
        }
    }

    fn days(&self) -> u64 {
        u64::try_from((self.end - self.start).num_days() + 1).unwrap_or(0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    pub backfill_id: BackfillId,
    pub connection_id: ConnectionId,
    pub pipeline: String,
    pub range: (NaiveDate, NaiveDate),
    pub state: State,
    pub windows: Vec<Window>,
    pub forecast: Forecast,
    pub problem: Option<Problem>,
    pub retry_at: Option<DateTime<Utc>>,
    pub revision: i64,
    /// Who asked for the forecast.
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Backfill {
    /// From 0 to 1, by days.
    pub fn progress(&self) -> f64 {
        let settled =
            |one: &&Window| !matches!(one.state, WindowState::Open | WindowState::Running);
        let days = |sum: u32, one: &Window| sum + u32::try_from(one.days()).unwrap_or(0);
        let done = self.windows.iter().filter(settled).fold(0, days);
        let all = self.windows.iter().fold(0, days);
        f64::from(done) / f64::from(all.max(1))
    }

    pub fn rows_loaded(&self) -> u64 {
        self.windows.iter().map(|one| one.rows).sum()
    }
}

/// What to do next, by the number of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Start(usize),
    Look(usize, SyncId),
    End(State),
}

/// None: nothing, it is over or was never confirmed.
pub fn next(backfill: &Backfill) -> Option<Action> {
    if !matches!(backfill.state, State::Running | State::Waiting) {
        return None;
    }
    for (at, window) in backfill.windows.iter().enumerate() {
        match (window.state, window.sync_id) {
            (WindowState::Open, _) | (WindowState::Running, None) => {
                return Some(Action::Start(at));
            }
            (WindowState::Running, Some(sync)) => return Some(Action::Look(at, sync)),
            (WindowState::Failed, _) => return Some(Action::End(State::Failed)),
            (WindowState::Done | WindowState::Quarantined, _) => {}
        }
    }
    Some(Action::End(State::Done))
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewForecast)]
pub struct Wish {
    pub connection_id: ConnectionId,
    pub pipeline: String,
    /// Both ends inclusive, in the advertisers' own days.
    pub start: NaiveDate,
    pub end: NaiveDate,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such backfill")]
    NotFound,
    #[error("the range is from start to end, of days that are over, at most {MOST_DAYS}")]
    Range,
    #[error("this would leave a gap before {0}; let it reach up to the day before")]
    Gap(NaiveDate),
    #[error("the forecast is too old; ask for another")]
    Stale,
    #[error("the backfill is over already")]
    Over,
    #[error("another backfill of this connection and pipeline is under way")]
    UnderWay,
    #[error(transparent)]
    Connection(#[from] connections::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// Says what it would take, and keeps that for a while so that it can be confirmed.
pub(crate) async fn foresee(
    tx: &mut OrgTx,
    budget: &Budget,
    wish: &Wish,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Backfill, Error> {
    let days = (wish.end - wish.start).num_days() + 1;
    if !(1..=MOST_DAYS).contains(&days) || wish.end >= now.date_naive() {
        return Err(Error::Range);
    }
    let wanted = connections::wanted(tx, wish.connection_id, &wish.pipeline).await?;
    let (dsp, dataset) = (wanted.spec.dsp(), wanted.spec.dataset_key());
    let ids: Vec<String> = wanted
        .chosen
        .iter()
        .map(|one| one.advertiser_id.clone())
        .collect();
    let since = store::find_since(tx, dataset, dsp, &ids).await?;
    if let Some(since) = since.filter(|since| wish.end.succ_opt() < Some(*since)) {
        return Err(Error::Gap(since));
    }
    let history = store::fetch_history(tx, wish.connection_id, dataset, dsp, &ids).await?;
    let windows = forecast::plan_windows(wish.start, wish.end, &history);
    let budgets = budget.read_in(tx, now).await?;
    let backfill = Backfill {
        backfill_id: BackfillId::new(),
        connection_id: wish.connection_id,
        pipeline: wish.pipeline.clone(),
        range: (wish.start, wish.end),
        state: State::Forecast,
        forecast: forecast::forecast(&windows, &history, &budgets),
        windows,
        problem: None,
        retry_at: None,
        revision: 1,
        created_by: user,
        created_at: now,
        expires_at: now + FRESH,
        started_at: None,
        finished_at: None,
    };
    store::insert(tx, &backfill).await?;
    Ok(backfill)
}

/// Starts what was forecast. Confirming it again changes nothing.
pub(crate) async fn confirm(
    tx: &mut OrgTx,
    id: BackfillId,
    now: DateTime<Utc>,
) -> Result<Backfill, Error> {
    let backfill = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    if backfill.state != State::Forecast {
        return Ok(backfill);
    }
    if backfill.expires_at < now {
        return Err(Error::Stale);
    }
    if store::is_under_way(tx, backfill.connection_id, &backfill.pipeline).await? {
        return Err(Error::UnderWay);
    }
    let mut started = Backfill {
        state: State::Running,
        started_at: Some(now),
        ..backfill
    };
    if !store::advance(tx, &started).await? {
        return Err(Error::Stale);
    }
    started.revision += 1;
    let job = NewJob {
        job_id: JobId::from_uuid(id.as_uuid()),
        kind: BACKFILL_JOB,
        key: format!("backfill:{id}"),
        payload: json!({"backfill_id": id}),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await?;
    Ok(started)
}

/// Has those that wait look again: somebody has changed a budget.
pub(crate) async fn resume_waiting(tx: &mut OrgTx, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let waiting = store::list_waiting(tx).await?;
    let jobs: Vec<JobId> = waiting
        .iter()
        .map(|id| JobId::from_uuid(id.as_uuid()))
        .collect();
    jobs::run_at(tx, &jobs, at).await
}

/// Stops after the window that is under way; what was loaded stays.
pub(crate) async fn cancel(
    tx: &mut OrgTx,
    id: BackfillId,
    now: DateTime<Utc>,
) -> Result<Backfill, Error> {
    let backfill = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    if backfill.state.over() {
        return Err(Error::Over);
    }
    let mut cancelled = Backfill {
        state: State::Cancelled,
        problem: None,
        retry_at: None,
        finished_at: Some(now),
        ..backfill
    };
    if !store::advance(tx, &cancelled).await? {
        return Err(Error::UnderWay);
    }
    cancelled.revision += 1;
    Ok(cancelled)
}

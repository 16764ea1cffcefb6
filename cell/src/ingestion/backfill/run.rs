//! The job that carries a backfill from window to window.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::{BackfillId, SyncId};
use serde_json::Value;

use super::{Action, Backfill, Error, State, WINDOW_ATTEMPTS, WindowState, next, store};
use crate::connections::{self, Start};
use crate::ingestion::Ingestion;
use crate::ingestion::budget::pipelines as spending;
use crate::ingestion::permit::Denied;
use crate::ingestion::sync::{self, Kind, Problem, Starter};
use crate::jobs::{Ended, Failure, Job, Retry};
use crate::metering::Tally;
use crate::tenancy::{self, OrgTx};

pub const BACKFILL_JOB: &str = "ingestion.backfill";

/// A window's sync is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A person may raise a budget or connect again before its time.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);

pub async fn run(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let id = job.payload.get("backfill_id").and_then(Value::as_str);
    let id: Option<BackfillId> = id.and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Failure {
        message: "the job names no backfill".to_owned(),
        retry: Retry::Never,
    })?;
    loop {
        let now = Utc::now();
        let mut tx = ingestion.db.begin(&job.scope).await?;
        let found = store::find(&mut tx, id)
            .await
            .map_err(tenancy::Error::from)?;
        let acting = found.and_then(|one| next(&one).map(|action| (one, action)));
        let Some((backfill, action)) = acting else {
            return Ok(job.complete(tx, &Tally::default()).await?);
        };
        let (moved, pause) = perform(&ingestion, &mut tx, &backfill, action, now)
            .await
            .map_err(|error| Failure::retry(&error))?;
        job.prove_lease(&mut tx).await?;
        let written = store::advance(&mut tx, &moved).await;
        if !written.map_err(tenancy::Error::from)? {
            // A person has cancelled it meanwhile; the loop reads that.
            tx.rollback().await?;
            continue;
        }
        tracing::info!(backfill.id = %id, state = moved.state.as_str(), "backfill moved on");
        if moved.state.over() {
            return Ok(job.complete(tx, &Tally::default()).await?);
        }
        match pause {
            Some(pause) => return Ok(job.run_again(tx, pause, &job.payload).await?),
            None => tx.commit().await?,
        }
    }
}

/// The backfill as it is after this step, and how long nothing is to be done.
async fn perform(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    backfill: &Backfill,
    action: Action,
    now: DateTime<Utc>,
) -> Result<(Backfill, Option<Duration>), Error> {
    match action {
        Action::End(state) => {
            let ended = Backfill {
                state,
                finished_at: Some(now),
                retry_at: None,
                ..backfill.clone()
            };
            Ok((ended, None))
        }
        Action::Start(at) => start(ingestion, tx, backfill, at, now).await,
        Action::Look(at, sync) => look(tx, backfill, at, sync).await,
    }
}

async fn start(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    backfill: &Backfill,
    at: usize,
    now: DateTime<Utc>,
) -> Result<(Backfill, Option<Duration>), Error> {
    let budgets = ingestion.budget.read_in(tx, now).await?;
    let own = spending::read(tx, &backfill.pipeline, now).await?;
    let own = own.backfill_refusal().map(|denied| Denied {
        message: spending::said(&backfill.pipeline, &denied),
        ..denied
    });
    if let Some(denied) = budgets.backfill_refusal().or(own) {
        let problem = Problem::new(denied.reason.as_str(), denied.message.clone());
        let wait = denied.wait(now).min(LONGEST_WAIT);
        return Ok((
            waiting(backfill, problem, Some(denied.retry_at)),
            Some(wait),
        ));
    }
    let window = &backfill.windows[at];
    let wish = Start {
        pipeline: &backfill.pipeline,
        kind: Kind::Backfill,
        range: Some((window.start, window.end)),
        watched: false,
        starter: Starter::Backfill {
            backfill_id: backfill.backfill_id,
        },
    };
    let started = connections::start_sync(tx, backfill.connection_id, wish, now).await;
    match started {
        Ok(sync) => {
            let mut moved = running(backfill);
            let window = &mut moved.windows[at];
            window.state = WindowState::Running;
            window.sync_id = Some(sync.sync_id);
            window.attempts += 1;
            Ok((moved, Some(LOOK_EVERY)))
        }
        Err(connections::Error::NotReady) => {
            let problem = Problem::new(
                "connection_not_ready",
                "the connection has to be set up or connected again",
            );
            Ok((waiting(backfill, problem, None), Some(LONGEST_WAIT)))
        }
        Err(error) => match error.problem() {
            Some(problem) => Ok((failed(backfill, problem, now), None)),
            None => Err(error.into()),
        },
    }
}

async fn look(
    tx: &mut OrgTx,
    backfill: &Backfill,
    at: usize,
    sync: SyncId,
) -> Result<(Backfill, Option<Duration>), Error> {
    let found = sync::outcome(tx, sync).await?;
    let mut moved = running(backfill);
    let window = &mut moved.windows[at];
    let (state, rows, problem) = match found {
        Some(sync::Outcome::UnderWay) => return Ok((moved, Some(LOOK_EVERY))),
        Some(sync::Outcome::Done { rows }) => (WindowState::Done, rows, None),
        Some(sync::Outcome::Quarantined) => (WindowState::Quarantined, 0, None),
        Some(sync::Outcome::Failed { problem }) => (WindowState::Failed, 0, Some(problem)),
        None => {
            let problem = Problem::new("sync_removed", "the sync of a window was removed");
            (WindowState::Failed, 0, Some(problem))
        }
    };
    (window.state, window.rows) = (state, rows);
    if state == WindowState::Failed && window.attempts < WINDOW_ATTEMPTS {
        (window.state, window.sync_id) = (WindowState::Open, None);
        return Ok((moved, Some(PAUSE_AFTER_FAILURE)));
    }
    moved.problem = problem;
    Ok((moved, None))
}

fn running(backfill: &Backfill) -> Backfill {
    Backfill {
        state: State::Running,
        problem: None,
        retry_at: None,
        ..backfill.clone()
    }
}

fn waiting(backfill: &Backfill, problem: Problem, retry_at: Option<DateTime<Utc>>) -> Backfill {
    Backfill {
        state: State::Waiting,
        problem: Some(problem),
        retry_at,
        ..backfill.clone()
    }
}

fn failed(backfill: &Backfill, problem: Problem, now: DateTime<Utc>) -> Backfill {
    Backfill {
        state: State::Failed,
        problem: Some(problem),
        retry_at: None,
        finished_at: Some(now),
        ..backfill.clone()
    }
}

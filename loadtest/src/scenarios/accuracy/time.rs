//! How time passes in a walk: as fast as the work allows. Where nothing is left to do at a moment,
//! everybody travels to the next one at which something is; no wait is shortened by hand.
//!
//! Kills happen here as well: of the worker at a call of its own that was drawn, so that it dies in
//! the middle of whatever it does; of the others when a sync is seen in the step that was drawn.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use rand::rngs::StdRng;
use sqlx::{PgConnection, Row};
use test_kit::parts::{Part, Parts};
use test_kit::rig::Clock;

use super::walk::Outcome;

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Mornings are spread over half an hour; whoever is due within this is taken along.
const TOGETHER: TimeDelta = TimeDelta::minutes(35);
/// The same for whoever waits for a report or for a second try.
const SOON: TimeDelta = TimeDelta::seconds(30);
/// Longer without a step and the walk is stuck.
const PATIENCE: Duration = Duration::from_secs(240);
const STEPS: [&str; 4] = ["entities", "requesting", "downloading", "loading"];
/// A first day makes at least so many calls.
const CALLS_OF_A_DAY: i64 = 500;

/// What the queue says.
#[derive(Debug)]
struct Queue {
    /// Jobs that run or are due.
    busy: i64,
    /// The next of the others, and whether it is a schedule's.
    next: Option<(DateTime<Utc>, bool)>,
    /// Syncs that are not over, and the steps they are in.
    left: i64,
    steps: Vec<String>,
    /// Steps that all syncs have taken so far.
    taken: i64,
}

#[derive(Debug, Clone, Copy)]
enum Kill {
    /// Told to die at a call of its own.
    Worker,
    /// As soon as a sync is in this step.
    In(Part, &'static str),
}

pub(super) struct Timekeeper {
    clock: Clock,
    chaos: Option<StdRng>,
    database: Option<PgConnection>,
    /// When something was killed, and the syncs that were being worked on, with their revisions.
    killed: Option<(Instant, Vec<uuid::Uuid>, Vec<i64>)>,
    /// The worker's calls until yesterday, and yesterday's.
    calls: (i64, i64),
}

impl Timekeeper {
    pub(super) fn new(clock: Clock, chaos: Option<StdRng>) -> Self {
        Self {
            clock,
            chaos,
            database: None,
            killed: None,
            calls: (0, CALLS_OF_A_DAY),
        }
    }

    /// Whom a disturbance meets, if there are any.
    pub(super) fn draw(&mut self, count: usize) -> Option<usize> {
        let chaos = self.chaos.as_mut()?;
        Some(chaos.random_range(0..count))
    }

    /// Nobody does anything on the way.
    pub(super) async fn skip_to(&mut self, parts: &Parts, to: DateTime<Utc>) -> Result<()> {
        if let Ok(way) = (to - Utc::now()).to_std() {
            self.clock.travel(way)?;
        }
        let database = self.database(parts).await?;
        sqlx::raw_sql("select pg_notify('jobs', '')")
            .execute(database)
            .await?;
        Ok(())
    }

    /// Until then, whatever is under way.
    pub(super) async fn pass_to(
        &mut self,
        parts: &mut Parts,
        until: DateTime<Utc>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        self.pass(parts, until, until, outcome).await?;
        Ok(())
    }

    /// Until then, and until no sync is under way, but no further than the limit; whether that was
    /// far enough.
    pub(super) async fn pass_and_end(
        &mut self,
        parts: &mut Parts,
        until: DateTime<Utc>,
        limit: DateTime<Utc>,
        outcome: &mut Outcome,
    ) -> Result<bool> {
        self.pass(parts, until, limit.max(until), outcome).await
    }

    async fn pass(
        &mut self,
        parts: &mut Parts,
        until: DateTime<Utc>,
        limit: DateTime<Utc>,
        outcome: &mut Outcome,
    ) -> Result<bool> {
        let mut kill = self.plan_kill(parts)?;
        let mut moved = (Instant::now(), 0);
        let ended = loop {
            let queue = self.look(parts).await?;
            if queue.taken > moved.1 {
                moved = (Instant::now(), queue.taken);
            }
            self.note_recovery(parts, outcome).await?;
            if let Some(part) = due(kill, parts, &queue)? {
                self.kill(part, parts, outcome).await?;
                kill = None;
                continue;
            }
            if queue.busy > 0 {
                if moved.0.elapsed() > PATIENCE {
                    bail!("syncs are stuck: {}", self.describe(parts).await?);
                }
                tokio::time::sleep(LOOK_EVERY).await;
                continue;
            }
            let unfinished = queue.left > 0 && Utc::now() < limit;
            let to = match queue.next {
                Some((next, true)) if next < until => (next + TOGETHER).min(until),
                Some((next, false)) if next < until => (next + SOON).min(until),
                Some((next, _)) if unfinished => (next + SOON).min(limit),
                None if queue.left > 0 => {
                    bail!("syncs without a job: {}", self.describe(parts).await?)
                }
                _ if Utc::now() >= until => break queue.left == 0,
                _ => until,
            };
            self.skip_to(parts, to).await?;
        };
        parts.calls.live()?;
        // It may have come to its call in this very moment.
        if parts.worker_has_died()? {
            self.kill(Part::Worker, parts, outcome).await?;
        }
        Ok(ended)
    }

    /// In two of three stretches something dies.
    fn plan_kill(&mut self, parts: &Parts) -> Result<Option<Kill>> {
        let Some(chaos) = &mut self.chaos else {
            return Ok(None);
        };
        let calls = parts.calls.count()?;
        self.calls = (calls, (calls - self.calls.0).max(CALLS_OF_A_DAY));
        if chaos.random_bool(0.33) {
            return Ok(None);
        }
        let part = Part::ALL[chaos.random_range(0..3)];
        if part != Part::Worker {
            let step = STEPS[chaos.random_range(0..STEPS.len())];
            return Ok(Some(Kill::In(part, step)));
        }
        let call = calls + chaos.random_range(1..self.calls.1);
        parts.calls.die_at(call)?;
        Ok(Some(Kill::Worker))
    }

    /// What was killed runs again after it.
    async fn kill(&mut self, part: Part, parts: &mut Parts, outcome: &mut Outcome) -> Result<()> {
        let rows = sqlx::query(
            "select s.sync_id, s.revision from tenant.syncs s
               join tenant.jobs j on j.org_id = s.org_id and j.job_id = s.sync_id
              where j.state = 'running' and s.finished_at is null",
        )
        .fetch_all(self.database(parts).await?)
        .await?;
        let (mut syncs, mut revisions) = (Vec::new(), Vec::new());
        for row in rows {
            syncs.push(row.try_get(0)?);
            revisions.push(row.try_get(1)?);
        }
        self.killed = Some((Instant::now(), syncs, revisions));
        parts.kill(part)?;
        outcome.kills[part as usize] += 1;
        parts.calls.live()?;
        if part == Part::Postgres {
            self.database = None;
        }
        parts.start(part).await
    }

    /// Once each sync that was under way at the kill has moved on.
    async fn note_recovery(&mut self, parts: &Parts, outcome: &mut Outcome) -> Result<()> {
        let Some((at, syncs, revisions)) = self.killed.take() else {
            return Ok(());
        };
        let held: bool = sqlx::query_scalar(
            "select exists (select from tenant.syncs
                             where finished_at is null
                               and (sync_id, revision) in (select * from unnest($1, $2)))",
        )
        .bind(&syncs)
        .bind(&revisions)
        .fetch_one(self.database(parts).await?)
        .await?;
        if held {
            self.killed = Some((at, syncs, revisions));
        } else if !syncs.is_empty() {
            outcome.recoveries.push(at.elapsed().as_secs_f64());
        }
        Ok(())
    }

    async fn look(&mut self, parts: &Parts) -> Result<Queue> {
        let database = self.database(parts).await?;
        let row = sqlx::query(
            "select j.busy, j.next_at, j.next_scheduled, s.left, s.steps, s.taken
               from (select count(*) filter (where state = 'running' or run_at <= clock_timestamp()) as busy,
                            min(run_at) filter (where state = 'queued') as next_at,
                            (array_agg(kind order by run_at) filter (where state = 'queued'))[1]
                                = 'ingestion.daily' as next_scheduled
                       from tenant.jobs where state in ('queued', 'running')) j,
                    (select count(*) filter (where finished_at is null) as left,
                            coalesce(array_agg(distinct step) filter (where finished_at is null), '{}') as steps,
                            coalesce(sum(revision), 0)::bigint as taken
                       from tenant.syncs) s",
        )
        .fetch_one(database)
        .await?;
        let next: Option<DateTime<Utc>> = row.try_get(1)?;
        let scheduled: Option<bool> = row.try_get(2)?;
        Ok(Queue {
            busy: row.try_get(0)?,
            next: next.zip(scheduled),
            left: row.try_get(3)?,
            steps: row.try_get(4)?,
            taken: row.try_get(5)?,
        })
    }

    async fn describe(&mut self, parts: &Parts) -> Result<String> {
        let database = self.database(parts).await?;
        let text: Option<String> = sqlx::query_scalar(
            "select string_agg(concat_ws(' ', s.kind, s.step, j.state, j.run_at, j.attempts, j.last_error), '; ')
               from tenant.syncs s left join tenant.jobs j on j.org_id = s.org_id and j.job_id = s.sync_id
              where s.finished_at is null",
        )
        .fetch_one(database)
        .await?;
        Ok(text.unwrap_or_default())
    }

    async fn database(&mut self, parts: &Parts) -> Result<&mut PgConnection> {
        let open = match self.database.take() {
            Some(open) => open,
            None => parts.superuser().await?,
        };
        Ok(self.database.insert(open))
    }
}

/// The part whose time has come; a worker that was told to die has done so by itself.
fn due(kill: Option<Kill>, parts: &mut Parts, queue: &Queue) -> Result<Option<Part>> {
    let seen = |step: &str| queue.steps.iter().any(|one| one == step);
    Ok(match kill {
        Some(Kill::Worker) if parts.worker_has_died()? => Some(Part::Worker),
        Some(Kill::In(part, step)) if seen(step) => Some(part),
        _ => None,
    })
}

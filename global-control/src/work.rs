//! The worker: runs due operations, several at once, and keeps house.
//!
//! It is woken by notices, by the next due time and once a second; it holds no state that a row
//! does not, so any number of workers may run and any may die.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use service_kit::error::chain;
use service_kit::supervise::periodic;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::db::{self, GlobalDb};
use crate::metrics::Meters;
use crate::operations::{self, Claimed, Operation, State as _};
use crate::signup::{self, Ran};
use crate::{auth, cells, idempotency, quota, route_feed};

/// Operations one worker runs at once.
const AT_ONCE: usize = 8;
const TICK: Duration = Duration::from_secs(1);
const SILENCE_EVERY: Duration = Duration::from_secs(2);
const CLEAN_EVERY: Duration = Duration::from_secs(60);

pub struct Worker {
    name: String,
    context: signup::Context,
    meters: Meters,
    /// An operation was given back: the next due time may have come nearer.
    given_back: Notify,
}

impl Worker {
    pub fn new(name: String, context: signup::Context, meters: Meters) -> Arc<Self> {
        Arc::new(Self {
            name,
            context,
            meters,
            given_back: Notify::new(),
        })
    }

    /// Runs until `shutdown`, then lets what is running come to its next rest.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let db = &self.context.db;
        let mut notices = db.watch(operations::CHANNEL, shutdown.clone());
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let running = TaskTracker::new();
        let keeping = running.spawn(keep_house(
            db.clone(),
            self.meters.clone(),
            shutdown.clone(),
        ));
        loop {
            let pause = match self.start_due(&slots, &running).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(error = chain(&error), "cannot look for work");
                    TICK
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => break,
                _ = notices.changed() => {}
                () = self.given_back.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        running.close();
        running.wait().await;
        drop(keeping);
    }

    /// Starts what is due while there are free slots. Returns how long to sleep at most.
    async fn start_due(
        self: &Arc<Self>,
        slots: &Arc<Semaphore>,
        running: &TaskTracker,
    ) -> Result<Duration, db::Error> {
        loop {
            let first = Arc::clone(slots).acquire_owned().await;
            let mut free: Vec<OwnedSemaphorePermit> = first.into_iter().collect();
            while let Ok(permit) = Arc::clone(slots).try_acquire_owned() {
                free.push(permit);
            }
            let limit = i64::try_from(free.len()).unwrap_or(1);
            let mut tx = self.context.db.begin().await?;
            let claimed = operations::claim(&mut tx, &self.name, limit).await?;
            let due = if claimed.is_empty() {
                operations::next_due(&mut tx).await?
            } else {
                None
            };
            tx.commit().await?;
            if claimed.is_empty() {
                return Ok(until(due));
            }
            for (claimed, permit) in claimed.into_iter().zip(free) {
                let worker = Arc::clone(self);
                running.spawn(async move {
                    worker.run_one(claimed).await;
                    drop(permit);
                });
            }
        }
    }

    async fn run_one(&self, claimed: Claimed) {
        let id = claimed.operation.id;
        let ran = match claimed.kind.as_str() {
            signup::State::KIND => self.run_signup(claimed.operation).await,
            kind => {
                tracing::error!(operation = %id, kind, "an operation of a kind nobody runs");
                return;
            }
        };
        if let Err(error) = ran {
            // Its lease runs out and it is claimed again.
            tracing::warn!(operation = %id, error = chain(&error), "an operation was interrupted");
        }
    }

    async fn run_signup(&self, raw: Operation<serde_json::Value>) -> Result<(), db::Error> {
        let (org, created_at) = (raw.org, raw.created_at);
        let ran = signup::run(&self.context, Operation::read(raw)?).await?;
        let Ran::Ended(state) = ran else {
            self.given_back.notify_one();
            return Ok(());
        };
        let took = (Utc::now() - created_at).to_std().unwrap_or_default();
        self.meters.provisioning_seconds.observe(took.as_secs_f64());
        let duration_ms = took.as_secs_f64() * 1_000.0;
        if let signup::State::Aborted { reason } = state {
            self.meters.provisioning_failed.inc();
            tracing::warn!(org.id = %org, duration_ms, reason, "org could not be set up");
        } else {
            self.meters.provisioned.inc();
            tracing::info!(org.id = %org, duration_ms, "org is active");
        }
        Ok(())
    }
}

fn until(due: Option<DateTime<Utc>>) -> Duration {
    let wait = due.map_or(TICK, |due| (due - Utc::now()).to_std().unwrap_or_default());
    // A row that stays due although it cannot be claimed must not make the loop spin.
    wait.clamp(Duration::from_millis(5), TICK)
}

/// Reconcilers: no input, whole state each time.
async fn keep_house(db: GlobalDb, meters: Meters, shutdown: CancellationToken) {
    let silence = periodic(SILENCE_EVERY, shutdown.clone(), || async {
        match silence_quiet_cells(&db).await {
            Ok(0) => {}
            Ok(count) => {
                meters.cells_silenced.inc_by(count);
            }
            Err(error) => tracing::warn!(error = chain(&error), "cannot look after cells"),
        }
    });
    let clean = periodic(CLEAN_EVERY, shutdown.clone(), || async {
        let started = Instant::now();
        match clean_up(&db).await {
            Ok(rows) => tracing::debug!(rows, elapsed = ?started.elapsed(), "cleaned up"),
            Err(error) => tracing::warn!(error = chain(&error), "cannot clean up"),
        }
    });
    tokio::join!(silence, clean);
}

async fn silence_quiet_cells(db: &GlobalDb) -> Result<u64, db::Error> {
    let mut tx = db.begin().await?;
    let silenced = cells::silence_quiet(&mut tx).await?;
    tx.commit().await?;
    Ok(silenced.len() as u64)
}

/// Deletes what has expired, one kind per transaction.
pub async fn clean_up(db: &GlobalDb) -> Result<u64, db::Error> {
    let mut rows = 0;
    let mut tx = db.begin().await?;
    rows += auth::clean_up(&mut tx).await?;
    tx.commit().await?;
    let mut tx = db.begin().await?;
    rows += idempotency::clean_up(&mut tx).await?;
    tx.commit().await?;
    let mut tx = db.begin().await?;
    rows += operations::clean_up(&mut tx).await?;
    tx.commit().await?;
    let mut tx = db.begin().await?;
    rows += route_feed::clean_up(&mut tx).await?;
    tx.commit().await?;
    let mut tx = db.begin().await?;
    rows += quota::clean_up(&mut tx).await?;
    tx.commit().await?;
    Ok(rows)
}

//! `cell work`: claims due jobs, runs each under its lease, and records how it ended.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{Ended, Error, Failure, Job, Retry};
use crate::config::Work;
use crate::metering::Usage;
use crate::metrics::{CellMetrics, JobOutcome};
use crate::tenancy::{self, OrgDb};

const POLL_EVERY: Duration = Duration::from_secs(1);
/// Recording a failure is tried this often; after that the lease runs out by itself.
const RECORD_ATTEMPTS: u32 = 6;

pub type Handler =
    Arc<dyn Fn(Job) -> BoxFuture<'static, Result<Ended, Failure>> + Send + Sync + 'static>;

/// What this process can do, by kind of job. Other kinds are left for others.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Handler>,
}

impl Registry {
    #[must_use]
    pub fn on<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Ended, Failure>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |job| handler(job).boxed());
        self.handlers.insert(kind, handler);
        self
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.handlers.keys().copied().collect()
    }
}

#[derive(Clone)]
pub struct Worker {
    pub db: OrgDb,
    pub usage: Usage,
    pub registry: Registry,
    pub settings: Work,
    pub metrics: CellMetrics,
}

impl Worker {
    /// Works until `shutdown`, lets running jobs go on for a while, then gives the rest back.
    pub async fn run(self, wake: Arc<Notify>, shutdown: CancellationToken) {
        let mut running = JoinSet::new();
        let stop = CancellationToken::new();
        while !shutdown.is_cancelled() {
            let free = usize::from(self.settings.jobs).saturating_sub(running.len());
            match self.claim(free).await {
                Ok(jobs) => {
                    for job in jobs {
                        running.spawn(self.clone().run_one(job, stop.clone()));
                    }
                }
                Err(error) => tracing::warn!(%error, "could not claim jobs; trying again"),
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = wake.notified() => {}
                () = tokio::time::sleep(POLL_EVERY) => {}
                Some(_) = running.join_next() => {}
            }
        }
        let drain = Duration::from_millis(self.settings.drain_ms.into());
        let drained = tokio::time::timeout(drain, async {
            while running.join_next().await.is_some() {}
        });
        if drained.await.is_err() {
            stop.cancel();
            while running.join_next().await.is_some() {}
        }
    }

    async fn claim(&self, free: usize) -> Result<Vec<Job>, tenancy::Error> {
        let limit = u16::try_from(free).unwrap_or(u16::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let kinds = self.registry.kinds();
        let per_org = self.settings.jobs_per_org;
        super::claim(&self.db, &kinds, limit, per_org, self.lease()).await
    }

    async fn run_one(self, job: Job, stop: CancellationToken) {
        let span = tracing::info_span!("job", org.id = %job.scope.org(), job.id = %job.job_id,
            kind = job.kind, attempt = job.attempt);
        async {
            let outcome = tokio::select! {
                result = self.handle(&job) => self.record(&job, result).await,
                () = self.keep_lease(&job) => JobOutcome::LeaseLost,
                () = stop.cancelled() => self.give_back(&job).await,
            };
            self.metrics.count_job(&job.kind, outcome);
        }
        .instrument(span)
        .await;
    }

    async fn handle(&self, job: &Job) -> Result<Ended, Failure> {
        let Some(handler) = self.registry.handlers.get(job.kind.as_str()) else {
            return Err(Failure {
                message: "no handler for this kind of job".into(),
                retry: Retry::Backoff,
            });
        };
        let run = self.usage.metered(job.scope, handler(job.clone()));
        AssertUnwindSafe(run)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                Err(Failure {
                    message: "the handler panicked".into(),
                    retry: Retry::Backoff,
                })
            })
    }

    async fn record(&self, job: &Job, result: Result<Ended, Failure>) -> JobOutcome {
        let failure = match result {
            Ok(Ended(())) => return JobOutcome::Done,
            Err(failure) => failure,
        };
        for attempt in 0..RECORD_ATTEMPTS {
            match job.fail(&self.db, &failure).await {
                Ok(true) => {
                    tracing::error!(error = %failure, "job is dead");
                    return JobOutcome::Dead;
                }
                Ok(false) => {
                    tracing::warn!(error = %failure, "job failed and will be tried again");
                    return JobOutcome::Retried;
                }
                Err(Error::LeaseLost) => return JobOutcome::LeaseLost,
                Err(error) => tracing::debug!(%error, "could not record a failure yet"),
            }
            tokio::time::sleep(service_kit::supervise::backoff(attempt, 50, 1_000)).await;
        }
        JobOutcome::LeaseLost
    }

    /// Returns when the lease is lost for good.
    async fn keep_lease(&self, job: &Job) {
        let lease = self.lease();
        loop {
            tokio::time::sleep(lease / 3).await;
            match job.extend(&self.db, lease).await {
                Ok(()) => {}
                Err(Error::LeaseLost) => return,
                Err(Error::Tenancy(error)) if error.passes_by_itself() => {}
                Err(Error::Tenancy(error)) => {
                    tracing::info!(%error, "stopping a job whose org is out of reach");
                    return;
                }
            }
        }
    }

    async fn give_back(&self, job: &Job) -> JobOutcome {
        if let Err(error) = job.release(&self.db).await {
            tracing::warn!(%error, "could not give a job back; its lease will run out");
        }
        JobOutcome::Released
    }

    fn lease(&self) -> Duration {
        Duration::from_millis(self.settings.lease_ms.into())
    }
}

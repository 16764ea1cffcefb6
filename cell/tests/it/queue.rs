//! Jobs run at least once and take effect exactly once, whoever dies when.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cell::config::Work;
use cell::jobs::{self, Ended, Error, Failure, Job, NewJob, Registry, Retry, Worker};
use cell::metering::{Meter, Tally};
use cell::metrics::CellMetrics;
use cell::tenancy::OrgDb;
use contracts::JobId;
use parking_lot::Mutex;
use serde_json::{Value, json};
use test_kit::wait::until;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{SOON, TestCell, TestOrg};

const KIND: &str = "mark";

struct Running {
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

impl TestCell {
    async fn enqueue(&self, org: &TestOrg, key: &str) -> JobId {
        self.enqueue_with(org, key, 5).await
    }

    async fn enqueue_with(&self, org: &TestOrg, key: &str, max_attempts: u16) -> JobId {
        let job = NewJob {
            job_id: JobId::new(),
            kind: KIND,
            key: key.to_owned(),
            payload: json!({ "mark": key }),
            run_at: None,
            max_attempts,
        };
        let mut tx = self.app.db.begin(&org.scope).await.unwrap();
        jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        job.job_id
    }

    fn work(&self, registry: Registry, settings: Work) -> Running {
        let shutdown = CancellationToken::new();
        let worker = Worker {
            db: self.app.db.clone(),
            usage: self.app.usage.clone(),
            registry,
            settings,
            metrics: CellMetrics::default(),
        };
        let wake = Arc::new(Notify::new());
        let listening = cell::tenancy::wake::listen(
            self.database.url("cell_app").to_string(),
            "jobs",
            Arc::clone(&wake),
            shutdown.clone(),
        );
        tokio::spawn(listening);
        let task = tokio::spawn(worker.run(wake, shutdown.clone()));
        Running { shutdown, task }
    }

    /// State, attempts and error of a job.
    async fn job(&self, job: JobId) -> (String, i32, Option<String>) {
        let mut admin = self.superuser().await;
        sqlx::query_as("select state, attempts, last_error from tenant.jobs where job_id = $1")
            .bind(job.as_uuid())
            .fetch_one(&mut admin)
            .await
            .unwrap()
    }

    async fn until_job_is(&self, job: JobId, state: &str) {
        until(&format!("job to be {state}"), SOON, async || {
            (self.job(job).await.0 == state).then_some(())
        })
        .await;
    }

    /// How often the effect has happened: one redeemed code per effect.
    async fn effects(&self) -> i64 {
        let mut admin = self.superuser().await;
        sqlx::query_scalar("select count(*) from tenant.redeemed_codes")
            .fetch_one(&mut admin)
            .await
            .unwrap()
    }

    async fn expire_leases(&self) {
        let mut admin = self.superuser().await;
        sqlx::query(
            "update tenant.jobs set lease_until = now() - interval '1 s' where lease is not null",
        )
        .execute(&mut admin)
        .await
        .unwrap();
    }
}

fn settings() -> Work {
    Work {
        lease_ms: 5_000,
        drain_ms: 300,
        ..Work::default()
    }
}

/// The effect of a job: a row nobody removes, so doing it twice shows.
async fn mark(db: &OrgDb, job: &Job) -> Result<Ended, Failure> {
    let mut tx = db.begin(&job.scope).await?;
    insert_mark(&mut tx, job).await;
    Ok(job.complete(tx, &Tally::of(Meter::DbRows, 1)).await?)
}

async fn insert_mark(tx: &mut cell::tenancy::OrgTx, job: &Job) {
    sqlx::query("insert into tenant.redeemed_codes values ($1, gen_random_uuid()::text, now())")
        .bind(job.scope.org().as_uuid())
        .execute(&mut **tx)
        .await
        .unwrap();
}

fn marking(cell: &TestCell) -> Registry {
    let db = cell.app.db.clone();
    Registry::default().on(KIND, move |job| {
        let db = db.clone();
        async move { mark(&db, &job).await }
    })
}

#[tokio::test]
async fn a_job_runs_soon_after_it_is_queued_and_is_counted() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let running = cell.work(marking(&cell), settings());
    let job = cell.enqueue(&org, "a").await;
    cell.until_job_is(job, "done").await;
    running.stop().await;
    assert_eq!(cell.effects().await, 1);
    let mut admin = cell.superuser().await;
    let counted: Vec<(String, i64)> = sqlx::query_as(
        "select meter, sum(quantity)::bigint from tenant.usage_ledger \
         where meter in ('jobs', 'db_rows') group by meter order by meter",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(counted, [("db_rows".into(), 1), ("jobs".into(), 1)]);
}

#[tokio::test]
async fn queueing_the_same_id_twice_queues_it_once() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let job = NewJob {
        job_id: JobId::new(),
        kind: KIND,
        key: "a".into(),
        payload: Value::Null,
        run_at: None,
        max_attempts: 1,
    };
    for _ in 0..2 {
        let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
        jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
    }
    let running = cell.work(marking(&cell), settings());
    cell.until_job_is(job.job_id, "done").await;
    running.stop().await;
    assert_eq!(cell.effects().await, 1);
}

#[tokio::test]
async fn a_run_that_dies_between_effect_and_completion_leaves_one_effect() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let job = cell.enqueue(&org, "a").await;
    let claimed = claim_one(&cell).await;
    // The process dies here: its transaction, with the effect in it, goes with it.
    let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
    insert_mark(&mut tx, &claimed).await;
    drop(tx);
    cell.expire_leases().await;
    let running = cell.work(marking(&cell), settings());
    cell.until_job_is(job, "done").await;
    running.stop().await;
    assert_eq!(cell.effects().await, 1);
    assert_eq!(cell.job(job).await.1, 2);
}

#[tokio::test]
async fn a_run_that_wakes_up_after_losing_its_lease_changes_nothing() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let job = cell.enqueue(&org, "a").await;
    let zombie = claim_one(&cell).await;
    cell.expire_leases().await;
    let running = cell.work(marking(&cell), settings());
    cell.until_job_is(job, "done").await;
    running.stop().await;
    let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
    insert_mark(&mut tx, &zombie).await;
    let ended = zombie.complete(tx, &Tally::default()).await;
    assert!(matches!(ended, Err(Error::LeaseLost)), "{ended:?}");
    let mut tx = cell.app.db.begin(&org.scope).await.unwrap();
    let proved = zombie.prove_lease(&mut tx).await;
    assert!(matches!(proved, Err(Error::LeaseLost)));
    assert_eq!(cell.effects().await, 1);
}

#[tokio::test]
async fn jobs_of_one_key_run_one_after_the_other() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let other = cell.org("boreal").await;
    let most = Arc::new(AtomicU32::new(0));
    let now = Arc::new(Mutex::new(std::collections::HashMap::<_, u32>::new()));
    let db = cell.app.db.clone();
    let (seen_most, seen_now) = (Arc::clone(&most), Arc::clone(&now));
    let registry = Registry::default().on(KIND, move |job| {
        let (db, most, now) = (db.clone(), Arc::clone(&seen_most), Arc::clone(&seen_now));
        async move {
            let name = (job.scope.org(), job.key.clone());
            let count = {
                let mut now = now.lock();
                let count = now.entry(name.clone()).or_default();
                *count += 1;
                *count
            };
            most.fetch_max(count, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            *now.lock().get_mut(&name).unwrap() -= 1;
            mark(&db, &job).await
        }
    });
    let mut all = Vec::new();
    for org in [&org, &other] {
        for _ in 0..5 {
            all.push(cell.enqueue(org, "same").await);
        }
    }
    let first = cell.work(registry.clone(), settings());
    let second = cell.work(registry, settings());
    for job in all {
        cell.until_job_is(job, "done").await;
    }
    first.stop().await;
    second.stop().await;
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(cell.effects().await, 10);
}

#[tokio::test]
async fn many_claimers_never_share_a_job() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    for n in 0..20 {
        cell.enqueue(&org, &n.to_string()).await;
    }
    let many = Work {
        jobs: 8,
        jobs_per_org: 100,
        ..settings()
    };
    let workers: Vec<_> = (0..3).map(|_| cell.work(marking(&cell), many)).collect();
    until("all to be done", SOON, async || {
        (cell.effects().await >= 20).then_some(())
    })
    .await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(cell.effects().await, 20);
}

#[tokio::test]
async fn an_orgs_backlog_does_not_starve_another() {
    let cell = TestCell::start().await;
    let busy = cell.org("busy").await;
    let small = cell.org("small").await;
    for n in 0..40 {
        cell.enqueue(&busy, &n.to_string()).await;
    }
    let last = cell.enqueue(&small, "only").await;
    let claimed = claim(&cell, 2, 100).await;
    let orgs: Vec<_> = claimed.iter().map(|job| job.scope.org()).collect();
    assert!(orgs.contains(&small.scope.org()), "{claimed:?}");
    assert_eq!(cell.job(last).await.0, "running");
    // And never more of one org at a time than it may have.
    let more = claim(&cell, 10, 3).await;
    assert_eq!(more.len(), 2);
}

#[tokio::test]
async fn failures_are_retried_and_the_last_one_buries_the_job() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let registry = Registry::default().on(KIND, |job: Job| async move {
        let retry = Retry::After(Duration::ZERO);
        let message = format!("attempt {}", job.attempt);
        Err(Failure { message, retry })
    });
    let running = cell.work(registry, settings());
    let job = cell.enqueue_with(&org, "a", 3).await;
    cell.until_job_is(job, "dead").await;
    running.stop().await;
    assert_eq!(
        cell.job(job).await,
        ("dead".into(), 3, Some("attempt 3".into()))
    );
}

#[tokio::test]
async fn a_hopeless_failure_and_a_panic_end_as_they_should() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let registry = Registry::default().on(KIND, |job: Job| async move {
        assert_ne!(job.key, "panics", "as asked");
        let error = std::io::Error::other("never");
        Err(Failure::fatal(&error))
    });
    let running = cell.work(registry, settings());
    let hopeless = cell.enqueue(&org, "a").await;
    let panics = cell.enqueue_with(&org, "panics", 1).await;
    cell.until_job_is(hopeless, "dead").await;
    cell.until_job_is(panics, "dead").await;
    running.stop().await;
    assert_eq!(cell.job(hopeless).await.1, 1);
    let error = cell.job(panics).await.2;
    assert_eq!(error.as_deref(), Some("the handler panicked"));
}

#[tokio::test]
async fn a_job_that_kills_its_process_every_time_dies_in_the_end() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let job = cell.enqueue_with(&org, "poison", 2).await;
    for _ in 0..2 {
        claim_one(&cell).await;
        cell.expire_leases().await;
    }
    assert!(claim(&cell, 1, 9).await.is_empty());
    let (state, attempts, error) = cell.job(job).await;
    assert_eq!((state.as_str(), attempts), ("dead", 2));
    assert_eq!(error.as_deref(), Some("the last run never ended"));
}

#[tokio::test]
async fn a_stop_gives_unfinished_jobs_back_untouched() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let begun = Arc::new(Notify::new());
    let signal = Arc::clone(&begun);
    let registry = Registry::default().on(KIND, move |_| {
        let signal = Arc::clone(&signal);
        async move {
            signal.notify_one();
            std::future::pending().await
        }
    });
    let running = cell.work(registry, settings());
    let job = cell.enqueue(&org, "a").await;
    tokio::time::timeout(SOON, begun.notified()).await.unwrap();
    running.stop().await;
    assert_eq!(cell.job(job).await, ("queued".into(), 0, None));
}

#[tokio::test]
async fn a_long_job_keeps_its_lease() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let runs = Arc::new(AtomicU32::new(0));
    let (db, seen) = (cell.app.db.clone(), Arc::clone(&runs));
    let registry = Registry::default().on(KIND, move |job| {
        let (db, seen) = (db.clone(), Arc::clone(&seen));
        async move {
            seen.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(900)).await;
            mark(&db, &job).await
        }
    });
    let short = Work {
        lease_ms: 300,
        ..settings()
    };
    let running = cell.work(registry, short);
    let job = cell.enqueue(&org, "a").await;
    cell.until_job_is(job, "done").await;
    running.stop().await;
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn running_again_keeps_the_payload_it_was_given() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let db = cell.app.db.clone();
    let registry = Registry::default().on(KIND, move |job| {
        let db = db.clone();
        async move {
            if job.payload["step"] == 2 {
                return mark(&db, &job).await;
            }
            let tx = db.begin(&job.scope).await?;
            let next = json!({ "step": 2 });
            Ok(job.run_again(tx, Duration::ZERO, &next).await?)
        }
    });
    let running = cell.work(registry, settings());
    let job = cell.enqueue_with(&org, "a", 1).await;
    cell.until_job_is(job, "done").await;
    running.stop().await;
    assert_eq!(cell.effects().await, 1);
}

#[tokio::test]
async fn jobs_of_a_frozen_org_wait() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let job = cell.enqueue(&org, "a").await;
    let mut admin = cell.superuser().await;
    let freeze =
        "update cell.org_state set state = 'frozen', freeze_until = now() + interval '1 h'";
    sqlx::query(freeze).execute(&mut admin).await.unwrap();
    assert!(claim(&cell, 5, 5).await.is_empty());
    let thaw = "update cell.org_state set state = 'active', epoch = 3, freeze_until = null";
    sqlx::query(thaw).execute(&mut admin).await.unwrap();
    let claimed = claim(&cell, 5, 5).await;
    assert_eq!(claimed[0].job_id, job);
    assert_eq!(claimed[0].scope.epoch().0, 3);
}

async fn claim_one(cell: &TestCell) -> Job {
    let mut jobs = claim(cell, 1, 9).await;
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

async fn claim(cell: &TestCell, limit: u16, per_org: u16) -> Vec<Job> {
    let lease = Duration::from_secs(60);
    jobs::claim(&cell.app.db, &[KIND], limit, per_org, lease)
        .await
        .unwrap()
}

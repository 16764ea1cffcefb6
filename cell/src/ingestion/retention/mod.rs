//! How long data is kept: days of silver and files of bronze that are older than their pipeline says
//! are dropped, a few at a time. A day that the source may still change is never dropped, nor a file
//! that such a day came from or that waits in quarantine, nor the newest full list of entities.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use contracts::JobId;
use ring::digest::{SHA256, digest};
use serde_json::json;
use uuid::Uuid;

use super::Ingestion;
use super::pipelines::spec::{Dataset, Window};
use super::pipelines::{self, Spec};
use super::silver::facts;
use super::sync::cost::MONTH_CLOSE_DAYS;
use crate::jobs::{self, Ended, Failure, Job, NewJob};
use crate::tenancy::{self, OrgTx};

pub mod http;

mod store;

pub const RETENTION_JOB: &str = "ingestion.retention";

const EVERY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
/// Days or files of one transaction.
const AT_ONCE: i64 = 50;
/// From when a file has expired until its bytes go.
const GRACE: TimeDelta = TimeDelta::days(1);

/// What a pipeline keeps no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) pipeline: String,
    /// What the pipeline says, before anything holds it up.
    pub(crate) silver_days: u32,
    pub(crate) bronze_days: u32,
    pub(crate) table: Dataset,
    pub(crate) dataset: String,
    pub(crate) dsp: String,
    /// Days before it.
    pub(crate) silver_before: NaiveDate,
    /// Files fetched before it, unless one of their days is this day or later.
    pub(crate) bronze_before: DateTime<Utc>,
    pub(crate) settled_before: NaiveDate,
    /// Until when each pipeline keeps the files it has, this one too: a file that several have stays
    /// as long as any of them keeps it.
    pub(crate) keepers: Vec<(String, DateTime<Utc>)>,
    /// Those that entities are read for, if this is one of them: their files are theirs.
    pub(crate) entity_pipelines: Vec<String>,
}

/// What is there of a pipeline's data, or was dropped of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Of advertisers, with their rows.
    pub(crate) days: i64,
    pub(crate) rows: i64,
    pub(crate) files: i64,
    pub(crate) bytes: i64,
}

/// What one run dropped of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) drop_id: Uuid,
    pub(crate) pipeline: String,
    pub(crate) amount: Amount,
    pub(crate) dropped_at: DateTime<Utc>,
}

/// The source may change this day and later ones: the days each sync reads again, and months that are
/// not closed or may still be read again after that. A day more, because days end later elsewhere.
fn settled_before(window: &Window, today: NaiveDate) -> NaiveDate {
    let read_again = today - Days::new(u64::from(window.look_back_days) + 1);
    let this_month = today.with_day(1).unwrap_or(today);
    let closing = u64::from(window.month_close_day) + MONTH_CLOSE_DAYS as u64 + 2;
    let open_since = if today < this_month + Days::new(closing) {
        this_month - chrono::Months::new(1)
    } else {
        this_month
    };
    read_again.min(open_since)
}

fn bounds(spec: &Spec, now: DateTime<Utc>) -> Bounds {
    let today = now.date_naive();
    let settled_before = settled_before(&spec.window, today);
    let kept_since = today - Days::new(spec.retention.silver_days.into());
    Bounds {
        pipeline: spec.pipeline.clone(),
        silver_days: spec.retention.silver_days,
        bronze_days: spec.retention.bronze_days,
        table: spec.dataset,
        dataset: facts::dataset_name(spec),
        dsp: spec.dsp().to_owned(),
        silver_before: kept_since.min(settled_before),
        bronze_before: now - TimeDelta::days(spec.retention.bronze_days.into()),
        settled_before,
        keepers: Vec::new(),
        entity_pipelines: Vec::new(),
    }
}

/// Of all pipelines, also those that are switched off: their data is there. Where two bring the same
/// rows or have the same file, the one that keeps them longer decides.
pub(crate) async fn plan(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Vec<Bounds>, sqlx::Error> {
    let all = pipelines::list(tx).await?;
    let specs = all.iter().filter_map(|one| one.resolve().ok());
    let mut plan: Vec<Bounds> = specs.map(|one| bounds(&one.spec, now)).collect();
    let same = |a: &Bounds, b: &Bounds| a.dataset == b.dataset && a.dsp == b.dsp;
    for at in 0..plan.len() {
        let earliest = plan.iter().filter(|other| same(other, &plan[at]));
        let earliest = earliest.map(|other| other.silver_before).min();
        plan[at].silver_before = earliest.unwrap_or(plan[at].silver_before);
    }
    let keeper = |one: &Bounds| (one.pipeline.clone(), one.bronze_before);
    let keepers: Vec<_> = plan.iter().map(keeper).collect();
    let of_entities: Vec<String> = all
        .iter()
        .filter_map(|one| one.resolve().ok())
        .filter(|one| one.spec.reads_entities())
        .map(|one| one.spec.pipeline)
        .collect();
    for one in &mut plan {
        one.keepers.clone_from(&keepers);
        if of_entities.contains(&one.pipeline) {
            one.entity_pipelines.clone_from(&of_entities);
        }
    }
    Ok(plan)
}

/// One per org: its id follows from it.
fn job_id(tx: &OrgTx) -> JobId {
    let hash = digest(&SHA256, format!("retention:{}", tx.org()).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    JobId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

pub(crate) async fn schedule(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let job = NewJob {
        job_id: job_id(tx),
        kind: RETENTION_JOB,
        key: "retention".to_owned(),
        payload: json!({}),
        run_at: Some(Utc::now() + EVERY),
        max_attempts: 100,
    };
    jobs::enqueue(tx, &job).await
}

pub async fn run(ingestion: Ingestion, job: Job) -> Result<Ended, Failure> {
    let now = Utc::now();
    let mut tx = ingestion.db.begin_read(&job.scope).await?;
    let plan = plan(&mut tx, now).await.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    for bounds in &plan {
        let drop_id = Uuid::now_v7();
        let mut all = Amount::default();
        loop {
            let mut tx = ingestion.db.begin(&job.scope).await?;
            job.prove_lease(&mut tx).await?;
            let some = drop_some(&mut tx, drop_id, bounds).await;
            let some = some.map_err(tenancy::Error::from)?;
            tx.commit().await?;
            if some == Amount::default() {
                break;
            }
            all.days += some.days;
            all.files += some.files;
        }
        if all != Amount::default() {
            tracing::info!(org.id = %job.scope.org(), pipeline = bounds.pipeline, days = all.days,
                files = all.files, "what a pipeline keeps no longer was dropped");
        }
    }
    remove_files(&ingestion, &job, now).await?;
    let tx = ingestion.db.begin(&job.scope).await?;
    Ok(job.run_again(tx, EVERY, &job.payload).await?)
}

/// A few days and files, noted with them.
async fn drop_some(tx: &mut OrgTx, id: Uuid, bounds: &Bounds) -> Result<Amount, sqlx::Error> {
    let (days, rows) = store::drop_days(tx, bounds, AT_ONCE).await?;
    let (files, bytes) = store::expire_files(tx, bounds, AT_ONCE).await?;
    let amount = Amount {
        days,
        rows,
        files,
        bytes,
    };
    if amount != Amount::default() {
        store::note_drop(tx, id, &bounds.pipeline, amount).await?;
    }
    Ok(amount)
}

/// The bytes of files that have expired. The rows are locked meanwhile, so that a file that came again
/// is not taken away under its new entry.
async fn remove_files(ingestion: &Ingestion, job: &Job, now: DateTime<Utc>) -> Result<(), Failure> {
    loop {
        let mut tx = ingestion.db.begin(&job.scope).await?;
        job.prove_lease(&mut tx).await?;
        let due = store::lock_expired(&mut tx, now - GRACE, AT_ONCE).await;
        let due = due.map_err(tenancy::Error::from)?;
        if due.is_empty() {
            return Ok(tx.commit().await?);
        }
        for sha256 in &due {
            let removed = ingestion.bronze.remove(job.scope.org(), sha256).await;
            removed.map_err(|error| Failure::retry(&error))?;
        }
        let marked = store::mark_removed(&mut tx, &due).await;
        marked.map_err(tenancy::Error::from)?;
        tx.commit().await?;
    }
}

#[cfg(test)]
mod tests {
    //! What may still change is kept, however short the retention.

    use chrono::NaiveDate;

    use super::{bounds, settled_before};
    use crate::ingestion::pipelines;

    #[test]
    fn a_day_that_may_change_is_never_dropped() {
        let mut spec = pipelines::find_built_in("dv360_line_item_days").unwrap();
        assert_eq!(
            (spec.window.look_back_days, spec.window.month_close_day),
            (7, 3)
        );
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (today, expected) in [
            // The month before is certified on the third and read again over a week.
            ("2026-11-01", "2026-10-01"),
            ("2026-11-12", "2026-10-01"),
            ("2026-11-13", "2026-11-01"),
            ("2026-11-30", "2026-11-01"),
            ("2027-01-02", "2026-12-01"),
        ] {
            assert_eq!(
                settled_before(&spec.window, day(today)),
                day(expected),
                "{today}"
            );
        }
        spec.window.look_back_days = 60;
        assert_eq!(
            settled_before(&spec.window, day("2026-11-30")),
            day("2026-09-30")
        );
        spec.retention.silver_days = 1;
        let now = "2026-11-30T12:00:00Z".parse().unwrap();
        assert_eq!(bounds(&spec, now).silver_before, day("2026-09-30"));
        spec.retention.silver_days = 400;
        assert_eq!(bounds(&spec, now).silver_before, day("2025-10-26"));
    }
}

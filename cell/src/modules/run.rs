//! Running modules: a job that is queued when a sync has ended or a module was changed, and runs each
//! module over just those advertisers whose data has moved since.
//!
//! What a run saw is noted with its results, before silver is read: what comes in meanwhile makes it
//! due again. So a lost or doubled job does no harm, and a new version of a module runs over all.

use std::time::Instant;

use contracts::JobId;
use serde_json::{Value, json};

use super::spec::Input;
use super::{Advertiser, Installed, Ran, list, store};
use crate::jobs::{self, Ended, Failure, Job, NewJob};
use crate::metering::{Meter, Tally};
use crate::tenancy::{self, OrgDb, OrgTx, sha256};

pub const RUN_JOB: &str = "modules.run";

const MAX_ATTEMPTS: u16 = 12;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Failed(String),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// What a run is over, and what it has to have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) of: Advertiser,
    pub(super) facts_at: Option<chrono::DateTime<chrono::Utc>>,
    pub(super) entities_at: Option<i64>,
}

/// Has the modules run over whatever has moved, once the transaction is committed.
pub(crate) async fn enqueue(tx: &mut OrgTx) -> Result<(), sqlx::Error> {
    let job = NewJob {
        job_id: JobId::new(),
        kind: RUN_JOB,
        // One at a time: the next one finds what this one left.
        key: "modules".to_owned(),
        payload: json!({}),
        run_at: None,
        max_attempts: MAX_ATTEMPTS,
    };
    jobs::enqueue(tx, &job).await
}

pub async fn run(db: OrgDb, job: Job) -> Result<Ended, Failure> {
    let mut tx = db.begin_read(&job.scope).await?;
    let installed = list(&mut tx).await.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let (mut rows, mut failed) = (0, None);
    for one in installed.iter().filter(|one| one.enabled()) {
        match run_module(&db, &job, one).await {
            Ok(count) => rows += count,
            // The other modules run all the same.
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = failed {
        return Err(Failure::retry(&error));
    }
    let tx = db.begin(&job.scope).await?;
    Ok(job.complete(tx, &Tally::of(Meter::DbRows, rows)).await?)
}

async fn run_module(db: &OrgDb, job: &Job, installed: &Installed) -> Result<u64, Error> {
    let module = installed.module;
    let settings = installed.settings();
    let mut tx = db.begin_read(&job.scope).await?;
    let setup = setup_of(&mut tx, installed, &settings).await?;
    let due = store::list_due(&mut tx, module.spec(), &setup).await?;
    tx.commit().await?;
    let (mut rows, mut failed) = (0, None);
    for due in due {
        let started = Instant::now();
        let mut tx = db.begin(&job.scope).await?;
        job.prove_lease(&mut tx).await.map_err(lost)?;
        let ran = match module.run(&mut tx, &settings, &due.of).await {
            Ok(ran) => Ok(ran),
            Err(error) => {
                tracing::warn!(%error, module = module.spec().module,
                    advertiser = due.of.advertiser_id, "a module could not run");
                tx.rollback().await?;
                tx = db.begin(&job.scope).await?;
                job.prove_lease(&mut tx).await.map_err(lost)?;
                Err(error)
            }
        };
        let took = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        store::record(&mut tx, module.spec(), (&due, &setup), shown(&ran), took).await?;
        tx.commit().await?;
        match ran {
            Ok(ran) => rows += ran.rows,
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(rows), Err)
}

fn lost(error: jobs::Error) -> Error {
    match error {
        jobs::Error::Tenancy(error) => error.into(),
        jobs::Error::LeaseLost => Error::Failed(error.to_string()),
    }
}

/// A failure is told in the row, but not what our database said.
fn shown(ran: &Result<Ran, Error>) -> Result<&Ran, String> {
    ran.as_ref().map_err(|error| match error {
        Error::Failed(message) => message.clone(),
        Error::Tenancy(_) => "something went wrong on our side".to_owned(),
    })
}

/// All that the results depend on besides data, in a word.
async fn setup_of(
    tx: &mut OrgTx,
    installed: &Installed,
    settings: &Value,
) -> Result<String, sqlx::Error> {
    let spec = installed.module.spec();
    let own = installed.module.setup(tx).await?;
    let hash = hex::encode(sha256(format!("{settings}\n{own}").as_bytes()));
    Ok(format!("{}@{}/{}", spec.module, spec.version, &hash[..16]))
}

impl super::Spec {
    pub(super) fn facts(&self) -> Vec<String> {
        let read = |input: &&Input| matches!(input, Input::LineItemDays);
        let named = self.inputs.iter().filter(read);
        named
            .map(|_| crate::ingestion::silver::LINE_ITEM_DAYS.to_owned())
            .collect()
    }
}

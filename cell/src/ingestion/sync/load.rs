//! The last step of a sync: from its file of bronze to silver.

use std::sync::Arc;

use contracts::BronzeId;
use uuid::Uuid;

use super::run::Error;
use super::steps::{Source, Step};
use super::{Kind, Problem, Record, Report, State, Sync, Target, TargetState, store};
use crate::ingestion::connector::FileError;
use crate::ingestion::pipelines::Spec;
use crate::ingestion::quarantine::{self, Refusal};
use crate::ingestion::reading;
use crate::ingestion::silver::facts::{self, File, Landed, Load, Loaded, Outcome, Scope};

pub(crate) const MAX_DOWNLOADS: u32 = 3;

pub(super) async fn load_file(
    source: &Source<'_>,
    sync: &Sync,
    report: &Report,
    attempt: u32,
    bronze_id: BronzeId,
) -> Result<Step, Error> {
    let ingestion = source.ingestion;
    let scope = &source.job.scope;
    let spec = &sync.record.spec;
    let mut tx = ingestion.db.begin(scope).await?;
    let object = store::fetch_bronze(&mut tx, bronze_id).await?;
    let dsp = facts::dsp_name(spec, source.opened.connector.name()).to_owned();
    let load = plan_load(sync, spec, dsp, bronze_id);
    let file = File {
        connector: Arc::clone(&source.opened.connector),
        spec: Arc::new(Spec::clone(spec)),
        request: sync.record.request.clone(),
        input: ingestion.bronze.read(scope.org(), &object.sha256).await?,
        bytes: object.length_proven.then_some(object.bytes),
    };
    let refused = match facts::load(&mut tx, file, &load).await? {
        Outcome::Loaded(landed) if is_to_be_confirmed(sync, report, &landed) => {
            tx.rollback().await?;
            tracing::warn!(sync.id = %sync.sync_id, "asking once more whether there is nothing");
            return Ok(Step::To(sync.record.moved_to(State::Requesting {
                query_id: None,
                failed: vec![report.report_id.clone()],
            })));
        }
        Outcome::Loaded(landed) => {
            let done = State::Done {
                rows: landed.rows(),
                control_total: landed.summary.control_total,
            };
            let mut record = sync.record.moved_to(done);
            if let Scope::Found = load.scope {
                tell_what_was_found(&mut record, &landed);
            }
            let rows = landed.rows_by_advertiser();
            for target in &mut record.advertisers {
                target.rows = rows.get(&target.advertiser_id).copied().unwrap_or(0);
            }
            return Ok(Step::With(record, Box::new(tx)));
        }
        Outcome::Refused(refused) => refused,
    };
    tx.rollback().await?;
    if refused.download_again && attempt + 1 < MAX_DOWNLOADS {
        tracing::warn!(error = %refused, sync.id = %sync.sync_id, "downloading the file again");
        return Ok(Step::To(sync.record.moved_to(State::Downloading {
            report: report.clone(),
            attempt: attempt + 1,
        })));
    }
    quarantine_file(source, sync, report, bronze_id, &refused).await
}

/// A first report without a row makes months of days known to be empty, and mornings read only the
/// last of them again. With nothing to compare it to, a second one has to say the same.
fn is_to_be_confirmed(sync: &Sync, report: &Report, landed: &Landed) -> bool {
    sync.kind == Kind::Backfill && report.failed.is_empty() && landed.summary.rows == 0
}

/// Nobody asked for anything in particular, so the file says whose days it has.
fn tell_what_was_found(record: &mut Record, landed: &Landed) {
    (record.request.start, record.request.end) = landed.range;
    let target = |one: &Loaded| Target {
        advertiser_id: one.advertiser_id.clone(),
        name: one.advertiser_id.clone(),
        currency: one.currency,
        through: one.through,
        state: TargetState::Done,
        rows: 0,
    };
    record.advertisers = landed.advertisers.iter().map(target).collect();
}

/// The file stays in bronze, and the reason beside it.
async fn quarantine_file(
    source: &Source<'_>,
    sync: &Sync,
    report: &Report,
    bronze_id: BronzeId,
    error: &FileError,
) -> Result<Step, Error> {
    let problem = Problem::new(error.code, &error.message);
    let record = sync.record.moved_to(State::Quarantined { problem });
    let mut tx = source.ingestion.db.begin(&source.job.scope).await?;
    let refusal = Refusal {
        sync,
        report,
        bronze_id,
        error,
    };
    quarantine::record(&mut tx, &refusal).await?;
    Ok(Step::With(record, Box::new(tx)))
}

fn plan_load(sync: &Sync, spec: &Spec, dsp: String, bronze_id: BronzeId) -> Load {
    let target = |one: &Target| Loaded {
        advertiser_id: one.advertiser_id.clone(),
        currency: one.currency,
        through: one.through,
    };
    let advertisers = sync.record.advertisers.iter().map(target).collect();
    Load {
        load_id: Uuid::now_v7(),
        table: spec.dataset,
        dataset: facts::dataset_name(spec),
        dsp,
        pipeline_version: reading::pipeline_version(spec, sync.record.layer_version.into()),
        bronze_id,
        sync_id: sync.sync_id,
        scope: match sync.record.taken {
            Some(range) => Scope::Asked { range, advertisers },
            None => Scope::of(&sync.record.request, advertisers),
        },
    }
}

//! The last step of a sync: from its file of bronze to silver.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use contracts::BronzeId;
use uuid::Uuid;

use super::run::Error;
use super::steps::{Source, Step};
use super::{Problem, Record, Report, State, Sync, Target, TargetState, store};
use crate::ingestion::connector::FileError;
use crate::ingestion::pipelines::Spec;
use crate::ingestion::quarantine::{self, Refusal};
use crate::ingestion::reading;
use crate::ingestion::silver::facts::{self, File, Landed, Load, Loaded, Outcome, Scope};
use crate::tenancy::OrgTx;

pub(crate) const MAX_DOWNLOADS: u32 = 3;
/// Less than a day, since mornings are not always at the same hour.
const ASK_AGAIN_EVERY: TimeDelta = TimeDelta::hours(20);

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
        Outcome::Loaded(landed) => {
            if landed.doubts.surprising && may_ask_again(&mut tx, sync).await? {
                return Ok(Step::With(ask_again(sync, report), Box::new(tx)));
            }
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
    let again = refused.code == facts::SUSPICIOUSLY_EMPTY && may_ask_again(&mut tx, sync).await?;
    tx.rollback().await?;
    if again {
        return Ok(Step::To(ask_again(sync, report)));
    }
    if refused.download_again && attempt + 1 < MAX_DOWNLOADS {
        tracing::warn!(error = %refused, sync.id = %sync.sync_id, "downloading the file again");
        return Ok(Step::To(sync.record.moved_to(State::Downloading {
            report: report.clone(),
            attempt: attempt + 1,
        })));
    }
    quarantine_file(source, sync, report, bronze_id, &refused).await
}

/// One report more an org and day; what is doubted beyond that is read again in the morning.
async fn may_ask_again(tx: &mut OrgTx, sync: &Sync) -> Result<bool, sqlx::Error> {
    if sync.record.asked_again {
        return Ok(false);
    }
    let today = Utc::now() - ASK_AGAIN_EVERY;
    Ok(!store::has_asked_again(tx, today).await?)
}

/// What the report has is kept; another one is to say whether it lacks the rest.
fn ask_again(sync: &Sync, report: &Report) -> Record {
    tracing::warn!(sync.id = %sync.sync_id, "asking for days once more that a report lacks");
    let mut failed = report.failed.clone();
    failed.push(report.report_id.clone());
    let record = sync.record.moved_to(State::Requesting {
        query_id: None,
        failed,
    });
    Record {
        asked_again: true,
        ..record
    }
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

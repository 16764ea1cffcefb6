//! The steps of a replay: plan, read one file, sum up.
//!
//! A step may be done twice. It changes a row only through the transaction it hands back, which is
//! committed together with the new state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use contracts::replays::UnreadableFile;
use contracts::{BronzeId, ReplayId};
use uuid::Uuid;

use super::canonical::{Hasher, Sha256};
use super::compare::{Comparison, Day, DayState, Expected};
use super::loads::{self, store::LoadedFile};
use super::plan::{Known, PlannedDay, plan_days};
use super::run::{Error, Step};
use super::sides::store::Place;
use super::{Plan, Reading, Record, Replay, State, sides, store, versions};
use crate::ingestion::connector::FileError;
use crate::ingestion::pipelines::Spec;
use crate::ingestion::silver::facts::{self, File, Landed, Load, Loaded, Scope, Table};
use crate::ingestion::{Ingestion, sync};
use crate::jobs::Job;
use crate::tenancy::OrgTx;

/// The most files that are named as unreadable; more of them only count.
const MAX_UNREADABLE: usize = 50;
/// Days summed up in one statement.
const PAGE: i64 = 10_000;

pub(super) async fn plan(ingestion: &Ingestion, job: &Job, replay: &Replay) -> Result<Step, Error> {
    let wish = &replay.record.wish;
    let range = (wish.start, wish.end);
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let reading = versions::resolve(&mut tx, wish).await?;
    let spec = match &reading {
        Some(reading) => reading.spec.clone(),
        None => versions::find_spec(&mut tx, &wish.pipeline).await?,
    };
    let (dataset_key, dsp) = (spec.dataset_key().to_owned(), spec.dsp().to_owned());
    let mut loads =
        loads::store::fetch_loads(&mut tx, &wish.pipeline, &dataset_key, &dsp, range).await?;
    let place = Place {
        table: Table::of(spec.dataset),
        dataset: &dataset_key,
        dsp: &dsp,
        range,
    };
    // What rows say of themselves counts where nothing else is known of the day.
    let mut known = sides::store::list_known(&mut tx, place).await?;
    known.append(&mut loads.known);
    loads.known = known;
    let days = plan_days(range, &loads);
    if days.days.is_empty() {
        let nothing = "no file has been loaded for these days";
        let record = replay.record.failed("nothing_loaded", nothing);
        return Ok(Step {
            record,
            tx,
            rows: 0,
        });
    }
    store::replace_days(&mut tx, replay.replay_id, &days.days).await?;
    let plan = Plan {
        dataset: spec.dataset,
        dataset_key,
        dsp,
        reading,
        files: days.files,
        positions: days.positions,
    };
    let record = Record {
        state: plan.at(0),
        plan: Some(plan),
        ..replay.record.clone()
    };
    Ok(Step {
        record,
        tx,
        rows: 0,
    })
}

/// One file, or the days without one.
pub(super) async fn read(
    ingestion: &Ingestion,
    job: &Job,
    replay: &Replay,
    position: u32,
) -> Result<Step, Error> {
    let Some(plan) = &replay.record.plan else {
        let record = replay.record.moved_to(State::Queued);
        let tx = ingestion.db.begin(&job.scope).await?;
        return Ok(Step {
            record,
            tx,
            rows: 0,
        });
    };
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let days = store::list_days(&mut tx, replay.replay_id, position).await?;
    let Some(bronze_id) = days.first().and_then(|day| day.bronze_id) else {
        sides::store::create_empty_stage(&mut tx).await?;
        let kept = keep(&days, DayState::WithoutFile);
        return settle(tx, replay, plan, position, kept).await;
    };
    let task = Task {
        replay,
        plan,
        position,
        bronze_id,
        days: &days,
    };
    match open(ingestion, &mut tx, &task).await? {
        Ok((file, load, source)) => {
            let version = load.pipeline_version.clone();
            let month_close_day = file.spec.window.month_close_day;
            match stage(&mut tx, file, &load).await? {
                Ok(landed) => {
                    let read = Read {
                        landed,
                        load,
                        source,
                        version,
                        month_close_day,
                    };
                    task.compare(tx, read).await
                }
                Err(refused) => task.refuse(ingestion, job, refused).await,
            }
        }
        Err(refused) => task.refuse(ingestion, job, refused).await,
    }
}

async fn stage(
    tx: &mut OrgTx,
    file: File<Box<dyn std::io::BufRead + Send + 'static>>,
    load: &Load,
) -> Result<Result<Landed, FileError>, Error> {
    let landed = match facts::stage(tx, file, load).await {
        Ok(Ok(landed)) => landed,
        Ok(Err(refused)) => return Ok(Err(refused)),
        Err(facts::Error::Parser(error)) => return Err(error.into()),
        Err(facts::Error::Database(error)) => return Err(error.into()),
    };
    match sides::store::index_stage(tx).await {
        Ok(()) => Ok(Ok(landed)),
        Err(error) => facts::duplicate(&error).map(Err).ok_or(error.into()),
    }
}

fn keep(days: &[PlannedDay], why: DayState) -> Vec<Expected> {
    let kept = days.iter().map(|day| Expected {
        advertiser_id: day.advertiser_id.clone(),
        date: day.date,
        kept: Some(why),
    });
    kept.collect()
}

/// A file and the days it gives.
struct Task<'a> {
    replay: &'a Replay,
    plan: &'a Plan,
    position: u32,
    bronze_id: BronzeId,
    days: &'a [PlannedDay],
}

/// A file that is staged.
struct Read {
    landed: Landed,
    load: Load,
    source: LoadedFile,
    version: String,
    month_close_day: u32,
}

type Opened = (
    File<Box<dyn std::io::BufRead + Send + 'static>>,
    Load,
    LoadedFile,
);

/// Everything that reading the file takes, or why it cannot be read.
async fn open(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    task: &Task<'_>,
) -> Result<Result<Opened, FileError>, Error> {
    let Task {
        plan, bronze_id, ..
    } = *task;
    let gone = |message: &str| FileError {
        code: "file_gone",
        message: message.to_owned(),
        ..FileError::default()
    };
    let Some(source) = loads::store::find_file(tx, &plan.dataset_key, bronze_id).await? else {
        return Ok(Err(gone("nothing is known of the file any more")));
    };
    let Some(sync) = sync::store::find(tx, source.sync_id).await? else {
        return Ok(Err(gone("nothing is known of the sync that fetched it")));
    };
    let Reading { spec, version } = match &plan.reading {
        Some(reading) => reading.clone(),
        None => Reading {
            version: versions::as_loaded(&sync.record.spec, &source.version),
            spec: sync.record.spec.clone(),
        },
    };
    let Some(connector) = ingestion.connectors.find(spec.connector()) else {
        return Ok(Err(gone("this program has no connector for it")));
    };
    let input = match ingestion.bronze.read(tx.org(), &source.sha256).await {
        Ok(input) => input,
        Err(error) if error.is_missing() => {
            return Ok(Err(gone("its bytes are not kept any more")));
        }
        Err(error) => return Err(error.into()),
    };
    let file = File {
        connector: Arc::clone(connector),
        spec: Arc::new(Spec::clone(&spec)),
        request: sync.record.request.clone(),
        input: Box::new(input) as Box<dyn std::io::BufRead + Send>,
        bytes: source.length_proven.then_some(source.bytes),
    };
    let advertisers = sync.record.advertisers.iter().map(|one| Loaded {
        advertiser_id: one.advertiser_id.clone(),
        currency: one.currency,
        through: one.through,
    });
    let load = Load {
        load_id: Uuid::nil(),
        table: plan.dataset,
        dataset: plan.dataset_key.clone(),
        dsp: plan.dsp.clone(),
        pipeline_version: version,
        bronze_id,
        sync_id: source.sync_id,
        scope: Scope::Chosen {
            days: by_advertiser(task.days.iter().map(|day| (&day.advertiser_id, day.date))),
            advertisers: advertisers.collect(),
        },
    };
    Ok(Ok((file, load, source)))
}

fn by_advertiser<'a>(
    days: impl Iterator<Item = (&'a String, NaiveDate)>,
) -> BTreeMap<String, BTreeSet<NaiveDate>> {
    let mut by_advertiser: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for (id, date) in days {
        match by_advertiser.get_mut(id) {
            Some(dates) => _ = dates.insert(date),
            None => _ = by_advertiser.insert(id.clone(), [date].into()),
        }
    }
    by_advertiser
}

impl Task<'_> {
    fn place(&self) -> Place<'_> {
        place(self.plan, self.days)
    }

    /// A dry run names the file and leaves its days as they are; a replay ends there, before it has
    /// touched them.
    async fn refuse(
        &self,
        ingestion: &Ingestion,
        job: &Job,
        refused: FileError,
    ) -> Result<Step, Error> {
        // The transaction it was staged in is spoilt.
        let mut tx = ingestion.db.begin(&job.scope).await?;
        let unreadable = UnreadableFile {
            bronze_id: self.bronze_id,
            code: refused.code.to_owned(),
            message: refused.message,
            line: refused.line,
        };
        let mut replay = self.replay.clone();
        let message = format!(
            "file {} cannot be read: {}",
            self.bronze_id, unreadable.message
        );
        if replay.record.diff.unreadable.len() < MAX_UNREADABLE {
            replay.record.diff.unreadable.push(unreadable);
        }
        if !replay.record.wish.dry_run {
            return Ok(Step {
                record: replay.record.failed("unreadable_file", message),
                tx,
                rows: 0,
            });
        }
        sides::store::create_empty_stage(&mut tx).await?;
        let kept = keep(self.days, DayState::Unreadable);
        settle(tx, &replay, self.plan, self.position, kept).await
    }

    /// Compares what is staged with silver and, unless it is a dry run, puts it there.
    async fn compare(&self, mut tx: OrgTx, mut read: Read) -> Result<Step, Error> {
        let apply = !self.replay.record.wish.dry_run;
        if apply {
            facts::lock(&mut tx, &read.load).await?;
        }
        let expected = self.expected(&mut tx).await?;
        leave_out(&mut tx, &mut read, &expected).await?;
        let mut replay = self.replay.clone();
        let diff = &mut replay.record.diff;
        if !diff.versions.contains(&read.version) {
            diff.versions.push(read.version.clone());
        }
        let mut comparison = Comparison::new(expected.clone(), diff);
        let (id, place) = (replay.replay_id, self.place());
        sides::store::compare(&mut tx, place, id, self.position, &mut comparison).await?;
        let days = comparison.finish();
        let mut rows = 0;
        if apply {
            rows = self.apply(&mut tx, &mut read).await?;
            self.prove(&mut tx, expected, &days).await?;
        }
        store::record_days(&mut tx, id, &days).await?;
        let state = self.plan.at(self.position + 1);
        Ok(Step {
            record: replay.record.moved_to(state),
            tx,
            rows,
        })
    }

    /// A day that another file has brought since the plan was made stays.
    async fn expected(&self, tx: &mut OrgTx) -> Result<Vec<Expected>, Error> {
        let known = loads::store::list_known(
            tx,
            &self.plan.dataset_key,
            &self.plan.dsp,
            self.place().range,
        )
        .await?;
        let known: BTreeMap<(&str, NaiveDate), BronzeId> = known
            .iter()
            .map(|one: &Known| ((one.advertiser_id.as_str(), one.date), one.bronze_id))
            .collect();
        let expected = self.days.iter().map(|day| {
            let from = known.get(&(day.advertiser_id.as_str(), day.date));
            let superseded = from.is_some_and(|from| *from != self.bronze_id);
            Expected {
                advertiser_id: day.advertiser_id.clone(),
                date: day.date,
                kept: superseded.then_some(DayState::Superseded),
            }
        });
        Ok(expected.collect())
    }

    async fn apply(&self, tx: &mut OrgTx, read: &mut Read) -> Result<u64, Error> {
        let rows = read.landed.rows();
        read.load.load_id = loads::store::record_load(
            tx,
            self.replay.replay_id,
            &read.load,
            &read.source,
            &read.landed,
        )
        .await?;
        facts::replace(tx, &read.load, &read.landed, read.month_close_day).await?;
        Ok(rows)
    }

    /// Reads silver once more: it must be what was staged, by the same hash.
    async fn prove(
        &self,
        tx: &mut OrgTx,
        expected: Vec<Expected>,
        days: &[Day],
    ) -> Result<(), Error> {
        let mut diff = Default::default();
        let mut comparison = Comparison::new(expected, &mut diff);
        let id = self.replay.replay_id;
        sides::store::compare(tx, self.place(), id, self.position, &mut comparison).await?;
        let now = comparison.finish();
        let wrong = days
            .iter()
            .zip(&now)
            .find(|(day, now)| day.after != now.before);
        match wrong {
            Some((day, _)) => Err(Error::Unproven(format!(
                "advertiser {} on {}",
                day.advertiser_id, day.date
            ))),
            None => Ok(()),
        }
    }
}

/// Takes superseded days out of the stage and out of the load.
async fn leave_out(tx: &mut OrgTx, read: &mut Read, expected: &[Expected]) -> Result<(), Error> {
    let superseded = expected.iter().filter(|day| day.kept.is_some());
    let superseded: BTreeSet<(String, NaiveDate)> = superseded
        .map(|day| (day.advertiser_id.clone(), day.date))
        .collect();
    if superseded.is_empty() {
        return Ok(());
    }
    facts::unstage(tx, &superseded).await?;
    let wanted = expected.iter().filter(|day| day.kept.is_none());
    let wanted = by_advertiser(wanted.map(|day| (&day.advertiser_id, day.date)));
    read.landed.days.retain(|day| {
        let dates = wanted.get(&day.advertiser_id);
        dates.is_some_and(|dates| dates.contains(&day.date))
    });
    if let Scope::Chosen { days, .. } = &mut read.load.scope {
        *days = wanted;
    }
    Ok(())
}

fn place<'a>(plan: &'a Plan, days: &[PlannedDay]) -> Place<'a> {
    let dates = || days.iter().map(|day| day.date);
    Place {
        table: Table::of(plan.dataset),
        dataset: &plan.dataset_key,
        dsp: &plan.dsp,
        range: (
            dates().min().unwrap_or_default(),
            dates().max().unwrap_or_default(),
        ),
    }
}

/// Days that stay as they are, whatever was read.
async fn settle(
    mut tx: OrgTx,
    replay: &Replay,
    plan: &Plan,
    position: u32,
    kept: Vec<Expected>,
) -> Result<Step, Error> {
    let mut record = replay.record.clone();
    let id: ReplayId = replay.replay_id;
    let days = store::list_days(&mut tx, id, position).await?;
    let place = place(plan, &days);
    let mut comparison = Comparison::new(kept, &mut record.diff);
    sides::store::compare(&mut tx, place, id, position, &mut comparison).await?;
    let days = comparison.finish();
    store::record_days(&mut tx, id, &days).await?;
    Ok(Step {
        record: record.moved_to(plan.at(position + 1)),
        tx,
        rows: 0,
    })
}

/// The hash of all, over the hashes of the days.
pub(super) async fn conclude(
    ingestion: &Ingestion,
    job: &Job,
    replay: &Replay,
) -> Result<Step, Error> {
    let mut tx = ingestion.db.begin(&job.scope).await?;
    let (mut before, mut after) = (Hasher::default(), Hasher::default());
    let mut last = None;
    loop {
        let page = store::page_days(&mut tx, replay.replay_id, last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some((end.advertiser_id.clone(), end.date));
        for day in &page {
            for (hash, hasher) in [
                (&day.sha256_before, &mut before),
                (&day.sha256_after, &mut after),
            ] {
                if let Some(hash) = hash {
                    hasher.add_day(&day.advertiser_id, day.date, hash);
                }
            }
        }
    }
    let mut record = replay.record.moved_to(State::Done);
    let text = |hash: Option<Sha256>| hash.map(hex::encode);
    record.diff.before.sha256 = text(before.finish());
    record.diff.after.sha256 = text(after.finish());
    Ok(Step {
        record,
        tx,
        rows: 0,
    })
}

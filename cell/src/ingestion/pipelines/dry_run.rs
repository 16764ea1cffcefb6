//! Trying a spec on a file that really came: what it would bring, and how that differs from what
//! silver has now. Nothing is kept.
//!
//! It runs beside requests, so it is bounded: few at a time, no large files, not for long.

use std::collections::BTreeMap;
use std::io::{BufRead, Cursor};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use contracts::BronzeId;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::{Spec, store};
use crate::ingestion::connector::{Connector, Fact, FileError, ReadSummary, ReportRequest};
use crate::ingestion::reading::{Drift, METRICS, Warning};
use crate::ingestion::silver::days::DaySums;
use crate::ingestion::{Ingestion, bronze};
use crate::tenancy::{self, OrgScope};

const LARGEST_BYTES: u64 = 256 << 20;
const LONGEST: Duration = Duration::from_secs(20);
const MOST_DAYS: usize = 200_000;
const SAMPLE: usize = 20;
const MOST_CELLS: usize = 100;
/// In this process at once.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// A file's name in bronze and what it was asked for.
pub(super) struct File {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    pub(super) length_proven: bool,
    pub(super) request: Option<ReportRequest>,
}

/// What a spec is tried on.
pub(super) enum On {
    /// A file that came; without an id it is the latest that the pipeline has loaded.
    Bronze(Option<BronzeId>),
    /// What somebody has at hand, before anything came.
    Sample(Vec<u8>),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such file")]
    NoFile,
    #[error("no file of this pipeline has come yet; name one by its bronze_id")]
    NoneYet,
    #[error("the file is larger than {} MiB, which is the most to try a spec on", LARGEST_BYTES >> 20)]
    TooLarge,
    #[error("others are trying specs right now")]
    Busy,
    #[error("this version knows no such connector")]
    UnknownConnector,
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error("the parser stopped")]
    Parser(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// What came of trying.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRun {
    /// Absent: it was a sample.
    pub bronze_id: Option<BronzeId>,
    /// Whether the file would be loaded.
    pub accepted: bool,
    /// Why not.
    pub refusal: Option<Refusal>,
    pub rows: u64,
    /// The file's own totals were there and agreed with its rows.
    pub control_total: bool,
    pub drifts: Vec<Drift>,
    pub warnings: Vec<Warning>,
    /// The first rows.
    pub sample: Vec<SampleRow>,
    /// Absent if the file would not be loaded.
    pub difference: Option<Difference>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    pub code: String,
    pub message: String,
    pub line: Option<u64>,
}

/// A row in the words of the unified model; what is counted in fractions is in millionths.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleRow {
    pub line: u64,
    pub date: NaiveDate,
    pub advertiser_id: String,
    pub campaign_id: String,
    pub insertion_order_id: String,
    pub line_item_id: String,
    pub currency: Option<String>,
    pub breakdown: String,
    #[schema(value_type = std::collections::HashMap<String, Option<i64>>)]
    pub metrics: BTreeMap<String, Option<i64>>,
}

/// From silver as it is to silver as it would be, by advertiser and day, as far as the file goes.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Difference {
    pub days_equal: usize,
    pub days_different: usize,
    pub days_new: usize,
    /// Of those that differ; a hundred at most.
    pub cells: Vec<DifferentCell>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DifferentCell {
    pub advertiser_id: String,
    pub date: NaiveDate,
    /// `rows` or one of the model's metrics.
    pub metric: String,
    pub before: Option<i64>,
    pub after: Option<i64>,
}

pub(super) type Days = BTreeMap<(String, NaiveDate), DaySums>;

/// What was read until the end or the refusal.
#[derive(Default)]
struct Tried {
    sample: Vec<SampleRow>,
    days: Days,
}

/// Reads the file as `spec` says.
pub(super) async fn run(
    ingestion: &Ingestion,
    scope: &OrgScope,
    spec: Spec,
    on: On,
) -> Result<DryRun, Error> {
    let _slot = SLOTS.try_acquire().map_err(|_| Error::Busy)?;
    let connector = ingestion.connectors.find(spec.connector());
    let connector = Arc::clone(connector.ok_or(Error::UnknownConnector)?);
    let input: Box<dyn BufRead + Send>;
    let (bronze_id, bytes, request) = match on {
        On::Sample(sample) => {
            let bytes = sample.len() as u64;
            input = Box::new(Cursor::new(sample));
            (None, Some(bytes), anything())
        }
        On::Bronze(id) => {
            let (id, file) = find_file(ingestion, scope, &spec, id).await?;
            input = Box::new(ingestion.bronze.read(scope.org(), &file.sha256).await?);
            let bytes = file.length_proven.then_some(file.bytes);
            (Some(id), bytes, file.request.unwrap_or_else(anything))
        }
    };
    let trying = tokio::task::spawn_blocking(move || {
        let (tried, ended) = read(&*connector, input, &spec, &request, bytes);
        (tried, ended, spec)
    });
    let (tried, ended, spec) = trying.await?;
    let difference = match &ended {
        Ok(_) => Some(compare(ingestion, scope, &spec, &tried.days).await?),
        Err(_) => None,
    };
    Ok(answer(bronze_id, tried, ended, difference))
}

async fn find_file(
    ingestion: &Ingestion,
    scope: &OrgScope,
    spec: &Spec,
    bronze_id: Option<BronzeId>,
) -> Result<(BronzeId, File), Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let bronze_id = match bronze_id {
        Some(id) => id,
        None => {
            let latest = store::find_latest_file(&mut tx, &spec.pipeline).await?;
            latest.ok_or(Error::NoneYet)?
        }
    };
    let file = store::find_file(&mut tx, bronze_id).await?;
    tx.commit().await?;
    let file = file.ok_or(Error::NoFile)?;
    if file.bytes > LARGEST_BYTES {
        return Err(Error::TooLarge);
    }
    Ok((bronze_id, file))
}

/// No file says what it was asked for, if it was not asked for.
fn anything() -> ReportRequest {
    ReportRequest {
        partner_id: String::new(),
        advertiser_ids: Vec::new(),
        start: NaiveDate::MIN,
        end: NaiveDate::MAX,
    }
}

fn read(
    connector: &dyn Connector,
    mut input: impl BufRead + Send,
    spec: &Spec,
    request: &ReportRequest,
    bytes: Option<u64>,
) -> (Tried, Result<ReadSummary, FileError>) {
    let mut tried = Tried::default();
    let begun = Instant::now();
    let mut rows: u64 = 0;
    let mut sink = |fact: &Fact<'_>| {
        rows += 1;
        if rows.is_multiple_of(4_096) && begun.elapsed() > LONGEST {
            return Err(format!("trying took longer than {} s", LONGEST.as_secs()));
        }
        if tried.sample.len() < SAMPLE {
            tried.sample.push(sample(fact));
        }
        let key = (fact.advertiser_id.to_owned(), fact.date);
        let day = tried.days.entry(key).or_default();
        day.add(&fact.metrics).ok_or("a sum is too large")?;
        if tried.days.len() > MOST_DAYS {
            return Err("the file has too many days of advertisers to try a spec on".to_owned());
        }
        Ok(())
    };
    let ended = connector.read_report(&mut input, spec, request, bytes, &mut sink);
    (tried, ended)
}

fn sample(fact: &Fact<'_>) -> SampleRow {
    SampleRow {
        line: fact.line,
        date: fact.date,
        advertiser_id: fact.advertiser_id.to_owned(),
        campaign_id: fact.campaign_id.to_owned(),
        insertion_order_id: fact.insertion_order_id.to_owned(),
        line_item_id: fact.line_item_id.to_owned(),
        currency: fact.currency.map(|one| one.to_string()),
        breakdown: fact.breakdown.to_owned(),
        metrics: METRICS
            .iter()
            .map(|to| word(*to))
            .zip(fact.metrics)
            .collect(),
    }
}

/// As specs write it.
fn word(to: super::spec::To) -> String {
    match serde_json::to_value(to) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Days behind an advertiser's watermark only: later ones are not loaded yet, by any spec.
async fn compare(
    ingestion: &Ingestion,
    scope: &OrgScope,
    spec: &Spec,
    days: &Days,
) -> Result<Difference, Error> {
    let mut tx = ingestion.db.begin_read(scope).await?;
    let ids: Vec<String> = {
        let mut ids: Vec<String> = days.keys().map(|(id, _)| id.clone()).collect();
        ids.dedup();
        ids
    };
    let Some(first) = days.keys().map(|(_, date)| *date).min() else {
        return Ok(Difference::default());
    };
    let through = store::list_watermarks(&mut tx, spec, &ids).await?;
    let before = store::list_days(&mut tx, spec, &ids, first).await?;
    tx.commit().await?;
    let reached = |id: &str, date: NaiveDate| through.get(id).is_none_or(|last| date <= *last);
    let mut difference = Difference::default();
    for ((id, date), after) in days.iter().filter(|((id, date), _)| reached(id, *date)) {
        match before.get(&(id.clone(), *date)) {
            None => difference.days_new += 1,
            Some(before) if before == after => difference.days_equal += 1,
            Some(before) => {
                difference.days_different += 1;
                difference.tell(id, *date, before, after);
            }
        }
    }
    Ok(difference)
}

impl Difference {
    fn tell(&mut self, id: &str, date: NaiveDate, before: &DaySums, after: &DaySums) {
        let rows = |sums: &DaySums| i64::try_from(sums.rows).ok();
        let mut cells = vec![("rows".to_owned(), rows(before), rows(after))];
        let sums = before.sums.iter().zip(after.sums);
        for (to, (before, after)) in METRICS.iter().zip(sums) {
            cells.push((word(*to), *before, after));
        }
        for (metric, before, after) in cells {
            if before != after && self.cells.len() < MOST_CELLS {
                self.cells.push(DifferentCell {
                    advertiser_id: id.to_owned(),
                    date,
                    metric,
                    before,
                    after,
                });
            }
        }
    }
}

fn answer(
    bronze_id: Option<BronzeId>,
    tried: Tried,
    ended: Result<ReadSummary, FileError>,
    difference: Option<Difference>,
) -> DryRun {
    let rows = tried.days.values().map(|day| day.rows).sum();
    let (summary, refused) = match ended {
        Ok(summary) => (summary, None),
        Err(refused) => (ReadSummary::default(), Some(refused)),
    };
    let mut drifts = summary.drifts;
    let refusal = refused.map(|mut refused| {
        drifts.append(&mut refused.drifts);
        Refusal {
            code: refused.code.to_owned(),
            message: refused.message,
            line: refused.line,
        }
    });
    DryRun {
        bronze_id,
        accepted: refusal.is_none(),
        refusal,
        rows,
        control_total: summary.control_total,
        drifts,
        warnings: summary.warnings,
        sample: tried.sample,
        difference,
    }
}

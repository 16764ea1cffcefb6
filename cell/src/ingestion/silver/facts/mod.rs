//! Facts on their way from a file of bronze to silver, in one transaction that is given up if
//! anything is wrong.
//!
//! Rows are staged while they are read, and put in place of the days they are of once the file is
//! proven; those of new days may be there before. A load replaces whole days, so loading a file again, or a later one over it, leaves each
//! day exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::Arc;

use chrono::NaiveDate;
use contracts::{BronzeId, Currency, SyncId};
use uuid::Uuid;

use crate::ingestion::connector::{Connector, FileError, ReadSummary, ReportRequest};
use crate::ingestion::pipelines::spec::{Dataset, Source, Spec};
use crate::ingestion::reading::Warning;
use crate::tenancy::{self, OrgTx};

mod arrival;

mod ledger;

mod rules;

mod stage;

mod store;

pub(crate) mod table;

use self::arrival::Way;
pub use self::table::Table;
use super::days::{self, DaySums, Doubts};

/// A file without a row, of days that silver has rows of.
pub const SUSPICIOUSLY_EMPTY: &str = "suspiciously_empty";

/// An advertiser of a load: what its rows must look like and how far they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    pub advertiser_id: String,
    pub currency: Currency,
    /// Its last complete day; later rows are left out.
    pub through: NaiveDate,
}

/// One file's way into silver.
#[derive(Debug, Clone)]
pub struct Load {
    pub load_id: Uuid,
    pub table: Dataset,
    /// The key's word for the kind of rows.
    pub dataset: String,
    pub dsp: String,
    pub pipeline_version: String,
    pub bronze_id: BronzeId,
    pub sync_id: SyncId,
    pub scope: Scope,
}

/// Which days a load stands for.
#[derive(Debug, Clone)]
pub enum Scope {
    /// All days of the range, of these advertisers: a day without rows had none. What the file has of
    /// earlier days stays out.
    Asked {
        range: (NaiveDate, NaiveDate),
        advertisers: Vec<Loaded>,
    },
    /// The days that the file has rows of.
    Found,
    /// These days of a file that has more; the rest of it stays out.
    Chosen {
        days: BTreeMap<String, BTreeSet<NaiveDate>>,
        /// What is known of the advertisers, as far as it is.
        advertisers: Vec<Loaded>,
    },
}

impl Scope {
    /// `Found` if nothing in particular was asked for.
    pub fn of(request: &ReportRequest, advertisers: Vec<Loaded>) -> Self {
        if advertisers.is_empty() {
            return Self::Found;
        }
        let range = (request.start, request.end);
        Self::Asked { range, advertisers }
    }
}

/// What the rows of a pipeline are called in silver's keys. Several pipelines may break down the
/// same days.
pub fn dataset_name(spec: &Spec) -> String {
    match spec.dataset {
        Dataset::LineItemDays => super::LINE_ITEM_DAYS.to_owned(),
        Dataset::AdvertiserDays => super::ADVERTISER_DAYS.to_owned(),
        Dataset::BreakdownDays => spec.pipeline.clone(),
    }
}

/// The buying platform the rows are of: the connector's own, unless it takes anybody's.
pub fn dsp_name<'a>(spec: &'a Spec, connector: &'a str) -> &'a str {
    match &spec.source {
        Source::FileDrop { file } => &file.dsp,
        _ => connector,
    }
}

/// One advertiser's day, as it goes into silver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub sums: DaySums,
}

/// What a file has brought.
#[derive(Debug)]
pub struct Landed {
    pub summary: ReadSummary,
    /// Those asked for or found, with how far the file counts.
    pub advertisers: Vec<Loaded>,
    pub range: (NaiveDate, NaiveDate),
    /// Ordered by advertiser and date.
    pub days: Vec<Day>,
    /// Days of which silver knew nothing, with rows in it before the file was proven. Others of their
    /// rows may be in the stage.
    pub placed: BTreeSet<(String, NaiveDate)>,
    /// Days that stay as they are, because silver has them from a file that the source made later.
    pub newer: BTreeSet<(String, NaiveDate)>,
    pub doubts: Doubts,
}

impl Landed {
    /// Some of its days stay as they are.
    pub(crate) fn keeps_days(&self) -> bool {
        !self.newer.is_empty() || !self.doubts.kept.is_empty()
    }

    pub fn rows(&self) -> u64 {
        self.days.iter().map(|day| day.sums.rows).sum()
    }

    pub fn rows_by_advertiser(&self) -> BTreeMap<String, u64> {
        let mut rows = BTreeMap::new();
        for day in &self.days {
            *rows.entry(day.advertiser_id.clone()).or_default() += day.sums.rows;
        }
        rows
    }
}

/// How a load ended, if nothing outside broke.
pub enum Outcome {
    /// Everything is in the transaction, which the caller commits.
    Loaded(Box<Landed>),
    /// The file is not what it should be. The transaction must be given up.
    Refused(FileError),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the parser stopped")]
    Parser(#[from] tokio::task::JoinError),
    #[error("the database refused or failed")]
    Database(#[from] sqlx::Error),
}

impl From<Error> for tenancy::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => error.into(),
            Error::Parser(error) => Self::Database(sqlx::Error::AnyDriverError(error.into())),
        }
    }
}

/// A file and what it has to be.
pub struct File<R> {
    pub connector: Arc<dyn Connector>,
    pub spec: Arc<Spec>,
    pub request: ReportRequest,
    pub input: R,
    /// The length the transport proved.
    pub bytes: Option<u64>,
}

/// Reads, proves and loads a file.
pub async fn load(
    tx: &mut OrgTx,
    file: File<impl BufRead + Send + 'static>,
    load: &Load,
) -> Result<Outcome, Error> {
    let spec = Arc::clone(&file.spec);
    let mut landed = match arrival::receive(tx, file, load, Way::Straight).await? {
        Ok(landed) => landed,
        Err(refused) => return Ok(Outcome::Refused(refused)),
    };
    if landed.summary.rows == 0 && store::has_days(tx, load).await? {
        return Ok(Outcome::Refused(FileError {
            code: SUSPICIOUSLY_EMPTY,
            message: "the report is empty for days that have data already".to_owned(),
            ..FileError::default()
        }));
    }
    if let Err(refused) = rules::check(tx, &spec, load, &mut landed).await? {
        return Ok(Outcome::Refused(refused));
    }
    lock(tx, load).await?;
    leave_newer(tx, load, &mut landed).await?;
    leave_doubted(tx, load, &mut landed).await?;
    if let Err(error) = replace(tx, load, &landed, spec.window.month_close_day).await {
        return match duplicate(&error) {
            Some(refused) => Ok(Outcome::Refused(refused)),
            None => Err(error.into()),
        };
    }
    ledger::store::record(tx, load, &landed).await?;
    Ok(Outcome::Loaded(Box::new(landed)))
}

/// Takes days out of the load that silver has from a file the source made later. Files come in any
/// order: out of quarantine, or of two connections that see one advertiser.
async fn leave_newer(tx: &mut OrgTx, load: &Load, landed: &mut Landed) -> Result<(), sqlx::Error> {
    let Some(reported_at) = landed.summary.reported_at else {
        return Ok(());
    };
    let newer = days::list_newer(tx, load, landed, reported_at).await?;
    if newer.is_empty() {
        return Ok(());
    }
    store::unstage(tx, &newer).await?;
    let rows = landed.rows();
    landed.newer = newer;
    let newer = &landed.newer;
    let older = |day: &Day| !newer.contains(&(day.advertiser_id.clone(), day.date));
    landed.days.retain(older);
    landed.summary.warnings.push(Warning {
        column: String::new(),
        message: match newer.len() {
            1 => "1 day stays as a later file has it".to_owned(),
            days => format!("{days} days stay as a later file has them"),
        },
        rows: rows - landed.rows(),
        line: None,
    });
    Ok(())
}

/// Leaves days as they are that the report has nothing of, until a later one says so, too.
async fn leave_doubted(
    tx: &mut OrgTx,
    load: &Load,
    landed: &mut Landed,
) -> Result<(), sqlx::Error> {
    days::doubt(tx, load, landed).await?;
    let days = landed.doubts.kept.len();
    if days > 0 {
        landed.summary.warnings.push(Warning {
            column: String::new(),
            message: match days {
                1 => "1 day had rows and has none now; they stay until confirmed".to_owned(),
                _ => format!("{days} days had rows and have none now; they stay until confirmed"),
            },
            rows: 0,
            line: None,
        });
    }
    Ok(())
}

/// Takes days out of the stage that are not to be replaced after all.
pub(crate) async fn unstage(
    tx: &mut OrgTx,
    days: &BTreeSet<(String, NaiveDate)>,
) -> Result<(), sqlx::Error> {
    store::unstage(tx, days).await
}

/// Puts what is staged in place of the days that the load stands for, and keeps what is known of
/// them. The ledger and the watermarks are the caller's.
pub(crate) async fn replace(
    tx: &mut OrgTx,
    load: &Load,
    landed: &Landed,
    month_close_day: u32,
) -> Result<(), sqlx::Error> {
    store::replace_days(tx, load, landed).await?;
    days::record(tx, load, landed, month_close_day).await
}

/// One after the other: from here to the end of the transaction nobody else changes these rows.
pub(crate) async fn lock(tx: &mut OrgTx, load: &Load) -> Result<(), sqlx::Error> {
    lock_dataset(tx, &load.dataset, &load.dsp).await
}

pub(crate) async fn lock_dataset(
    tx: &mut OrgTx,
    dataset: &str,
    dsp: &str,
) -> Result<(), sqlx::Error> {
    store::lock(tx, dataset, dsp).await
}

/// What Postgres says of two rows with one key, as a reason to refuse the file.
pub(crate) fn duplicate(error: &sqlx::Error) -> Option<FileError> {
    let message = store::duplicate_of(error)?;
    Some(FileError {
        code: "duplicate_rows",
        message,
        ..FileError::default()
    })
}

/// Reads and proves a file; its rows are in the transaction's stage. After a refusal the
/// transaction is of no more use.
pub(crate) async fn stage(
    tx: &mut OrgTx,
    file: File<impl BufRead + Send + 'static>,
    load: &Load,
) -> Result<Result<Landed, FileError>, Error> {
    arrival::receive(tx, file, load, Way::Stage).await
}

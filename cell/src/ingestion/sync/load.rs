//! From a file of bronze to silver, in one transaction that is given up if anything is wrong.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::ingestion::connector::{Connector, Fact, FileError, ReadSummary, ReportRequest};
use crate::ingestion::pipelines::Spec;
use crate::ingestion::silver::days::{self, Origin, SumsByDay};
use crate::ingestion::silver::{self, CopyText, Load};
use crate::tenancy::{self, OrgTx};

/// Chunks in flight between the parser and the database.
const CHUNKS: usize = 4;

/// How a load ended, if nothing outside broke.
pub(super) enum Outcome {
    /// Everything is in the transaction, which the caller commits.
    Loaded {
        rows: BTreeMap<String, u64>,
        control_total: bool,
    },
    /// The file is not what it should be. The transaction must be given up.
    Refused(FileError),
    /// The file is whole and empty, where there was data before.
    SuspiciouslyEmpty,
    Duplicate(String),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
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

pub(super) async fn load(
    tx: &mut OrgTx,
    connector: &Arc<dyn Connector>,
    input: impl BufRead + Send + 'static,
    bytes: Option<u64>,
    spec: &Spec,
    request: &ReportRequest,
    load: &Load,
) -> Result<Outcome, Error> {
    let (summary, rows, sums) =
        match stage(tx, connector, input, bytes, spec, request, load).await? {
            Ok(staged) => staged,
            Err(refused) => return Ok(Outcome::Refused(refused)),
        };
    if summary.rows == 0 && silver::store::has_days(tx, load).await? {
        return Ok(Outcome::SuspiciouslyEmpty);
    }
    let replaced = match silver::store::replace_days(tx, load).await {
        Err(error) => match silver::store::duplicate_of(&error) {
            Some(detail) => return Ok(Outcome::Duplicate(detail)),
            None => return Err(error.into()),
        },
        Ok(replaced) => replaced,
    };
    silver::store::record_load(tx, load, replaced, summary.control_total).await?;
    let origin = Origin {
        dataset: silver::LINE_ITEM_DAYS,
        reported_at: summary.reported_at,
        month_close_day: spec.window.month_close_day,
    };
    days::record(tx, load, origin, &sums).await?;
    Ok(Outcome::Loaded {
        rows,
        control_total: summary.control_total,
    })
}

type Staged = (ReadSummary, BTreeMap<String, u64>, SumsByDay);

/// Parses on a thread of its own while the database takes what is already there.
async fn stage(
    tx: &mut OrgTx,
    connector: &Arc<dyn Connector>,
    mut input: impl BufRead + Send + 'static,
    bytes: Option<u64>,
    spec: &Spec,
    request: &ReportRequest,
    load: &Load,
) -> Result<Result<Staged, FileError>, Error> {
    let (sender, mut chunks) = mpsc::channel(CHUNKS);
    let mut text = CopyText::new(load, sender);
    let connector = Arc::clone(connector);
    let (spec, request) = (spec.clone(), request.clone());
    let parsing = tokio::task::spawn_blocking(move || {
        let mut push = |fact: &Fact<'_>| text.push(fact);
        let summary = connector.read_report(&mut input, &spec, &request, bytes, &mut push)?;
        text.flush().map_err(|message| FileError {
            message,
            ..FileError::default()
        })?;
        Ok((summary, text.rows, text.sums))
    });
    let mut copy = silver::store::copy_into_stage(tx).await?;
    while let Some(chunk) = chunks.recv().await {
        copy.send(chunk.as_bytes()).await?;
    }
    match parsing.await? {
        Ok(staged) => {
            copy.finish().await?;
            Ok(Ok(staged))
        }
        Err(refused) => {
            copy.abort("the file was refused").await?;
            Ok(Err(refused))
        }
    }
}

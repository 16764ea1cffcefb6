//! Files that were kept and not loaded: why, at which line, and another try with one click.
//!
//! Nothing in here is ever lost or changed: the file lies in bronze, and a replay is a sync of its
//! own that starts at loading, with the pipeline as it is now.

use std::io::{self, BufRead};

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BronzeId, ConnectionId, SyncId, UserId};
use serde_json::Value;

use super::connector::{Drift, FileError};
use super::pipelines::{self, change::OtherName};
use super::reading::Change;
use super::sync::{self, Record, Report, Starter, State, Sync};
use crate::tenancy::OrgTx;

pub(crate) mod attention;

pub mod http;

mod store;

/// How much of a file is looked through for a line.
const MAX_SCANNED_BYTES: u64 = 512 << 20;
/// How much of a line is shown.
const MAX_SHOWN_BYTES: usize = 2000;

/// What is written down when a file is refused.
pub(crate) struct Refusal<'a> {
    pub(crate) sync: &'a Sync,
    pub(crate) report: &'a Report,
    pub(crate) bronze_id: BronzeId,
    pub(crate) error: &'a FileError,
}

/// Part of the transaction that ends the sync.
pub(crate) async fn record(tx: &mut OrgTx, refusal: &Refusal<'_>) -> Result<(), sqlx::Error> {
    store::insert(tx, refusal).await
}

/// One file in quarantine.
#[derive(Debug, Clone)]
pub struct Entry {
    pub sync_id: SyncId,
    pub connection_id: ConnectionId,
    pub bronze_id: BronzeId,
    pub pipeline: String,
    pub report: Report,
    pub code: String,
    pub message: String,
    pub line: Option<u64>,
    pub drifts: Vec<Drift>,
    /// Nothing: it was delivered, and holds whatever days it holds.
    pub range: Option<(NaiveDate, NaiveDate)>,
    pub created_at: DateTime<Utc>,
    /// The latest replay and the step it is at.
    pub replay: Option<(SyncId, String)>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    #[error("there is no such file in quarantine")]
    NotFound,
    #[error("a replay of the file is under way")]
    UnderWay,
    #[error("the file has been loaded by a replay")]
    Loaded,
    #[error("there is no such pipeline any more")]
    NoPipeline,
    #[error("the file has no {header:?} where {column} is expected")]
    NoSuchName { column: String, header: String },
    #[error("name at least one column")]
    NoNames,
    #[error(transparent)]
    Pipeline(#[from] pipelines::Error),
    #[error("the database refused or failed")]
    Database(#[from] sqlx::Error),
}

/// Tries the file again with the pipeline as it is now.
pub(crate) async fn replay(
    tx: &mut OrgTx,
    sync_id: SyncId,
    user_id: UserId,
) -> Result<Sync, ReplayError> {
    let entry = lock_open(tx, sync_id).await?;
    start_replay(tx, entry, user_id).await
}

/// Has the pipeline find columns under the names that this file has for them, and tries the file
/// again. A person says that it is the same column; nobody else can.
pub(crate) async fn accept_names(
    tx: &mut OrgTx,
    sync_id: SyncId,
    names: &[OtherName],
    user_id: UserId,
) -> Result<Sync, ReplayError> {
    if names.is_empty() {
        return Err(ReplayError::NoNames);
    }
    let entry = lock_open(tx, sync_id).await?;
    for OtherName { column, header } in names {
        let suspected = |drift: &Drift| {
            drift.column == *column
                && matches!(&drift.change, Change::RenamedSuspected { header: found } if found == header)
        };
        if !entry.drifts.iter().any(suspected) {
            let (column, header) = (column.clone(), header.clone());
            return Err(ReplayError::NoSuchName { column, header });
        }
    }
    pipelines::change::add_names(tx, &entry.pipeline, names, user_id).await?;
    start_replay(tx, entry, user_id).await
}

/// An entry that no replay has loaded or is about to.
async fn lock_open(tx: &mut OrgTx, sync_id: SyncId) -> Result<Entry, ReplayError> {
    let entry = store::lock(tx, sync_id).await?;
    let entry = entry.ok_or(ReplayError::NotFound)?;
    match entry.replay.as_ref().map(|(_, step)| step.as_str()) {
        None | Some("failed" | "quarantined" | "cancelled") => Ok(entry),
        Some("done") => Err(ReplayError::Loaded),
        Some(_) => Err(ReplayError::UnderWay),
    }
}

async fn start_replay(tx: &mut OrgTx, entry: Entry, user_id: UserId) -> Result<Sync, ReplayError> {
    let sync_id = entry.sync_id;
    let refused = sync::store::find(tx, sync_id).await?;
    let refused = refused.ok_or(ReplayError::NotFound)?;
    let now = pipelines::find_effective(tx, &entry.pipeline).await?;
    let now = now.ok_or(ReplayError::NoPipeline)?;
    let record = Record {
        spec: Box::new(now.spec),
        layer_version: now.layer_version,
        state: State::Loading {
            report: entry.report,
            // There is nothing better to be had by downloading it once more.
            attempt: sync::MAX_DOWNLOADS,
            bronze_id: entry.bronze_id,
        },
        ..refused.record
    };
    let starter = Starter::Person { user_id };
    let (connection, kind) = (refused.connection_id, refused.kind);
    let again = sync::start_at(tx, connection, kind, starter, &record).await?;
    store::note_replay(tx, sync_id, again.sync_id).await?;
    Ok(again)
}

/// A line of a file, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub text: String,
    pub shortened: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    #[error("the line is too far into the file to be shown")]
    TooFar,
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
}

/// The first line and those from `first` to `last`, counted from 1. In bounded memory, whatever the
/// file is like.
pub(crate) fn read_lines(
    input: impl BufRead,
    first: u64,
    last: u64,
) -> Result<Vec<Line>, LinesError> {
    let mut input = input.take(MAX_SCANNED_BYTES);
    let mut lines = Vec::new();
    let mut text = Vec::new();
    for number in 1..=last {
        let shown = number == 1 || number >= first;
        text.clear();
        let length = read_line(&mut input, shown, &mut text)?;
        if length == 0 {
            if input.limit() == 0 {
                return Err(LinesError::TooFar);
            }
            break;
        }
        if shown {
            let shortened = text.len() > MAX_SHOWN_BYTES;
            text.truncate(MAX_SHOWN_BYTES);
            while matches!(text.last(), Some(b'\n' | b'\r')) {
                text.pop();
            }
            lines.push(Line {
                number,
                text: String::from_utf8_lossy(&text).into_owned(),
                shortened,
            });
        }
    }
    Ok(lines)
}

/// Reads to the line's end and keeps a little more than is shown. The length of the line.
fn read_line(input: &mut impl BufRead, keep: bool, text: &mut Vec<u8>) -> io::Result<usize> {
    let mut length = 0;
    loop {
        let chunk = input.fill_buf()?;
        let (used, ended) = match chunk.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        if keep {
            let room = (MAX_SHOWN_BYTES + 2).saturating_sub(text.len());
            text.extend_from_slice(&chunk[..used.min(room)]);
        }
        input.consume(used);
        length += used;
        if ended {
            return Ok(length);
        }
    }
}

fn decode<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, sqlx::Error> {
    serde_json::from_value(value).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests;

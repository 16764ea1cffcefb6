//! Stored files as they came, in a folder, for whoever wants to check our figures with tools of
//! their own: each file under its id, `files.jsonl` with what is known of it, and `days.jsonl` with
//! the file that silver has each advertiser's day from.
//!
//! Nothing is believed: the bytes are hashed on their way out.

use std::fs;
use std::io::{self, BufRead, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BronzeId, OrgId, SyncId};
use ring::digest::{Context, SHA256};
use serde::Serialize;

use super::bronze::{self, Bronze};
use crate::tenancy::{self, OrgDb, OrgScope};

mod store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is something in {0} already")]
    NotEmpty(PathBuf),
    #[error("silver has nothing for these days")]
    Nothing,
    #[error("the bytes of {0} are not the ones that were stored")]
    Damaged(BronzeId),
    #[error("a file cannot be written")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// A line of `files.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    pub bronze_id: BronzeId,
    /// Within the folder.
    pub file: String,
    /// Of the bytes, in hex.
    pub sha256: String,
    pub bytes: u64,
    pub fetched_at: DateTime<Utc>,
}

/// A line of `days.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedDay {
    pub dataset: String,
    pub dsp: String,
    pub advertiser_id: String,
    pub date: NaiveDate,
    pub bronze_id: BronzeId,
    pub sync_id: Option<SyncId>,
    pub pipeline_version: Option<String>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    pub files: usize,
    pub days: usize,
}

/// Writes the files that silver has the days of a range from.
pub async fn export(
    db: &OrgDb,
    bronze: &Bronze,
    scope: &OrgScope,
    range: (NaiveDate, NaiveDate),
    folder: &Path,
) -> Result<Exported, Error> {
    prepare(folder)?;
    let mut tx = db.begin_read(scope).await?;
    let days = store::list_days(&mut tx, range).await?;
    let files = store::list_files(&mut tx, range).await?;
    tx.commit().await?;
    if days.is_empty() {
        return Err(Error::Nothing);
    }
    for file in &files {
        write_file(bronze, scope.org(), file, folder).await?;
    }
    // Last: who sees them knows that all is there.
    write_lines(&folder.join("files.jsonl"), &files)?;
    write_lines(&folder.join("days.jsonl"), &days)?;
    Ok(Exported {
        files: files.len(),
        days: days.len(),
    })
}

fn prepare(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder)?;
    match fs::read_dir(folder)?.next() {
        None => Ok(()),
        Some(_) => Err(Error::NotEmpty(folder.to_owned())),
    }
}

async fn write_file(
    bronze: &Bronze,
    org: OrgId,
    file: &ExportedFile,
    folder: &Path,
) -> Result<(), Error> {
    let damaged = || Error::Damaged(file.bronze_id);
    let mut sha256 = [0; 32];
    hex::decode_to_slice(&file.sha256, &mut sha256).map_err(|_| damaged())?;
    let input = bronze.read(org, &sha256).await?;
    let path = folder.join(&file.file);
    let copied = tokio::task::spawn_blocking(move || copy(input, &path)).await;
    let (hash, bytes) = copied.map_err(io::Error::other)??;
    if hash == sha256 && bytes == file.bytes {
        return Ok(());
    }
    Err(damaged())
}

fn copy(mut input: impl BufRead, path: &Path) -> io::Result<([u8; 32], u64)> {
    let mut output = fs::File::create_new(path)?;
    let (mut hash, mut bytes) = (Context::new(&SHA256), 0);
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        hash.update(chunk);
        output.write_all(chunk)?;
        let length = chunk.len();
        bytes += length as u64;
        input.consume(length);
    }
    let hash = hash.finish().as_ref().try_into();
    Ok((hash.expect("SHA-256 has 32 bytes"), bytes))
}

fn write_lines<T: Serialize>(path: &Path, lines: &[T]) -> Result<(), Error> {
    let mut output = io::BufWriter::new(fs::File::create_new(path)?);
    for line in lines {
        serde_json::to_writer(&mut output, line).map_err(io::Error::from)?;
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

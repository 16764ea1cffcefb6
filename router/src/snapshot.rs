//! The signed route snapshot: checking its bytes and keeping the last good one on disk.
//!
//! What is on disk is exactly what global-control signed, so a router can start from it alone. A
//! file that is torn or forged is set aside with a log line, and the generation before it is used.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contracts::routes::{RouteEntry, SNAPSHOT_FORMAT, SnapshotHeader, signed_text};
use service_kit::tokens::VerifyingKeys;

/// Entries that are handed over together.
const BATCH: usize = 1024;

/// A snapshot whose bytes are known to be global-control's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot<'b> {
    pub seq: i64,
    /// As many entries as the body has to have.
    pub entries: u64,
    body: &'b [u8],
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the snapshot has no header line")]
    NoHeader,
    #[error("the snapshot's header is malformed")]
    Header(#[source] serde_json::Error),
    #[error("the snapshot has format {0}, this router reads {SNAPSHOT_FORMAT}")]
    Format(u32),
    #[error("the snapshot's body does not have the announced checksum")]
    Checksum,
    #[error("the snapshot's signature is not from a trusted key")]
    Signature,
    #[error("entry {line} of the snapshot is malformed")]
    Entry {
        line: usize,
        source: serde_json::Error,
    },
    #[error("the snapshot announces {announced} entries and has {found}")]
    Count { announced: u64, found: u64 },
    #[error("read or write the snapshot file")]
    Io(#[from] io::Error),
}

impl<'b> Snapshot<'b> {
    /// Nothing of a body is parsed before its checksum and its signature are right.
    pub fn check(bytes: &'b [u8], keys: &VerifyingKeys) -> Result<Self, Error> {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or(Error::NoHeader)?;
        let header: SnapshotHeader =
            serde_json::from_slice(&bytes[..end]).map_err(Error::Header)?;
        if header.format != SNAPSHOT_FORMAT {
            return Err(Error::Format(header.format));
        }
        let body = &bytes[end + 1..];
        if sha256_hex(body) != header.sha256 {
            return Err(Error::Checksum);
        }
        let text = signed_text(header.format, header.seq, header.entries, &header.sha256);
        keys.verify_bytes(text.as_bytes(), &header.signature)
            .map_err(|_| Error::Signature)?;
        Ok(Self {
            seq: header.seq,
            entries: header.entries,
            body,
        })
    }

    /// Reads the entries in order, some at a time, for as long as `take` wants more. What was taken is
    /// worth nothing after an error.
    pub fn read(&self, mut take: impl FnMut(Vec<RouteEntry>) -> bool) -> Result<(), Error> {
        let mut found = 0;
        let mut batch = Vec::with_capacity(BATCH);
        let lines = self.body.split(|byte| *byte == b'\n');
        for (line, text) in (1..).zip(lines.filter(|line| !line.is_empty())) {
            let entry = serde_json::from_slice(text);
            batch.push(entry.map_err(|source| Error::Entry { line, source })?);
            found += 1;
            if batch.len() == BATCH
                && !take(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))
            {
                return Ok(());
            }
        }
        if found != self.entries {
            return Err(Error::Count {
                announced: self.entries,
                found,
            });
        }
        take(batch);
        Ok(())
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

/// What `read` makes of the newest usable generation on disk, if there is one.
pub fn load<T>(
    path: &Path,
    keys: &VerifyingKeys,
    read: impl Fn(&Snapshot<'_>) -> Result<T, Error>,
) -> Option<T> {
    for path in [path.to_path_buf(), beside(path, "previous")] {
        let checked = fs::read(&path)
            .map_err(Error::Io)
            .and_then(|bytes| read(&Snapshot::check(&bytes, keys)?));
        match checked {
            Ok(value) => return Some(value),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => refuse(&path, &error),
        }
    }
    None
}

/// Set aside, so that the next write does not make it the generation to fall back on.
fn refuse(path: &Path, error: &Error) {
    let source = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(file = %path.display(), %error, cause = source, "refused the route snapshot on disk");
    if let Err(error) = fs::rename(path, beside(path, "refused")) {
        tracing::warn!(file = %path.display(), %error, "could not set the refused snapshot aside");
    }
}

/// Writes checked bytes so that at every moment a whole generation is on disk.
pub fn store(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    match fs::rename(path, beside(path, "previous")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    file.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests;

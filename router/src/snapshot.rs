//! The signed route snapshot: checking its bytes and keeping the last good one on disk.
//!
//! What is on disk is exactly what global-control signed, so a router can start from it alone. A
//! file that is torn or forged is set aside with a log line, and the generation before it is used.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contracts::routes::{RouteEntry, SNAPSHOT_FORMAT, SnapshotHeader, signed_text};
use service_kit::tokens::VerifyingKeys;

/// A checked snapshot.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub seq: i64,
    pub entries: Vec<RouteEntry>,
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

impl Snapshot {
    /// Checks everything: nothing of an untrusted body is parsed.
    pub fn check(bytes: &[u8], keys: &VerifyingKeys) -> Result<Self, Error> {
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
        let entries = parse_body(body)?;
        let found = entries.len() as u64;
        if found != header.entries {
            return Err(Error::Count {
                announced: header.entries,
                found,
            });
        }
        Ok(Self {
            seq: header.seq,
            entries,
        })
    }
}

fn parse_body(body: &[u8]) -> Result<Vec<RouteEntry>, Error> {
    body.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(|(line, text)| {
            serde_json::from_slice(text).map_err(|source| Error::Entry { line, source })
        })
        .collect()
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

/// The newest usable generation on disk, if there is one.
pub fn load(path: &Path, keys: &VerifyingKeys) -> Option<Snapshot> {
    for path in [path.to_path_buf(), beside(path, "previous")] {
        let checked = fs::read(&path)
            .map_err(Error::Io)
            .and_then(|bytes| Snapshot::check(&bytes, keys));
        match checked {
            Ok(snapshot) => return Some(snapshot),
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

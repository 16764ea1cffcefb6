//! What the simulator has promised, as one line after another in a file, so that a process that
//! is killed loses nothing of it: queries, reports, edits, the clock, faults, grants, quotas.
//!
//! A line is handed to the system before the answer goes out. A last line that was cut off by the
//! kill was never answered for, and is dropped.

pub(crate) mod replay;

use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::bid_manager::store::{Report, Saved};
use crate::clock::{ClockState, Now};
use crate::control::Change;
use crate::faults::FaultOrder;
use crate::quota::Window;
use crate::world::Edit;

const FILE: &str = "journal.jsonl";

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The world these lines are about; another one cannot go on with them.
    Begun {
        seed: u64,
        built_on: chrono::NaiveDate,
    },
    Query(u64, Saved),
    QueryDeleted(u64),
    Report(Report),
    /// The query's schedule has been served through this day.
    Scheduled(u64, chrono::NaiveDate),
    Edited(Edit, Now),
    Clock(ClockState),
    Changed(Change),
    Fault(FaultOrder),
    FaultsCleared,
    Struck(u64, u64, usize),
    CodeUsed(String),
    Revoked(String),
    Consented(String, String),
    Taken(Window, String, i64),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot use the journal in the state folder")]
    File(#[from] std::io::Error),
    #[error("line {line} of the journal cannot be read")]
    Line {
        line: usize,
        #[source]
        source: serde_json::Error,
    },
    #[error("an edit in the journal does not fit the world")]
    Edit(#[from] crate::world::edits::Error),
    #[error("the journal is of another world: seed {seed}, built on {built_on}")]
    OtherWorld {
        seed: u64,
        built_on: chrono::NaiveDate,
    },
}

#[derive(Debug)]
pub(crate) struct Journal {
    file: Option<Mutex<File>>,
    /// While the lines of an earlier process are taken up, nothing is new.
    muted: AtomicBool,
}

impl Journal {
    /// Keeps nothing.
    pub(crate) fn none() -> Self {
        Self {
            file: None,
            muted: AtomicBool::new(true),
        }
    }

    /// Opens the folder's journal, with what is in it; muted until that is taken up.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Vec<Entry>), Error> {
        std::fs::create_dir_all(folder)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::Start(whole as u64))?;
        let lines = bytes[..whole]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let entries = lines.enumerate().map(|(at, line)| {
            let broken = |source| Error::Line {
                line: at + 1,
                source,
            };
            serde_json::from_slice(line).map_err(broken)
        });
        let entries = entries.collect::<Result<Vec<Entry>, Error>>()?;
        let file = Some(Mutex::new(file));
        let muted = AtomicBool::new(true);
        Ok((Self { file, muted }, entries))
    }

    /// The day the world of the folder's journal was built on, if there is one.
    pub(crate) fn begun(folder: &Path) -> Option<chrono::NaiveDate> {
        let file = File::open(folder.join(FILE)).ok()?;
        let first = std::io::BufReader::new(file).lines().next()?.ok()?;
        match serde_json::from_str(&first).ok()? {
            Entry::Begun { built_on, .. } => Some(built_on),
            _ => None,
        }
    }

    pub(crate) fn unmute(&self) {
        self.muted.store(false, Ordering::Release);
    }

    /// A promise that cannot be written down must not be made, so the process ends.
    pub(crate) fn write(&self, entry: &Entry) {
        let Some(file) = self
            .file
            .as_ref()
            .filter(|_| !self.muted.load(Ordering::Acquire))
        else {
            return;
        };
        let mut line = serde_json::to_vec(entry).expect("entries are plain data");
        line.push(b'\n');
        if let Err(error) = file.lock().write_all(&line) {
            tracing::error!(%error, "The journal cannot be written; the simulator ends.");
            std::process::exit(1);
        }
    }
}

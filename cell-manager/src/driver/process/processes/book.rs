//! `run/processes.json`: which processes run, so that a later run finds them again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::super::files;
use super::super::identity::ProcessIdentity;
use super::super::program::StopBy;

const REMEDY: &str = "it lists the processes of an earlier run: end those if any still run, delete it and start again";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) process: ProcessIdentity,
    pub(super) stop: StopBy,
}

#[derive(Debug)]
pub(super) struct Book {
    path: PathBuf,
    entries: Mutex<BTreeMap<u32, Entry>>,
}

impl Book {
    pub(super) fn new(path: PathBuf) -> Result<Self, files::Error> {
        let book = Self {
            path,
            entries: Mutex::default(),
        };
        book.change(|_| ())?;
        Ok(book)
    }

    /// What an earlier run wrote.
    pub(super) fn read(path: &Path) -> Result<Vec<Entry>, files::Error> {
        Ok(files::read_json(path, REMEDY)?.unwrap_or_default())
    }

    pub(super) fn add(&self, name: &str, process: ProcessIdentity, stop: StopBy) {
        let name = name.to_owned();
        let entry = Entry {
            name,
            process,
            stop,
        };
        self.keep_going(|entries| {
            entries.insert(entry.process.pid, entry);
        });
    }

    pub(super) fn remove(&self, pid: u32) {
        self.keep_going(|entries| {
            entries.remove(&pid);
        });
    }

    /// A full disk must not stop a platform that runs: the processes carry a mark as well.
    fn keep_going(&self, edit: impl FnOnce(&mut BTreeMap<u32, Entry>)) {
        if let Err(err) = self.change(edit) {
            tracing::warn!(error = %err, "the list of processes could not be written");
        }
    }

    fn change(&self, edit: impl FnOnce(&mut BTreeMap<u32, Entry>)) -> Result<(), files::Error> {
        let mut entries = self.entries.lock().expect("edits don't panic");
        edit(&mut entries);
        let list: Vec<&Entry> = entries.values().collect();
        files::write_json(&self.path, &list, 0o600)
    }
}

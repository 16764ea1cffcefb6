//! Ends what an earlier run left behind when it was killed. Three sources, since each has a gap:
//! the book (a crash between start and entry), the mark in the environment (only on systems with
//! `/proc`), and Postgres' own `postmaster.pid`.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::files;
use super::super::identity::{self, ProcessIdentity};
use super::super::layout::Layout;
use super::super::postgres;
use super::super::program::{MARK, StopBy};
use super::book::{Book, Entry};
use super::{Error, end};

/// Returns the names of what was still running.
pub(super) async fn end(layout: &Layout, book: &Path) -> Result<Vec<String>, Error> {
    let found = find(layout, book)?;
    // Services first, so that databases are left in order.
    for stop in [StopBy::Terminate, StopBy::FastShutdown] {
        let rung = found.iter().filter(|entry| entry.stop == stop);
        let ended = futures::future::join_all(rung.map(|entry| async move {
            let gone = end::end(&entry.process, stop).await;
            gone.then_some(()).ok_or_else(|| {
                Error::Leftover(format!("{} (pid {})", entry.name, entry.process.pid))
            })
        }));
        ended
            .await
            .into_iter()
            .collect::<Result<Vec<()>, Error>>()?;
    }
    Ok(found.into_iter().map(|entry| entry.name).collect())
}

fn find(layout: &Layout, book: &Path) -> Result<Vec<Entry>, files::Error> {
    let mut found = BTreeMap::new();
    for entry in Book::read(book)? {
        if entry.process.is_running() {
            found.insert(entry.process.pid, entry);
        }
    }
    for entry in marked(&layout.data) {
        found.entry(entry.process.pid).or_insert(entry);
    }
    for cluster in files::list_folders(&layout.clusters)? {
        if let Some(process) = postgres::running_postmaster(&cluster) {
            let name = format!("{} (Postgres)", cluster.display());
            found.entry(process.pid).or_insert(Entry {
                name,
                process,
                stop: StopBy::FastShutdown,
            });
        }
    }
    Ok(found.into_values().collect())
}

fn marked(data: &Path) -> Vec<Entry> {
    let mark = [MARK.as_bytes(), b"=", data.as_os_str().as_encoded_bytes()].concat();
    identity::all_pids()
        .into_iter()
        .filter(|pid| *pid != std::process::id())
        .filter(|pid| {
            std::fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|pair| pair == mark))
        })
        .filter_map(|pid| {
            let process = ProcessIdentity::of(pid)?;
            let name = identity::command_line(pid).unwrap_or_default();
            let program = name.split(' ').next().unwrap_or_default();
            // A backend ends with its postmaster.
            if program == "postgres:" {
                return None;
            }
            let stop = if program.ends_with("postgres") {
                StopBy::FastShutdown
            } else {
                StopBy::Terminate
            };
            Some(Entry {
                name,
                process,
                stop,
            })
        })
        .collect()
}

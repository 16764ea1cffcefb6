//! Keeps child processes running: starts them, watches their health, restarts them with growing
//! pauses, ends them. Written down in `run/processes.json`, so that a later run can end what a
//! killed one left behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::files;
use super::layout::Layout;
use super::lock::DataLock;
use super::program::Program;
use crate::driver::Progress;

mod book;
mod end;
mod keep;
mod leftovers;

use book::Book;

/// So many ends in a row before it was ever ready, and the start counts as failed.
const FAILED_STARTS: u32 = 3;
const LOG_LIMIT_BYTES: u64 = 10 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("start {name}: {end}; its log is {log}{tail}")]
    Failed {
        name: String,
        end: String,
        log: PathBuf,
        tail: String,
    },
    #[error("{name} was not ready after {seconds} s; its log is {log}{tail}")]
    NotReady {
        name: String,
        seconds: u64,
        log: PathBuf,
        tail: String,
    },
    #[error("a process of an earlier run does not end: {0}; end it and start again")]
    Leftover(String),
    #[error("run {program}")]
    Spawn {
        program: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Files(#[from] files::Error),
}

/// All child processes of one data directory.
#[derive(Debug, Clone)]
pub struct Processes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    book: Book,
    /// Who is told when a process ends by itself.
    progress: Progress,
    kept: Mutex<BTreeMap<String, Kept>>,
    /// Ended on purpose, until they are released.
    held: Mutex<BTreeMap<String, Program>>,
}

#[derive(Debug)]
struct Kept {
    program: Program,
    state: watch::Receiver<State>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// How one process is doing.
#[derive(Debug, Clone)]
pub struct State {
    pub phase: Phase,
    pub pid: Option<u32>,
    pub restarts: u32,
    /// Ends in a row without having been ready in between.
    pub failed_starts: u32,
    pub since: Instant,
    /// How it ended last.
    pub last_end: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Starting,
    Ready,
    /// Alive, but it says it cannot work, or it no longer answers.
    NotReady,
    /// Ended; starts again after a pause.
    Pausing,
    Ended,
}

impl Processes {
    /// Ends whatever an earlier run left behind. Returns the names of what was still running.
    pub async fn open(
        layout: &Layout,
        _lock: &DataLock,
        progress: &Progress,
    ) -> Result<(Self, Vec<String>), Error> {
        let path = layout.run().join("processes.json");
        let ended = leftovers::end(layout, &path).await?;
        let inner = Inner {
            book: Book::new(path)?,
            progress: progress.clone(),
            kept: Mutex::default(),
            held: Mutex::default(),
        };
        Ok((Self(Arc::new(inner)), ended))
    }

    /// Keeps this program running from now on. One that is kept already stays as it is.
    pub fn start(&self, program: Program) {
        let mut kept = self
            .0
            .kept
            .lock()
            .expect("nothing panics while it holds the map");
        if kept.contains_key(&program.name) {
            return;
        }
        rotate(&program.log);
        let (states, state) = watch::channel(State {
            phase: Phase::Starting,
            pid: None,
            restarts: 0,
            failed_starts: 0,
            since: Instant::now(),
            last_end: None,
        });
        let stop = CancellationToken::new();
        let name = program.name.clone();
        let task = tokio::spawn(keep::keep(
            program.clone(),
            states,
            stop.clone(),
            Arc::clone(&self.0),
        ));
        kept.insert(
            name,
            Kept {
                program,
                state,
                stop,
                task,
            },
        );
    }

    /// Waits until the program is ready; gives up early when it keeps ending.
    pub async fn wait_ready(&self, program: &Program, within: Duration) -> Result<(), Error> {
        let Some(mut state) = self.watch(&program.name) else {
            return Err(failed(program, "it was stopped"));
        };
        let settled = |state: &State| {
            matches!(state.phase, Phase::Ready | Phase::Ended)
                || state.failed_starts >= FAILED_STARTS
        };
        let outcome = match tokio::time::timeout(within, state.wait_for(settled)).await {
            Err(_) => {
                return Err(Error::NotReady {
                    name: program.name.clone(),
                    seconds: within.as_secs(),
                    log: program.log.clone(),
                    tail: tail(&program.log),
                });
            }
            Ok(Ok(state)) => state.clone(),
            Ok(Err(_)) => return Err(failed(program, "it was stopped")),
        };
        match outcome.phase {
            Phase::Ready => Ok(()),
            _ => Err(failed(
                program,
                outcome.last_end.as_deref().unwrap_or("it was stopped"),
            )),
        }
    }

    /// Runs a program to its end; anything but success is an error with the end of its log.
    pub async fn run_once(&self, program: &Program) -> Result<(), Error> {
        rotate(&program.log);
        let end = keep::run_once(program, &self.0.book).await?;
        if end.success() {
            return Ok(());
        }
        Err(failed(program, &end.to_string()))
    }

    /// Ends one program and forgets it. Returns once it is gone.
    pub async fn stop(&self, name: &str) {
        self.held().remove(name);
        let kept = self
            .0
            .kept
            .lock()
            .expect("nothing panics while it holds the map")
            .remove(name);
        if let Some(kept) = kept {
            kept.stop.cancel();
            // The task ends by itself once the process has.
            let _ = kept.task.await;
        }
    }

    /// Ends a program and keeps it from being started again until it is released. `false` when
    /// there is none of this name.
    pub async fn hold(&self, name: &str) -> bool {
        let program = {
            let kept = self
                .0
                .kept
                .lock()
                .expect("nothing panics while it holds the map");
            kept.get(name).map(|kept| kept.program.clone())
        };
        let Some(program) = program else {
            return false;
        };
        self.stop(name).await;
        self.held().insert(name.to_owned(), program);
        true
    }

    /// Starts a held program as it was.
    pub fn release(&self, name: &str) -> bool {
        let program = self.held().remove(name);
        program.map(|program| self.start(program)).is_some()
    }

    pub fn held_names(&self) -> Vec<String> {
        self.held().keys().cloned().collect()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Program>> {
        self.0
            .held
            .lock()
            .expect("nothing panics while it holds the map")
    }

    /// Ends several at once.
    pub async fn stop_all<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        futures::future::join_all(names.into_iter().map(|name| self.stop(name))).await;
    }

    pub fn names(&self) -> Vec<String> {
        let kept = self
            .0
            .kept
            .lock()
            .expect("nothing panics while it holds the map");
        kept.keys().cloned().collect()
    }

    pub fn state(&self, name: &str) -> Option<State> {
        self.watch(name).map(|state| state.borrow().clone())
    }

    fn watch(&self, name: &str) -> Option<watch::Receiver<State>> {
        let kept = self
            .0
            .kept
            .lock()
            .expect("nothing panics while it holds the map");
        kept.get(name).map(|kept| kept.state.clone())
    }
}

fn failed(program: &Program, end: &str) -> Error {
    Error::Failed {
        name: program.name.clone(),
        end: end.to_owned(),
        log: program.log.clone(),
        tail: tail(&program.log),
    }
}

/// The last lines of a log, each on a line of its own, for an error message.
fn tail(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..]
        .iter()
        .map(|line| format!("\n  | {line}"))
        .collect()
}

/// A log that has grown too long makes room for a new one; one older log is kept.
pub(crate) fn rotate(log: &Path) {
    let long = std::fs::metadata(log).is_ok_and(|found| found.len() > LOG_LIMIT_BYTES);
    if long && let Err(err) = std::fs::rename(log, log.with_extension("log.1")) {
        tracing::warn!(error = %err, log = %log.display(), "a log could not be rotated");
    }
}

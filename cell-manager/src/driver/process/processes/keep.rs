//! The life of one kept process: start, watch, pause, start again.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::process::Child;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::super::identity::ProcessIdentity;
use super::super::program::{Answer, Probe, Program};
use super::book::Book;
use super::{Error, Inner, Phase, State, end};

const STARTING_POLL: Duration = Duration::from_millis(30);
const HTTP_POLL: Duration = Duration::from_secs(2);
const STORE_POLL: Duration = Duration::from_secs(5);
/// A process that says nothing for so long is ended and started again.
const SILENCE: Duration = Duration::from_secs(30);
/// After so long without an end, the next one counts as the first again.
const STEADY: Duration = Duration::from_secs(30);
const FIRST_PAUSE_MS: u64 = 200;
const LONGEST_PAUSE_MS: u64 = 10_000;

pub(super) async fn keep(
    program: Program,
    states: watch::Sender<State>,
    stop: CancellationToken,
    inner: Arc<Inner>,
) {
    let mut ends: u32 = 0;
    while !stop.is_cancelled() {
        let started = Instant::now();
        let how = match spawn(&program, &inner.book, false) {
            Ok(mut child) => live(&program, &mut child, &states, &stop, &inner.book).await,
            Err(err) => err.to_string(),
        };
        if stop.is_cancelled() {
            break;
        }
        inner
            .progress
            .note(format!("{}: {how}; it is started again", program.name));
        ends = if started.elapsed() > STEADY {
            1
        } else {
            ends + 1
        };
        states.send_modify(|state| {
            if state.phase == Phase::Starting {
                state.failed_starts += 1;
            }
            state.phase = Phase::Pausing;
            state.pid = None;
            state.restarts += 1;
            state.last_end = Some(how);
        });
        tokio::select! {
            () = tokio::time::sleep(pause(ends)) => {}
            () = stop.cancelled() => {}
        }
    }
    states.send_modify(|state| {
        state.phase = Phase::Ended;
        state.pid = None;
    });
}

/// Doubles from one end to the next, up to a cap, never in step with its neighbours.
fn pause(ends: u32) -> Duration {
    let full = (FIRST_PAUSE_MS << ends.saturating_sub(1).min(8)).min(LONGEST_PAUSE_MS);
    Duration::from_millis(rand::random_range(full / 2..=full))
}

/// `fleeting`: nobody will end it when we stop caring, so it ends with our interest.
fn spawn(program: &Program, book: &Book, fleeting: bool) -> Result<Child, Error> {
    let mut command = program.command()?;
    let child = command.kill_on_drop(fleeting).spawn();
    let child = child.map_err(|source| Error::Spawn {
        program: program.path.clone(),
        source,
    })?;
    if let Some(process) = child.id().and_then(ProcessIdentity::of) {
        book.add(&program.name, process, program.stop);
    }
    Ok(child)
}

/// From start to end; returns how it ended.
async fn live(
    program: &Program,
    child: &mut Child,
    states: &watch::Sender<State>,
    stop: &CancellationToken,
    book: &Book,
) -> String {
    let pid = child.id();
    states.send_modify(|state| {
        state.phase = Phase::Starting;
        state.pid = pid;
        state.since = Instant::now();
    });
    let process = pid.and_then(ProcessIdentity::of);
    let how = tokio::select! {
        status = child.wait() => describe(status),
        () = watch_health(&program.probe, process.as_ref(), states) => {
            if let Some(process) = &process {
                process.signal_group(Signal::KILL);
            }
            let _ = child.wait().await;
            format!("it did not answer for {} s and was ended", SILENCE.as_secs())
        }
        () = stop.cancelled() => {
            if let Some(process) = &process {
                end::end(process, program.stop).await;
            }
            describe(child.wait().await)
        }
    };
    if let Some(pid) = pid {
        book.remove(pid);
    }
    how
}

/// Keeps the phase up to date; returns when the process has been silent for too long.
async fn watch_health(
    probe: &Probe,
    process: Option<&ProcessIdentity>,
    states: &watch::Sender<State>,
) {
    let mut heard = Instant::now();
    loop {
        let answer = probe.ask().await;
        if answer != Answer::Silent || process.is_some_and(ProcessIdentity::is_stopped) {
            heard = Instant::now();
        } else if heard.elapsed() > SILENCE {
            return;
        }
        states.send_if_modified(|state| {
            let phase = match (answer, state.phase) {
                (Answer::Ready, _) => Phase::Ready,
                (_, Phase::Starting) => Phase::Starting,
                _ => Phase::NotReady,
            };
            let changed = phase != state.phase;
            state.phase = phase;
            if phase == Phase::Ready {
                state.failed_starts = 0;
            }
            changed
        });
        let starting = states.borrow().phase == Phase::Starting;
        let poll = match probe {
            _ if starting => STARTING_POLL,
            Probe::Http(_) => HTTP_POLL,
            Probe::Postgres(_) | Probe::Redis(_) => STORE_POLL,
        };
        tokio::time::sleep(poll).await;
    }
}

pub(super) async fn run_once(program: &Program, book: &Book) -> Result<ExitStatus, Error> {
    let mut child = spawn(program, book, true)?;
    let pid = child.id();
    let status = child.wait().await;
    if let Some(pid) = pid {
        book.remove(pid);
    }
    status.map_err(|source| Error::Spawn {
        program: program.path.clone(),
        source,
    })
}

fn describe(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => format!("it ended with {status}"),
        Err(err) => format!("it was lost sight of: {err}"),
    }
}

#[cfg(test)]
mod tests {
    //! Pauses grow, have a cap and differ.

    use super::{LONGEST_PAUSE_MS, pause};

    #[test]
    fn pauses_grow_up_to_the_cap() {
        for _ in 0..100 {
            assert!(pause(1).as_millis() <= 200);
            assert!(pause(4).as_millis() >= 800);
            assert!(pause(50).as_millis() <= u128::from(LONGEST_PAUSE_MS));
            assert!(pause(50).as_millis() >= u128::from(LONGEST_PAUSE_MS / 2));
        }
    }
}

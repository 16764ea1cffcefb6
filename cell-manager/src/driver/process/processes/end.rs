//! Ends a process: politely, then firmly, then for good.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::super::identity::ProcessIdentity;
use super::super::program::StopBy;

const POLL: Duration = Duration::from_millis(10);

type Rung = (Signal, Duration);

const TERMINATE: [Rung; 1] = [(Signal::TERM, Duration::from_secs(6))];
/// SIGQUIT stops Postgres without a checkpoint: it recovers at the next start.
const FAST_SHUTDOWN: [Rung; 2] = [
    (Signal::INT, Duration::from_secs(15)),
    (Signal::QUIT, Duration::from_secs(5)),
];

/// Which signals, and how long each may take. The kill that follows takes the whole group.
fn ladder(stop: StopBy) -> &'static [Rung] {
    match stop {
        StopBy::Terminate => &TERMINATE,
        StopBy::FastShutdown => &FAST_SHUTDOWN,
    }
}

/// Returns whether the process is gone. The caller collects it if it is a child.
pub(super) async fn end(process: &ProcessIdentity, stop: StopBy) -> bool {
    for (signal, patience) in ladder(stop) {
        process.signal(*signal);
        if gone(process, *patience).await {
            return true;
        }
    }
    process.signal_group(Signal::KILL);
    process.signal(Signal::KILL);
    gone(process, Duration::from_secs(5)).await
}

async fn gone(process: &ProcessIdentity, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while process.is_running() {
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(POLL).await;
    }
    true
}

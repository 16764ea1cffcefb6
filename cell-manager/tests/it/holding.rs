//! A held process stays down until it is released; a killed one does not.

use cell_manager::driver::process::identity::ProcessIdentity;
use cell_manager::driver::process::processes::Phase;
use cell_manager::driver::process::secrets::Secret;
use rustix::process::Signal;

use crate::support::{Bench, Folder, eventually};

const REDIS: &str = "test/redis";

#[tokio::test]
async fn a_held_process_comes_back_when_it_is_released() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    bench.start_redis(&Secret::random()).await;
    let first = ProcessIdentity::of(bench.pid(REDIS)).unwrap();

    assert!(!bench.processes.hold("test/nothing").await);
    assert!(bench.processes.hold(REDIS).await);
    assert!(!first.is_running());
    assert!(bench.processes.state(REDIS).is_none());
    assert_eq!(bench.processes.held_names(), [REDIS]);

    assert!(bench.processes.release(REDIS));
    assert!(!bench.processes.release(REDIS));
    eventually("it is ready again", async || is_ready(&bench)).await;
    bench.close().await;
}

#[tokio::test]
async fn a_killed_process_is_started_again_and_counted() {
    let folder = Folder::new();
    let bench = Bench::open(&folder).await;
    bench.start_redis(&Secret::random()).await;
    for restarts in 1..=2 {
        let pid = bench.pid(REDIS);
        ProcessIdentity::of(pid).unwrap().signal(Signal::KILL);
        eventually("it is ready again", async || {
            let state = bench.processes.state(REDIS).unwrap();
            state.restarts == restarts && is_ready(&bench)
        })
        .await;
        assert_ne!(bench.pid(REDIS), pid);
    }
    let state = bench.processes.state(REDIS).unwrap();
    assert!(state.last_end.unwrap().contains("SIGKILL"));
    bench.close().await;
}

fn is_ready(bench: &Bench) -> bool {
    let state = bench.processes.state(REDIS);
    state.is_some_and(|state| state.phase == Phase::Ready)
}

//! What a killed supervisor leaves is ended by the next, and nothing else is.

use std::process::{Command, Stdio};

use cell_manager::driver::process::identity::ProcessIdentity;
use cell_manager::driver::process::lock::DataLock;
use cell_manager::driver::process::secrets::Secret;
use tokio::runtime::Runtime;

use crate::support::{Bench, Folder};

/// Opens the folder, starts both stores and vanishes without stopping them.
fn crash(folder: &Folder) -> [ProcessIdentity; 2] {
    let runtime = Runtime::new().unwrap();
    let processes = runtime.block_on(async {
        let bench = Bench::open(folder).await;
        let password = Secret::random();
        let cluster = bench.cluster(&password);
        bench.start_cluster(&cluster).await;
        bench.start_redis(&password).await;
        ["test/postgres", "test/redis"].map(|name| ProcessIdentity::of(bench.pid(name)).unwrap())
    });
    runtime.shutdown_background();
    processes
}

fn open_and_close(folder: &Folder) -> Vec<String> {
    Runtime::new().unwrap().block_on(async {
        let bench = Bench::open(folder).await;
        let ended = bench.ended.clone();
        bench.close().await;
        ended
    })
}

#[test]
fn the_next_run_ends_what_a_killed_one_left() {
    let folder = Folder::new();
    let orphans = crash(&folder);
    assert!(orphans.iter().all(ProcessIdentity::is_running));
    assert_eq!(open_and_close(&folder).len(), 2);
    assert!(!orphans.iter().any(ProcessIdentity::is_running));
    assert!(open_and_close(&folder).is_empty());
}

#[test]
fn orphans_that_were_never_written_down_are_found_too() {
    let folder = Folder::new();
    let orphans = crash(&folder);
    std::fs::remove_file(folder.data().join("run/processes.json")).unwrap();
    open_and_close(&folder);
    assert!(!orphans.iter().any(ProcessIdentity::is_running));
}

#[test]
fn a_pid_that_belongs_to_somebody_else_by_now_is_left_alone() {
    let folder = Folder::new();
    let mut bystander = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let layout = folder.layout();
    let book = format!(
        r#"[{{"name":"cell-1/serve","process":{{"pid":{},"started":"before"}},"stop":"terminate"}}]"#,
        bystander.id()
    );
    std::fs::write(layout.run().join("processes.json"), book).unwrap();
    assert!(open_and_close(&folder).is_empty());
    assert!(bystander.try_wait().unwrap().is_none());
    bystander.kill().unwrap();
    bystander.wait().unwrap();
}

#[test]
fn a_damaged_list_of_processes_is_named_with_what_to_do() {
    let folder = Folder::new();
    let layout = folder.layout();
    std::fs::write(layout.run().join("processes.json"), "[{").unwrap();
    let lock = DataLock::take(folder.data()).unwrap();
    let progress = cell_manager::driver::Progress::silent();
    let opening =
        cell_manager::driver::process::processes::Processes::open(&layout, &lock, &progress);
    let error = Runtime::new().unwrap().block_on(opening).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("processes.json is damaged"), "{text}");
    assert!(text.contains("delete it and start again"), "{text}");
}

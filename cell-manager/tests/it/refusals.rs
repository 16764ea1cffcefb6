//! Every reason not to start has its own sentence and says what to do.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};

use cell_manager::driver::process::lock::DataLock;
use cell_manager::driver::process::privileges::running_as_root;
use cell_manager::driver::process::{files, ports};

use crate::support::Folder;

const NOBODY: u32 = 65_534;

/// `cellctl local` with all its programs in place; it must fail before it starts any of them.
fn local(folder: &Folder, data: &Path) -> Command {
    let bin = folder.beside("bin");
    files::ensure_folder(&bin, 0o755).unwrap();
    for name in ["global-control", "router", "cell", "dv360-simulator"] {
        std::fs::write(bin.join(name), "").unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cellctl"));
    command.arg("local").arg("--data").arg(data);
    command.arg("--bin-dir").arg(bin);
    command
}

fn refusal(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

#[track_caller]
fn check(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}

#[test]
fn a_busy_port_names_who_holds_it() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let text = refusal(local(&folder, folder.data()).args(["--port", &port.to_string()]));
    let pid = format!("pid {}", std::process::id());
    check(
        &text,
        &[&format!("port {port} is in use by"), &pid, "--port"],
    );
}

#[test]
fn a_second_platform_on_one_folder_is_refused() {
    let folder = Folder::new();
    folder.layout();
    let _lock = DataLock::take(folder.data()).unwrap();
    let text = refusal(&mut local(&folder, folder.data()));
    check(
        &text,
        &[&format!("pid {}", std::process::id()), "local-down"],
    );
}

#[test]
fn a_folder_that_may_not_be_written_is_refused() {
    let folder = Folder::with_mode(0o755);
    let data = folder.beside("closed");
    files::ensure_folder(&data, 0o755).unwrap();
    let mut command = local(&folder, &data);
    if running_as_root() {
        // Root may write anywhere, so somebody else tries, with a program he can reach.
        let program = folder.beside("cellctl");
        std::fs::copy(env!("CARGO_BIN_EXE_cellctl"), &program).unwrap();
        let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        command = Command::new(program);
        command
            .args(arguments)
            .uid(NOBODY)
            .gid(NOBODY)
            .current_dir("/");
    } else {
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o555)).unwrap();
    }
    check(&refusal(&mut command), &["is not writable", "--data"]);
}

#[test]
fn missing_tools_are_named_with_how_to_get_them() {
    let folder = Folder::new();
    let nothing = folder.beside("nothing");
    let text = refusal(
        local(&folder, folder.data())
            .arg("--redis-server")
            .arg(&nothing),
    );
    check(
        &text,
        &["redis-server", "apt-get install", "--redis-server"],
    );
    let text = refusal(
        local(&folder, folder.data())
            .arg("--pg-bin-dir")
            .arg(&nothing),
    );
    check(&text, &["has no postgres", "--pg-bin-dir"]);
    let mut command = local(&folder, folder.data());
    std::fs::remove_file(folder.beside("bin/router")).unwrap();
    check(
        &refusal(&mut command),
        &["bin/router is missing", "cargo build", "--bin-dir"],
    );
}

#[test]
fn damaged_files_are_named_with_what_to_do() {
    let folder = Folder::new();
    let layout = folder.layout();
    std::fs::write(layout.run().join("state.json"), "{\"ports\":").unwrap();
    let port = free_port();
    let text = refusal(local(&folder, folder.data()).args(["--port", &port]));
    check(
        &text,
        &["state.json is damaged", "delete it and start again"],
    );
    let marker = folder.data().join("cellplane.json");
    let good = std::fs::read(&marker).unwrap();
    std::fs::write(&marker, "").unwrap();
    let text = refusal(local(&folder, folder.data()).args(["--port", &port]));
    check(&text, &["cellplane.json is damaged", "--fresh"]);
    std::fs::write(&marker, good).unwrap();
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let folder = Folder::new();
    let long = (0..5).fold(folder.data().to_path_buf(), |path, _| {
        path.join("x".repeat(200))
    });
    check(
        &refusal(&mut local(&folder, &long)),
        &["too long a path", "--data"],
    );
}

#[test]
fn a_folder_that_holds_other_things_is_not_taken_over() {
    let folder = Folder::new();
    let data = folder.beside("home");
    files::ensure_folder(&data, 0o711).unwrap();
    std::fs::write(data.join("thesis.tex"), "years of work").unwrap();
    for more in [[].as_slice(), &["--detach"]] {
        let text = refusal(local(&folder, &data).args(more));
        check(&text, &["not one of our data folders", "--data"]);
    }
    let entries = std::fs::read_dir(&data).unwrap().count();
    assert_eq!(entries, 1, "nothing was written");
}

#[test]
fn deleting_the_data_leaves_what_is_not_ours() {
    let folder = Folder::new();
    let down = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cellctl"));
        command.args(["local-down", "--delete-data", "--data"]);
        let output = command.arg(folder.data()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    folder.layout();
    let thesis = folder.data().join("thesis.tex");
    std::fs::write(&thesis, "years of work").unwrap();
    check(&down(), &["holds something else and stays"]);
    assert_eq!(std::fs::read(&thesis).unwrap(), b"years of work");
    assert_eq!(std::fs::read_dir(folder.data()).unwrap().count(), 1);

    std::fs::remove_file(&thesis).unwrap();
    folder.layout();
    check(&down(), &["all data in", "is deleted"]);
    assert!(!folder.data().exists());
}

#[test]
fn fresh_leaves_the_folder_of_somebody_else_alone() {
    let folder = Folder::new();
    let data = folder.beside("home");
    files::ensure_folder(&data, 0o711).unwrap();
    std::fs::write(data.join("thesis.tex"), "years of work").unwrap();
    check(
        &refusal(local(&folder, &data).arg("--fresh")),
        &["not one of our data folders"],
    );
    assert!(data.join("thesis.tex").is_file());
}

#[test]
fn commands_for_a_platform_that_does_not_run_say_how_to_start_one() {
    let folder = Folder::new();
    for arguments in [
        ["local-status"].as_slice(),
        &["local-down"],
        &["cells", "list"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cellctl"));
        let output = command
            .args(arguments)
            .arg("--data")
            .arg(folder.data())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        check(&text, &["no platform runs on", "cellctl local --data"]);
    }
}

fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    ports::public(port).unwrap();
    port.to_string()
}

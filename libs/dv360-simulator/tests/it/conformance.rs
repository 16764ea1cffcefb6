//! Google's own Python client, with its own discovery documents, drives the simulator.
//!
//! The virtual environment is kept beside the build, so only the first run installs anything. The
//! validator is tested first: one that finds nothing would prove nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dv360_simulator::{Simulator, SimulatorConfig};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn run(command: &mut Command) -> Output {
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().unwrap();
    let shown = || {
        format!(
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    assert!(output.status.success(), "{command:?} failed:\n{}", shown());
    output
}

/// The Python of an environment with exactly the pinned requirements.
fn python() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dv360-conformance");
    let (python, installed) = (home.join("bin/python"), home.join("installed.txt"));
    let wanted = std::fs::read_to_string(folder().join("requirements.txt")).unwrap();
    if std::fs::read_to_string(&installed).is_ok_and(|found| found == wanted) {
        return python;
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&home));
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    run(Command::new(&python)
        .args(pip)
        .arg(folder().join("requirements.txt")));
    std::fs::write(installed, wanted).unwrap();
    python
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_accepts_every_method() {
    let config = SimulatorConfig {
        report_delay_ms: 200,
        advertisers: Some(3),
        today: Some("2026-07-20".parse().unwrap()),
        ..SimulatorConfig::for_tests()
    };
    let running = Simulator::start(config).await.unwrap();
    let base_url = running.base_url.clone();
    let driving = tokio::task::spawn_blocking(move || {
        let tests = ["-m", "unittest", "--quiet", "schema_test"];
        run(Command::new(python()).current_dir(folder()).args(tests));
        run(Command::new(python())
            .arg(folder().join("run.py"))
            .arg(base_url))
    });
    let said = String::from_utf8(driving.await.unwrap().stdout).unwrap();
    println!("{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("drove 17 methods"), "{last}");
    running.stop().await.unwrap();
}

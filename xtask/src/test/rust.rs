//! The Rust tests: nextest where it is installed, `cargo test` where it is not.

use std::process::Command;

use anyhow::Result;

use super::counts::{self, Counts};
use crate::build;
use crate::config::Config;
use crate::db::TestCluster;
use crate::steps;

/// Tests that start a whole platform live in a module of this name.
const PLATFORM_TESTS: &str = "test(/(^|::)platform::/)";

pub(super) fn run(config: &Config, fast: bool, filter: Option<&str>) -> Result<Counts> {
    let cluster = TestCluster::start(config)?;
    let nextest = config.which("cargo-nextest").is_some();
    let mut command = if nextest {
        with_nextest(config, fast, filter)
    } else {
        eprintln!("  cargo-nextest is not installed; using cargo test");
        with_cargo_test(config, fast, filter)
    };
    command.env("TEST_POSTGRES_URL", cluster.url());
    let finished = steps::stream("running the Rust tests", &mut command);
    cluster.stop()?;
    let finished = finished?;
    let counts = if nextest {
        counts::nextest(&finished.output)
    } else {
        counts::cargo_test(&finished.output)
    };
    Ok(counts.judged(finished.status.success()))
}

pub(super) fn update_snapshots(config: &Config) -> Result<()> {
    let cluster = TestCluster::start(config)?;
    let mut command = with_cargo_test(config, true, None);
    command
        .env("UPDATE_EXPECT", "1")
        .env("TEST_POSTGRES_URL", cluster.url());
    let updated = steps::run("updating snapshots", &mut command);
    cluster.stop()?;
    updated.map(|_| ())
}

fn with_nextest(config: &Config, fast: bool, filter: Option<&str>) -> Command {
    let mut command = build::cargo(config, &["nextest", "run", "--workspace", "--locked"]);
    command.args(["--no-fail-fast", "--no-tests", "pass"]);
    command.args(["--status-level", "slow", "--final-status-level", "fail"]);
    command.args(["--cargo-quiet", "--failure-output", "immediate"]);
    if fast {
        command.args(["--filterset", &format!("not ({PLATFORM_TESTS})")]);
    }
    command.args(filter);
    command
}

fn with_cargo_test(config: &Config, fast: bool, filter: Option<&str>) -> Command {
    let mut command = build::cargo(
        config,
        &[
            "test",
            "--workspace",
            "--locked",
            "--quiet",
            "--no-fail-fast",
        ],
    );
    command.arg("--").args(filter);
    if fast {
        command.args(["--skip", "platform::"]);
    }
    command
}

//! Builds the service binaries, and says where they are.
//!
//! SQL is checked against the developer database while that runs, and otherwise against the
//! checked-in `.sqlx`, so that a build never fails because a database is asleep.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::db::{self, Database};
use crate::steps;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub(crate) fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }
}

/// `cargo` with the rule for checked SQL applied.
pub(crate) fn cargo(config: &Config, arguments: &[&str]) -> Command {
    let mut command = config.cargo();
    command.args(arguments);
    if !Database::ALL
        .iter()
        .any(|database| db::is_live(config, *database))
    {
        command.env("SQLX_OFFLINE", "true");
    }
    command
}

/// Builds the default members. Returns the folder of the binaries.
pub(crate) fn services(config: &Config, profile: Profile) -> Result<PathBuf> {
    build(config, "building the services", profile, &[])
}

/// Builds one crate. Returns the folder of the binaries.
pub(crate) fn package(config: &Config, name: &str, profile: Profile) -> Result<PathBuf> {
    build(
        config,
        &format!("building {name}"),
        profile,
        &["--package", name],
    )
}

fn build(config: &Config, title: &str, profile: Profile, arguments: &[&str]) -> Result<PathBuf> {
    let mut command = cargo(config, &["build", "--locked", "--bins"]);
    command.args(arguments);
    if profile == Profile::Release {
        command.arg("--release");
    }
    steps::run(title, &mut command)?;
    let folder = if profile == Profile::Release {
        "release"
    } else {
        "debug"
    };
    Ok(target_folder(config)?.join(folder))
}

/// The target folder in force, whoever set it.
pub(crate) fn target_folder(config: &Config) -> Result<PathBuf> {
    let metadata = metadata(config, &["--no-deps"])?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("read the target folder")?;
    Ok(folder.into())
}

/// `cargo metadata`, as JSON.
pub(crate) fn metadata(config: &Config, arguments: &[&str]) -> Result<serde_json::Value> {
    let mut command = config.cargo();
    command
        .args(["metadata", "--format-version=1", "--locked"])
        .args(arguments);
    let output = command.output().context("start cargo metadata")?;
    if !output.status.success() {
        steps::print_tail(&String::from_utf8_lossy(&output.stderr));
        anyhow::bail!("read cargo metadata");
    }
    serde_json::from_slice(&output.stdout).context("read cargo metadata")
}

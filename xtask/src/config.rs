//! The environment and the places of one checkout, read once.
//! Every other file gets its settings from here.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

pub(crate) struct Config {
    /// Root of the checkout.
    pub(crate) root: PathBuf,
    /// `CELLPLANE_NO_INSTALL=1`: name missing tools, never install them.
    pub(crate) no_install: bool,
    /// Folders of `PATH`, in order.
    pub(crate) path: Vec<PathBuf>,
    /// Where a set-up script of nextest leaves variables for the tests.
    pub(crate) nextest_env: Option<PathBuf>,
    cargo: PathBuf,
}

impl Config {
    pub(crate) fn load() -> Result<Self> {
        let here = env::current_dir().context("find the current folder")?;
        let start = env::var_os("CARGO_MANIFEST_DIR").map_or(here, PathBuf::from);
        let root = start
            .ancestors()
            .find(|dir| dir.join("xtask/Cargo.toml").is_file())
            .context("find the root of the checkout")?
            .to_path_buf();
        Ok(Self {
            root,
            no_install: env::var_os("CELLPLANE_NO_INSTALL").is_some_and(|value| value == "1"),
            path: env::var_os("PATH")
                .map(|path| env::split_paths(&path).collect())
                .unwrap_or_default(),
            nextest_env: env::var_os("NEXTEST_ENV").map(PathBuf::from),
            cargo: env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from),
        })
    }

    /// A command that runs at the root of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root);
        command
    }

    /// `cargo`, the one that started us, without what it set for us alone.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command(&self.cargo);
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// First executable of this name on `PATH`.
    pub(crate) fn which(&self, name: &str) -> Option<PathBuf> {
        self.path
            .iter()
            .map(|dir| dir.join(name))
            .find(|file| file.is_file())
    }
}

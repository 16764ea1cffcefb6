//! The UI's own tools: packages installed when the lock file changed, the bundle built when
//! a source file is newer than it.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::account::fnv1a;
use crate::config::Config;
use crate::steps;

/// Folders that no bundle is made from.
const NOT_SOURCE: [&str; 7] = [
    "node_modules",
    "dist",
    "e2e",
    "mocks",
    "test-results",
    "playwright-report",
    ".vite",
];

pub(crate) struct Ui {
    folder: PathBuf,
}

impl Ui {
    /// `None` while there is no UI in the checkout.
    pub(crate) fn find(config: &Config) -> Option<Self> {
        let folder = config.root.join("ui");
        folder
            .join("package.json")
            .is_file()
            .then_some(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// `npm ci`, but only when the lock file is not the one installed last.
    pub(crate) fn install(&self) -> Result<()> {
        let lock =
            fs::read(self.folder.join("package-lock.json")).context("read ui/package-lock.json")?;
        let wanted = format!("{:016x}", fnv1a(&lock));
        let mark = self.folder.join("node_modules/.installed-lock");
        if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        if !self.installed_by_hand() {
            // What was fetched once need not be fetched again; the lock pins what it must be.
            let mut npm = self.npm(&["ci", "--prefer-offline", "--no-audit", "--no-fund"]);
            npm.arg("--loglevel=error");
            steps::run("installing the UI's packages", &mut npm)?;
        }
        fs::write(&mark, wanted).context("note which lock file is installed")
    }

    /// Builds the bundle if a source file is newer. Returns its folder.
    pub(crate) fn build(&self) -> Result<PathBuf> {
        let bundle = self.folder.join("dist");
        // Written last: a build that failed half-way is not taken for a bundle.
        let mark = self.folder.join("node_modules/.bundle-built");
        let built = modified(&mark).filter(|_| bundle.join("index.html").is_file());
        if built.is_none_or(|built| self.newest_source() > built) {
            self.install()?;
            self.script("building the UI", "build", &[])?;
            fs::write(&mark, "").context("note that the bundle is built")?;
        }
        Ok(bundle)
    }

    /// Runs a script of package.json.
    pub(crate) fn script(&self, title: &str, name: &str, arguments: &[&str]) -> Result<String> {
        steps::run(title, &mut self.script_command(name, arguments))
    }

    pub(crate) fn script_command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = self.npm(&["run", "--silent", name, "--"]);
        command.args(arguments);
        command
    }

    fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(&self.folder);
        if !std::io::stderr().is_terminal() {
            command.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
        }
        // The browser comes from the system.
        command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        command
    }

    /// Whether somebody ran npm after the lock file last changed.
    fn installed_by_hand(&self) -> bool {
        let installed = modified(&self.folder.join("node_modules/.package-lock.json"));
        installed >= modified(&self.folder.join("package-lock.json")) && installed.is_some()
    }

    fn newest_source(&self) -> SystemTime {
        WalkDir::new(&self.folder)
            .into_iter()
            .filter_entry(|entry| {
                entry.depth() != 1 || !NOT_SOURCE.iter().any(|name| entry.file_name() == *name)
            })
            .filter_map(|entry| modified(entry.ok()?.path()))
            .max()
            .unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    let found = fs::metadata(path).ok()?;
    found.is_file().then(|| found.modified().ok())?
}

//! The browser tests: Playwright, in the system's Chromium, against a platform of their own
//! on a free port and in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::counts::{self, Counts};
use crate::config::Config;
use crate::postgres::free_port;
use crate::steps;
use crate::ui::Ui;
use crate::up::Parts;

const READY_WITHIN: Duration = Duration::from_secs(90);
const ASK_EVERY: Duration = Duration::from_millis(200);

/// Whether a browser test could match; a platform is too dear to start for none.
pub(super) fn has_tests(ui: &Ui, filter: Option<&str>) -> bool {
    let files = WalkDir::new(ui.folder().join("e2e"))
        .into_iter()
        .filter_map(Result::ok);
    let mut texts = files
        .filter(|entry| entry.file_name().to_string_lossy().contains(".spec."))
        .filter_map(|entry| fs::read_to_string(entry.path()).ok());
    texts.any(|text| filter.is_none_or(|filter| text.contains(filter)))
}

pub(super) fn run(
    config: &Config,
    ui: &Ui,
    parts: &Parts,
    chromium: &Path,
    filter: Option<&str>,
) -> Result<Counts> {
    let platform = steps::timed("starting a platform for the browser", || {
        Platform::start(config, parts)
    })?;
    let report = ui.folder().join("test-results/playwright.json");
    fs::remove_file(&report).ok();
    let mut arguments = vec!["--reporter=line,json", "--pass-with-no-tests"];
    if let Some(filter) = filter {
        arguments.extend(["--grep", filter]);
    }
    let mut command = ui.script_command("e2e", &arguments);
    command.env(
        "E2E_APP_URL",
        format!("http://app.localhost:{}", platform.port),
    );
    command.env("E2E_CHROMIUM", chromium);
    command.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let finished = steps::observe("running the browser tests", &mut command)?;
    if !finished.status.success() {
        steps::print_tail(&finished.output);
        platform.print_log();
    }
    platform.stop()?;
    let counts = match fs::read_to_string(&report) {
        Ok(text) => {
            counts::playwright(&serde_json::from_str(&text).context("read Playwright's report")?)
        }
        Err(_) => Counts::default(),
    };
    Ok(counts.judged(finished.status.success()))
}

/// Runs as our child, in our process group, so that Ctrl-C reaches it too.
struct Platform {
    cellctl: PathBuf,
    /// The log, and the data folder, which must hold nothing but the platform's own.
    folder: PathBuf,
    port: u16,
    ended: mpsc::Receiver<String>,
}

impl Platform {
    fn start(config: &Config, parts: &Parts) -> Result<Self> {
        let name = format!("cellplane-browser-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        let port = free_port()?;
        let log = fs::File::create(log_file(&folder)).context("create the platform's log")?;
        let mut command = parts.local(config, &data_folder(&folder), port, 2);
        command
            .args(["--report-delay-ms", "300"])
            .stdin(Stdio::null());
        command
            .stdout(log.try_clone().context("share the log")?)
            .stderr(log);
        let child = command.spawn().context("start cellctl")?;
        let platform = Self {
            cellctl: parts.bin.join("cellctl"),
            folder,
            port,
            ended: watch(child),
        };
        platform
            .wait_ready()
            .inspect_err(|_| platform.print_log())?;
        Ok(platform)
    }

    fn wait_ready(&self) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            match self.ended.recv_timeout(ASK_EVERY) {
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Ok(how) => bail!("start a platform: cellctl ended with {how}"),
                Err(mpsc::RecvTimeoutError::Disconnected) => bail!("start a platform"),
            }
            if self.is_ready() {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!(
                    "start a platform: not ready after {} s",
                    READY_WITHIN.as_secs()
                );
            }
        }
    }

    /// `local-status` succeeds only when every process is ready.
    fn is_ready(&self) -> bool {
        let asked = self.command("local-status").output();
        asked.is_ok_and(|output| output.status.success())
    }

    fn print_log(&self) {
        eprintln!("  the platform said:");
        steps::print_tail(&fs::read_to_string(log_file(&self.folder)).unwrap_or_default());
    }

    fn stop(self) -> Result<()> {
        steps::run("stopping the platform", &mut self.command("local-down"))?;
        self.ended
            .recv_timeout(Duration::from_secs(30))
            .context("wait for the platform to end")?;
        fs::remove_dir_all(&self.folder).context("remove the platform's data")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.cellctl);
        command
            .arg(name)
            .arg("--data")
            .arg(data_folder(&self.folder));
        command
    }
}

impl Drop for Platform {
    /// Reached with a platform still running only when something above failed.
    fn drop(&mut self) {
        if self.folder.is_dir() {
            self.command("local-down").output().ok();
        }
    }
}

fn data_folder(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("supervisor.out")
}

/// Tells when a child has ended, and how.
fn watch(mut child: Child) -> mpsc::Receiver<String> {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let how = child
            .wait()
            .map_or_else(|err| err.to_string(), |status| status.to_string());
        done.send(how)
    });
    ended
}

//! The whole platform on loopback, started by `cellctl local`: the same driver as `cargo x up`.

use std::fs::Permissions;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
pub use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::wait;

/// Longer than this and a platform has not come up.
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// Longer than this and a platform does not stop by itself.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// What to start.
#[derive(Debug, Clone)]
pub struct Options {
    pub cells: u32,
    /// How long the simulator lets a report wait.
    pub report_delay_ms: u64,
    /// How many line items each advertiser of the simulator has; none: as its world has it.
    pub line_items: Option<u32>,
    /// `FAILPOINTS` of every service: where they are to fail or crash.
    pub failpoints: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cells: 1,
            report_delay_ms: 50,
            line_items: None,
            failpoints: "",
        }
    }
}

/// A running platform with a data folder of its own. Dropping it stops everything.
pub struct Platform {
    supervisor: Child,
    folder: TempDir,
    port: u16,
}

impl Platform {
    pub async fn start(options: &Options) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("cellplane-").tempdir()?;
        // Postgres may run as another user, who then has to pass through.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let port = free_port()?;
        let supervisor = spawn(&data_in(&folder), port, options)?;
        let mut platform = Self {
            supervisor,
            folder,
            port,
        };
        platform.wait_ready().await?;
        Ok(platform)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn data(&self) -> PathBuf {
        data_in(&self.folder)
    }

    /// The address of a host of the platform (`app`, or an org's slug).
    pub fn url(&self, host_label: &str) -> String {
        format!("http://{host_label}.localhost:{}", self.port)
    }

    /// A client that resolves every host of the platform to loopback, keeps cookies apart per test
    /// and follows no redirect by itself.
    pub fn client(&self) -> Result<reqwest::Client> {
        client_for(self.port)
    }

    /// `cellctl local-status --json`.
    pub fn status(&self) -> Result<Value> {
        let output = self.cellctl(&["local-status", "--json"])?;
        serde_json::from_str(&output).context("read the status")
    }

    /// Runs `cellctl` against this platform and returns what it printed.
    pub fn cellctl(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(binary("cellctl")?)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .output()
            .context("run cellctl")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("cellctl {arguments:?}: {}: {said}", output.status);
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The process of that name (`cell-1/serve`, `global-control/postgres`), as the status tells it.
    pub fn process(&self, name: &str) -> Result<Value> {
        let status = self.status()?;
        let processes = status["processes"].as_array();
        processes
            .and_then(|all| all.iter().find(|one| one["name"] == name))
            .cloned()
            .with_context(|| format!("no process {name} in {status}"))
    }

    /// Sends SIGKILL to the process of that name; the supervisor will start it again.
    pub fn kill(&self, name: &str) -> Result<()> {
        self.signal(name, Signal::KILL)
    }

    /// Sends a signal to the process of that name. A stopped process stays dead to the world until
    /// it is continued, and the supervisor does not replace it: the way to take something away.
    pub fn signal(&self, name: &str, signal: Signal) -> Result<()> {
        let pid = self.process(name)?["pid"].as_i64();
        let pid = pid.with_context(|| format!("{name} does not run"))?;
        send(i32::try_from(pid)?, signal)
    }

    /// Ends the supervisor as a power cut would; its children are left behind.
    pub fn kill_supervisor(&mut self) -> Result<()> {
        self.supervisor.kill().context("kill the supervisor")?;
        self.supervisor.wait()?;
        Ok(())
    }

    /// Starts again on the same data.
    pub async fn restart(&mut self, options: &Options) -> Result<()> {
        self.stop()?;
        self.supervisor = spawn(&data_in(&self.folder), self.port, options)?;
        self.wait_ready().await
    }

    /// Asks everything to stop and waits for it.
    pub fn stop(&mut self) -> Result<()> {
        if self.supervisor.try_wait()?.is_none() {
            self.cellctl(&["local-down"])?;
            self.supervisor.wait()?;
        }
        Ok(())
    }

    /// The supervisor ends its children on SIGTERM too; killed at once it would leave them behind.
    #[expect(
        clippy::disallowed_methods,
        reason = "a destructor cannot await, and std cannot wait for a child with a deadline"
    )]
    fn terminate(&mut self) {
        let Ok(pid) = i32::try_from(self.supervisor.id()) else {
            return;
        };
        let _ = send(pid, Signal::TERM);
        let started = Instant::now();
        while matches!(self.supervisor.try_wait(), Ok(None)) && started.elapsed() < STOP_TIMEOUT {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    async fn wait_ready(&mut self) -> Result<()> {
        let ready = wait::until("the platform", START_TIMEOUT, async || {
            match self.supervisor.try_wait() {
                Ok(None) => self.status().ok().filter(is_ready).map(|_| Ok(())),
                Ok(Some(status)) => Some(Err(anyhow::anyhow!("cellctl local ended: {status}"))),
                Err(error) => Some(Err(error.into())),
            }
        })
        .await;
        ready.with_context(|| self.log_tail())
    }

    fn log_tail(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("supervisor.out")).unwrap_or_default()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // A test that already failed should not be hidden by a second panic.
        if self.stop().is_err() {
            self.terminate();
        }
        let _ = self.supervisor.kill();
        let _ = self.supervisor.wait();
    }
}

fn is_ready(status: &Value) -> bool {
    status["healthy"] == Value::Bool(true)
}

/// See [`Platform::client`]; for a platform that somebody else started on `port`.
pub fn client_for(port: u16) -> Result<reqwest::Client> {
    // A second call finds the provider already there, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .dns_resolver(std::sync::Arc::new(Loopback(port)))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .context("build the client")
}

/// Every name is this machine.
struct Loopback(u16);

impl reqwest::dns::Resolve for Loopback {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addr = SocketAddr::from(([127, 0, 0, 1], self.0));
        Box::pin(async move { Ok(Box::new(std::iter::once(addr)) as reqwest::dns::Addrs) })
    }
}

/// A folder with nothing else in it: `cellctl` takes no other.
fn data_in(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

fn spawn(data: &Path, port: u16, options: &Options) -> Result<Child> {
    let out = std::fs::File::create(data.with_file_name("supervisor.out"))?;
    let cellctl = binary("cellctl")?;
    let bin_dir = cellctl.parent().context("cellctl lies in a folder")?;
    let mut command = Command::new(&cellctl);
    command
        .arg("local")
        .arg("--data")
        .arg(data)
        .args(["--port", &port.to_string()])
        .args(["--cells", &options.cells.to_string()])
        .args(["--report-delay-ms", &options.report_delay_ms.to_string()]);
    if let Some(count) = options.line_items {
        command.args(["--line-items", &count.to_string()]);
    }
    command
        .arg("--bin-dir")
        .arg(bin_dir)
        .env("FAILPOINTS", options.failpoints)
        .stdin(Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(out)
        .spawn()
        .context("start cellctl local")
}

/// A binary of this workspace, built beforehand by `cargo x test` (or `cargo build`).
pub fn binary(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let profile = test
        .ancestors()
        .find(|folder| folder.join(name).is_file())
        .with_context(|| format!("{name} is not built; run `cargo build` first"))?;
    Ok(profile.join(name))
}

fn send(pid: i32, signal: Signal) -> Result<()> {
    let pid = rustix::process::Pid::from_raw(pid).context("a process id is positive")?;
    rustix::process::kill_process(pid, signal).context("send the signal")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

//! The real parts that syncs are made of, each a process of its own that can be killed at any moment:
//! Postgres, the simulator with its journal, and `cell work`.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::cluster::{Cluster, SUPERUSER, free_port};
use crate::rig::{Calls, Rig};

const START_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Postgres,
    Simulator,
    Worker,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Postgres, Part::Simulator, Part::Worker];

    pub const fn name(self) -> &'static str {
        match self {
            Part::Postgres => "Postgres",
            Part::Simulator => "the simulator",
            Part::Worker => "the worker",
        }
    }

    const fn program(self) -> Option<Program> {
        match self {
            Part::Postgres => None,
            Part::Simulator => Some(Program::Simulator),
            Part::Worker => Some(Program::Worker),
        }
    }
}

/// Those that are ours.
#[derive(Debug, Clone, Copy)]
enum Program {
    Simulator,
    Worker,
}

/// Where everything is and how it is started again.
pub struct Parts {
    postgres: Cluster,
    folder: TempDir,
    /// Of the simulator and of the worker.
    ports: [u16; 2],
    /// Environment of the simulator and of the worker.
    pub simulator: Vec<(String, String)>,
    pub worker: Vec<(String, String)>,
    rig: Rig,
    /// The worker's.
    pub calls: Calls,
    children: [Option<Child>; 2],
}

impl Drop for Parts {
    fn drop(&mut self) {
        for child in self.children.iter_mut().flatten() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Parts {
    /// An empty cluster that is up, with the roles of a cell; nothing else runs yet.
    pub async fn prepare() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("accuracy-").tempdir()?;
        // Postgres runs as another user, who has to pass through.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let rig = Rig::build(folder.path())?;
        let calls = Calls::create(&folder.path().join("calls"))?;
        let parts = Self {
            // Killing a process loses nothing that was written; only a machine that dies does.
            postgres: Cluster::create(
                folder.path(),
                &["fsync=off", "shared_buffers=128MB", "max_connections=120"],
            )
            .await?,
            rig,
            calls,
            folder,
            ports: [free_port()?, free_port()?],
            simulator: Vec::new(),
            worker: Vec::new(),
            children: [const { None }; 2],
        };
        let mut admin = PgConnection::connect(&parts.database_url(SUPERUSER, "postgres")).await?;
        sqlx::raw_sql("create database cell owner cell_owner")
            .execute(&mut admin)
            .await?;
        Ok(parts)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database_url(&self, role: &str, database: &str) -> String {
        self.postgres.url(role, database)
    }

    pub async fn superuser(&self) -> Result<PgConnection> {
        let url = self.database_url(SUPERUSER, "cell");
        Ok(PgConnection::connect(&url).await?)
    }

    pub fn simulator_address(&self) -> String {
        self.address(Program::Simulator)
    }

    fn address(&self, program: Program) -> String {
        format!("127.0.0.1:{}", self.ports[program as usize])
    }

    pub fn simulator_url(&self) -> String {
        format!("http://{}", self.simulator_address())
    }

    pub async fn start(&mut self, part: Part) -> Result<()> {
        let Some(program) = part.program() else {
            return self.postgres.start().await;
        };
        let deadline = Instant::now() + START_TIMEOUT;
        let mut child = self.command(program)?.spawn()?;
        while !self.answers(program).await {
            let ended = child.try_wait()?;
            ensure!(ended.is_none(), "{} ends at once", part.name());
            ensure!(
                Instant::now() < deadline,
                "{} does not come up",
                part.name()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.children[program as usize] = Some(child);
        Ok(())
    }

    /// Whether the worker has ended by itself, or at the call it was told to.
    pub fn worker_has_died(&mut self) -> Result<bool> {
        let child = self.children[Program::Worker as usize].as_mut();
        Ok(child.map_or(Ok(None), Child::try_wait)?.is_some())
    }

    /// SIGKILL, and nothing but.
    pub fn kill(&mut self, part: Part) -> Result<()> {
        let Some(program) = part.program() else {
            return self.postgres.kill();
        };
        if let Some(mut child) = self.children[program as usize].take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    async fn answers(&self, program: Program) -> bool {
        let url = format!("http://{}/livez", self.address(program));
        let answer = reqwest::get(url).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    fn command(&self, program: Program) -> Result<Command> {
        let address = self.address(program);
        let (mut command, part) = match program {
            Program::Simulator => {
                let mut command = Command::new(crate::platform::binary("dv360-simulator")?);
                command.arg("serve").envs(self.simulator.iter().cloned());
                command.env("SIMULATOR_LISTEN", address);
                (command, Part::Simulator)
            }
            Program::Worker => {
                let mut command = Command::new(crate::platform::binary("cell")?);
                command.arg("work").envs(self.worker.iter().cloned());
                self.rig.with_calls(&mut command, &self.calls);
                command.env("CELL_HEALTH_LISTEN", address);
                (command, Part::Worker)
            }
        };
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log(part))?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }

    fn log(&self, part: Part) -> PathBuf {
        match part {
            Part::Postgres => self.postgres.log(),
            Part::Simulator => self.path("simulator.log"),
            Part::Worker => self.path("worker.log"),
        }
    }

    /// The end of a part's log, for an error that needs explaining.
    pub fn log_tail(&self, part: Part) -> String {
        let text = std::fs::read_to_string(self.log(part)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

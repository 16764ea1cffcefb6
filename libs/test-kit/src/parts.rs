//! The real parts that syncs are made of, each a process of its own that can be killed at any moment:
//! Postgres, the simulator with its journal, and `cell work`.

use std::fs::{File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::rig::{Calls, Rig};

const START_TIMEOUT: Duration = Duration::from_secs(60);
const SUPERUSER: &str = "postgres";

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
}

/// Where everything is and how it is started again.
pub struct Parts {
    folder: TempDir,
    postgres_bin: PathBuf,
    ports: [u16; 3],
    /// Environment of the simulator and of the worker.
    pub simulator: Vec<(String, String)>,
    pub worker: Vec<(String, String)>,
    rig: Rig,
    /// The worker's.
    pub calls: Calls,
    children: [Option<Child>; 3],
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
        let mut parts = Self {
            rig,
            calls,
            folder,
            postgres_bin: postgres_bin()?,
            ports: [free_port()?, free_port()?, free_port()?],
            simulator: Vec::new(),
            worker: Vec::new(),
            children: [const { None }; 3],
        };
        let data = parts.path("pg");
        std::fs::create_dir(&data)?;
        let account = account()?;
        if let Some((uid, gid)) = account {
            chown(&data, Some(uid), Some(gid))?;
        }
        let mut initdb = parts.postgres_command("initdb")?;
        initdb.args(["--username", SUPERUSER, "--auth", "trust", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C", "--pgdata"]);
        let made = initdb.arg(&data).stdout(Stdio::null()).status()?;
        ensure!(made.success(), "initdb: {made}");
        parts.start(Part::Postgres).await?;
        let mut admin = PgConnection::connect(&parts.database_url(SUPERUSER, "postgres")).await?;
        sqlx::raw_sql(
            "create role cell_owner login; create role cell_app login;
             create role cell_mover login bypassrls;
             grant set on parameter session_replication_role to cell_mover;
             grant pg_signal_backend, pg_read_all_stats to cell_mover;",
        )
        .execute(&mut admin)
        .await?;
        sqlx::raw_sql("create database cell owner cell_owner")
            .execute(&mut admin)
            .await?;
        Ok(parts)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database_url(&self, role: &str, database: &str) -> String {
        format!(
            "postgres://{role}@127.0.0.1:{}/{database}",
            self.port(Part::Postgres)
        )
    }

    pub async fn superuser(&self) -> Result<PgConnection> {
        let url = self.database_url(SUPERUSER, "cell");
        Ok(PgConnection::connect(&url).await?)
    }

    pub const fn port(&self, part: Part) -> u16 {
        self.ports[part as usize]
    }

    pub fn simulator_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port(Part::Simulator))
    }

    pub async fn start(&mut self, part: Part) -> Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let mut child = self.command(part)?.spawn()?;
            let up = loop {
                if self.answers(part).await {
                    break true;
                }
                // What a killed Postgres left behind may hold its successor off for a moment.
                if child.try_wait()?.is_some() {
                    break false;
                }
                ensure!(
                    Instant::now() < deadline,
                    "{} does not come up",
                    part.name()
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            };
            if up {
                self.children[part as usize] = Some(child);
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{} ends at once", part.name());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Whether it has ended by itself, or at the call it was told to.
    pub fn has_died(&mut self, part: Part) -> Result<bool> {
        let child = self.children[part as usize].as_mut();
        Ok(child.map_or(Ok(None), Child::try_wait)?.is_some())
    }

    /// SIGKILL, and nothing but.
    pub fn kill(&mut self, part: Part) -> Result<()> {
        if let Some(mut child) = self.children[part as usize].take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    async fn answers(&self, part: Part) -> bool {
        match part {
            Part::Postgres => {
                let url = self.database_url(SUPERUSER, "postgres");
                PgConnection::connect(&url).await.is_ok()
            }
            Part::Simulator | Part::Worker => {
                let url = format!("http://127.0.0.1:{}/livez", self.port(part));
                reqwest::get(url)
                    .await
                    .is_ok_and(|answer| answer.status().is_success())
            }
        }
    }

    fn command(&self, part: Part) -> Result<Command> {
        let port = self.port(part);
        let mut command = match part {
            Part::Postgres => {
                let mut command = self.postgres_command("postgres")?;
                command.arg("-D").arg(self.path("pg"));
                command.args(["-p", &port.to_string()]);
                // Killing a process loses nothing that was written; only a machine that dies does.
                for setting in [
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "fsync=off",
                    "shared_buffers=128MB",
                    "max_connections=120",
                ] {
                    command.args(["-c", setting]);
                }
                command
            }
            Part::Simulator => {
                let mut command = Command::new(crate::platform::binary("dv360-simulator")?);
                command.arg("serve").envs(self.simulator.iter().cloned());
                command.env("SIMULATOR_LISTEN", format!("127.0.0.1:{port}"));
                command
            }
            Part::Worker => {
                let mut command = Command::new(crate::platform::binary("cell")?);
                command.arg("work").envs(self.worker.iter().cloned());
                self.rig.with_calls(&mut command, &self.calls);
                command.env("CELL_HEALTH_LISTEN", format!("127.0.0.1:{port}"));
                command
            }
        };
        let log = self.path(&format!("{}.log", part.name().replace(' ', "-")));
        let log = File::options().create(true).append(true).open(log)?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }

    fn postgres_command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(self.postgres_bin.join(program));
        if let Some((uid, gid)) = account()? {
            command.uid(uid).gid(gid).current_dir("/");
        }
        Ok(command)
    }

    /// The end of a part's log, for an error that needs explaining.
    pub fn log_tail(&self, part: Part) -> String {
        let log = self.path(&format!("{}.log", part.name().replace(' ', "-")));
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

fn postgres_bin() -> Result<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output();
    let folder = asked.context("ask pg_config where Postgres is")?;
    let folder = PathBuf::from(String::from_utf8(folder.stdout)?.trim());
    ensure!(
        folder.join("initdb").is_file(),
        "{} has no initdb",
        folder.display()
    );
    Ok(folder)
}

/// Postgres refuses to run as root; whoever is root hands it to its own account.
fn account() -> Result<Option<(u32, u32)>> {
    if !is_root()? {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
    let found = passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let named = ["postgres", "cellplane"].contains(fields.first()?);
        named.then_some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    });
    Ok(Some(found.context("find an account to run Postgres as")?))
}

fn is_root() -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(Path::new("/proc/self"))?.uid() == 0)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

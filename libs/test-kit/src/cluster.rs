//! A Postgres of somebody's own: made in a folder, with the roles of a cell, started and killed at will.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};

const START_TIMEOUT: Duration = Duration::from_secs(60);
pub const SUPERUSER: &str = "postgres";
const ROLES: &str = "
    create role cell_owner login; create role cell_app login;
    create role cell_mover login bypassrls;
    grant set on parameter session_replication_role to cell_mover;
    grant pg_signal_backend, pg_read_all_stats to cell_mover;";

pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    settings: Vec<String>,
    child: Option<Child>,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

impl Cluster {
    /// Up, and empty but for the roles. Its data is in `pg` below the folder, which Postgres' own account
    /// must be able to pass through, and what it says in `Postgres.log`. `settings` come on top of
    /// Postgres' own, which lose nothing.
    pub async fn create(folder: &Path, settings: &[&str]) -> Result<Self> {
        let data = folder.join("pg");
        std::fs::create_dir(&data)?;
        if let Some((uid, gid)) = account()? {
            chown(&data, Some(uid), Some(gid))?;
        }
        let always = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
        let mut cluster = Self {
            bin: bin()?,
            folder: folder.to_owned(),
            port: free_port()?,
            settings: always
                .iter()
                .chain(settings)
                .map(|one| (*one).to_owned())
                .collect(),
            child: None,
        };
        let mut initdb = cluster.program("initdb")?;
        initdb.args(["--username", SUPERUSER, "--auth", "trust", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C", "--pgdata"]);
        let made = initdb.arg(&data).stdout(Stdio::null()).status()?;
        ensure!(made.success(), "initdb: {made}");
        cluster.start().await?;
        let mut admin = cluster.connect().await?;
        sqlx::raw_sql(ROLES).execute(&mut admin).await?;
        Ok(cluster)
    }

    /// Until it answers. What a killed one left behind may hold its successor off for a moment.
    pub async fn start(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let mut child = self.spawn()?;
            while child.try_wait()?.is_none() {
                if self.connect().await.is_ok() {
                    self.child = Some(child);
                    return Ok(());
                }
                ensure!(Instant::now() < deadline, "Postgres does not come up");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            ensure!(Instant::now() < deadline, "Postgres ends at once");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// SIGKILL, and nothing but.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("Postgres.log")
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(&self.url(SUPERUSER, "postgres")).await
    }

    fn spawn(&self) -> Result<Child> {
        let mut command = self.program("postgres")?;
        command.arg("-D").arg(self.folder.join("pg"));
        command.args(["-p", &self.port.to_string()]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let log = File::options().create(true).append(true).open(self.log())?;
        let command = command.stdin(Stdio::null()).stdout(log.try_clone()?);
        command.stderr(log).spawn().context("start Postgres")
    }

    fn program(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.bin.join(name));
        if let Some((uid, gid)) = account()? {
            command.uid(uid).gid(gid).current_dir("/");
        }
        Ok(command)
    }
}

fn bin() -> Result<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output();
    let folder = asked.context("ask pg_config where Postgres is")?;
    let folder = PathBuf::from(String::from_utf8(folder.stdout)?.trim());
    let whole = folder.join("initdb").is_file();
    ensure!(whole, "{} has no initdb", folder.display());
    Ok(folder)
}

/// Postgres refuses to run as root; whoever is root hands it to its own account.
fn account() -> Result<Option<(u32, u32)>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
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

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

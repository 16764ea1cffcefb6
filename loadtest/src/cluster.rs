//! A Postgres of a bench's own, where what it is to be measured with is not what tests run with.

use std::fs::{File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;

const START_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) struct Cluster {
    folder: TempDir,
    port: u16,
    child: Child,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Cluster {
    /// Empty, with the roles of a cell. `settings` come on top of Postgres' own, which lose nothing.
    pub(crate) async fn start(settings: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
        // Postgres runs as another user, who has to pass through.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let data = folder.path().join("pg");
        std::fs::create_dir(&data)?;
        if let Some((uid, gid)) = account()? {
            chown(&data, Some(uid), Some(gid))?;
        }
        let bin = bin()?;
        let mut initdb = program(&bin, "initdb")?;
        initdb.args(["--username", "postgres", "--auth", "trust", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C", "--pgdata"]);
        let made = initdb.arg(&data).stdout(Stdio::null()).status()?;
        ensure!(made.success(), "initdb: {made}");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut postgres = program(&bin, "postgres")?;
        postgres
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()]);
        let always = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
        for setting in always.iter().chain(settings) {
            postgres.args(["-c", setting]);
        }
        let log = File::create(folder.path().join("log"))?;
        postgres.stdout(log.try_clone()?).stderr(log);
        let child = postgres.spawn().context("start Postgres")?;
        let cluster = Self {
            folder,
            port,
            child,
        };
        cluster.make_roles().await?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> Result<Url> {
        Ok(format!("postgres://postgres@127.0.0.1:{}/postgres", self.port).parse()?)
    }

    async fn make_roles(&self) -> Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        let mut admin = loop {
            match PgConnection::connect(self.url()?.as_str()).await {
                Ok(admin) => break admin,
                Err(error) => ensure!(Instant::now() < deadline, "Postgres: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let roles = "create role cell_owner login; create role cell_app login;
             create role cell_mover login bypassrls;
             grant set on parameter session_replication_role to cell_mover;
             grant pg_signal_backend, pg_read_all_stats to cell_mover;";
        sqlx::raw_sql(roles).execute(&mut admin).await?;
        Ok(())
    }

    /// All that it keeps: tables, indexes, what it sorts and the log.
    pub(crate) fn bytes_on_disk(&self) -> u64 {
        bytes_below(self.folder.path())
    }
}

/// Files come and go while they are counted.
fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.blocks() * 512,
        Err(_) => 0,
    });
    sizes.sum()
}

fn bin() -> Result<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output();
    let folder = asked.context("ask pg_config where Postgres is")?;
    Ok(PathBuf::from(String::from_utf8(folder.stdout)?.trim()))
}

fn program(bin: &Path, name: &str) -> Result<Command> {
    let mut command = Command::new(bin.join(name));
    if let Some((uid, gid)) = account()? {
        command.uid(uid).gid(gid).current_dir("/");
    }
    Ok(command)
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

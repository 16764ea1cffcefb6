//! One Postgres cluster for developers: for checking SQL while compiling, for generating
//! `.sqlx` and `schema.sql`. It trades durability for speed and is never used to serve.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::account::{self, Account};
use crate::steps;

const SUPERUSER: &str = "postgres";
const START_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How long a cluster that we start stays up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lifetime {
    /// Until `cargo x db stop`.
    UntilStopped,
    /// No longer than this process.
    OurRun,
}

pub(crate) struct Cluster {
    bin: PathBuf,
    /// Holds the Postgres folder, the log, the port and the password.
    folder: PathBuf,
    account: Option<Account>,
    pub(crate) port: u16,
    password: String,
}

impl Cluster {
    /// The cluster at this place, made if missing, running when this returns.
    pub(crate) fn ensure(bin: &Path, wish: &Path, lifetime: Lifetime) -> Result<Self> {
        let mut cluster = Self::open(bin, wish)?;
        if !cluster.folder.join("pg/PG_VERSION").is_file() {
            cluster.create()?;
        }
        if !cluster.is_running()? {
            cluster.start(lifetime)?;
        }
        Ok(cluster)
    }

    /// The cluster at this place as it is, running or not.
    pub(crate) fn open(bin: &Path, wish: &Path) -> Result<Self> {
        let account = Account::for_postgres()?;
        let folder = account::private_folder(wish, account.as_ref())?;
        let port = fs::read_to_string(folder.join("port"))
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        let password = fs::read_to_string(folder.join("password")).unwrap_or_default();
        Ok(Self {
            bin: bin.to_path_buf(),
            folder,
            account,
            port,
            password,
        })
    }

    fn create(&mut self) -> Result<()> {
        let leftover = self.folder.join("pg");
        if leftover.is_dir() {
            fs::remove_dir_all(&leftover).context("remove a half-made cluster")?;
        }
        self.password = random_hex()?;
        self.write_private("password", &self.password)?;
        let mut initdb = self.program("initdb");
        initdb.args([
            "--username",
            SUPERUSER,
            "--auth",
            "scram-sha-256",
            "--encoding",
            "UTF8",
        ]);
        initdb
            .args(["--locale", "C", "--no-sync", "--pgdata"])
            .arg(self.folder.join("pg"));
        initdb.arg("--pwfile").arg(self.folder.join("password"));
        steps::run("creating a Postgres cluster", &mut initdb)?;
        Ok(())
    }

    fn start(&mut self, lifetime: Lifetime) -> Result<()> {
        // Another process may take the port between our look and the start of Postgres.
        for _ in 0..4 {
            self.port = free_port()?;
            let started = match lifetime {
                Lifetime::UntilStopped => self.start_daemon()?,
                Lifetime::OurRun => self.start_child()?,
            };
            if started {
                return self.write_private("port", &self.port.to_string());
            }
        }
        let log = fs::read_to_string(self.log_file()).unwrap_or_default();
        steps::print_tail(&log);
        anyhow::bail!("start Postgres in {}", self.folder.display())
    }

    fn start_daemon(&self) -> Result<bool> {
        let mut start = self.program("pg_ctl");
        start
            .args(["start", "-w", "-t", "60", "-D"])
            .arg(self.folder.join("pg"));
        start
            .args(["-o", &self.settings().join(" ")])
            .arg("-l")
            .arg(self.log_file());
        Ok(steps::observe("starting Postgres", &mut start)?
            .status
            .success())
    }

    /// As a child in our process group, so that Ctrl-C ends it as well.
    fn start_child(&self) -> Result<bool> {
        let log = fs::File::create(self.log_file()).context("create the Postgres log")?;
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(self.folder.join("pg"))
            .args(self.settings());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let mut child = command.spawn().context("start postgres")?;
        let (done, ended) = mpsc::channel();
        std::thread::spawn(move || done.send(child.wait()));
        let deadline = Instant::now() + START_WITHIN;
        while Instant::now() < deadline {
            if !matches!(
                ended.recv_timeout(LOOK_EVERY),
                Err(mpsc::RecvTimeoutError::Timeout)
            ) {
                return Ok(false);
            }
            // The last line of this file is the server's own word on how it is.
            let state =
                fs::read_to_string(self.folder.join("pg/postmaster.pid")).unwrap_or_default();
            if state
                .lines()
                .last()
                .is_some_and(|line| line.trim() == "ready")
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn settings(&self) -> Vec<String> {
        let mut settings = vec!["-p".to_owned(), self.port.to_string()];
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "shared_buffers=32MB",
            "max_connections=300",
        ] {
            settings.extend(["-c".to_owned(), setting.to_owned()]);
        }
        settings
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    pub(crate) fn is_running(&self) -> Result<bool> {
        let mut status = self.program("pg_ctl");
        status.args(["status", "-D"]).arg(self.folder.join("pg"));
        Ok(steps::observe("asking Postgres", &mut status)?
            .status
            .success())
    }

    pub(crate) fn stop(&self) -> Result<()> {
        if self.is_running()? {
            let mut stop = self.program("pg_ctl");
            stop.args(["stop", "-w", "-m", "fast", "-D"])
                .arg(self.folder.join("pg"));
            steps::run("stopping Postgres", &mut stop)?;
        }
        Ok(())
    }

    /// Stops the server and removes every file of it.
    pub(crate) fn destroy(self) -> Result<()> {
        self.stop()?;
        fs::remove_dir_all(&self.folder)
            .with_context(|| format!("remove {}", self.folder.display()))
    }

    pub(crate) fn url(&self, database: &str, role: &str) -> String {
        format!(
            "postgres://{role}:{}@127.0.0.1:{}/{database}",
            self.password, self.port
        )
    }

    /// A client program, connected to a database as a role.
    pub(crate) fn client(&self, program: &str, database: &str, role: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        clear_environment(&mut command);
        command.env("PGPASSWORD", &self.password);
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--username", role, "--dbname", database]);
        command
    }

    /// `psql` that stops at the first error and reads nobody's settings.
    pub(crate) fn psql(&self, database: &str, role: &str) -> Command {
        let mut command = self.client("psql", database, role);
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        command.args(["--set", "ON_ERROR_STOP=1"]);
        command
    }

    /// Runs SQL as superuser.
    pub(crate) fn admin(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = self.psql(database, SUPERUSER);
        psql.args(["--command", sql]);
        steps::run("preparing the database", &mut psql)
    }

    /// Creates a role that can log in, with the cluster's password.
    pub(crate) fn ensure_role(&self, name: &str, options: &str) -> Result<()> {
        let exists = self.admin(
            "postgres",
            &format!("select 1 from pg_roles where rolname = '{name}'"),
        )?;
        let verb = if exists.trim().is_empty() {
            "create"
        } else {
            "alter"
        };
        let password = &self.password;
        self.admin(
            "postgres",
            &format!("{verb} role {name} login password '{password}' {options}"),
        )?;
        Ok(())
    }

    /// A server program, run as the account that owns the files.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        clear_environment(&mut command);
        command.env("LC_ALL", "C");
        if let Some(account) = &self.account {
            account.adopt(&mut command);
        }
        command
    }

    fn write_private(&self, name: &str, text: &str) -> Result<()> {
        use std::io::Write as _;
        let path = self.folder.join(name);
        let mut options = fs::File::options();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options
            .open(&path)
            .with_context(|| format!("write {}", path.display()))?;
        file.write_all(text.as_bytes())
            .with_context(|| format!("write {}", path.display()))?;
        self.account
            .as_ref()
            .map_or(Ok(()), |account| account.own(&path))
    }
}

/// What a user has set for his own databases must not reach ours.
fn clear_environment(command: &mut Command) {
    for name in [
        "PGDATA",
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGUSER",
        "PGDATABASE",
        "PGPASSWORD",
        "PGPASSFILE",
        "PGSERVICE",
        "PGOPTIONS",
        "PGSSLMODE",
        "PGCLUSTER",
    ] {
        command.env_remove(name);
    }
}

pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr().context("find a free port")?.port())
}

fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("read random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

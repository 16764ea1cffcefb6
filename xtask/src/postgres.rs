//! One Postgres cluster for developers: for checking SQL while compiling, for generating
//! `.sqlx` and `schema.sql`. It trades durability for speed and is never used to serve.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::account::{self, Account};
use crate::steps;

const SUPERUSER: &str = "postgres";

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
    pub(crate) fn ensure(bin: &Path, wish: &Path) -> Result<Self> {
        let mut cluster = Self::open(bin, wish)?;
        if !cluster.folder.join("pg/PG_VERSION").is_file() {
            cluster.create()?;
        }
        if !cluster.is_running()? {
            cluster.start()?;
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

    fn start(&mut self) -> Result<()> {
        // Another process may take the port between our look and the start of Postgres.
        for _ in 0..4 {
            self.port = free_port()?;
            let options = format!(
                "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off \
                 -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB \
                 -c max_connections=300",
                self.port
            );
            let mut start = self.program("pg_ctl");
            start
                .args(["start", "-w", "-t", "60", "-o", &options, "-D"])
                .arg(self.folder.join("pg"));
            start.arg("-l").arg(self.folder.join("server.log"));
            if steps::observe("starting Postgres", &mut start)?
                .status
                .success()
            {
                return self.write_private("port", &self.port.to_string());
            }
        }
        let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        steps::print_tail(&log);
        anyhow::bail!("start Postgres in {}", self.folder.display())
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

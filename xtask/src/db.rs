//! The developer databases: one small cluster with `global` and `cell`, migrated like the
//! real ones. `new` writes `DATABASE_URL` to the crate's git-ignored `.env`, where the sqlx
//! macros find it, so each crate is checked against its own database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};

use crate::account::fnv1a;
use crate::config::Config;
use crate::postgres::{Cluster, Lifetime};
use crate::steps;
use crate::tools::{self, Tool};

#[derive(Subcommand)]
pub(crate) enum Action {
    /// Create the database if missing, apply new migrations, point the crate at it
    New { database: Database },
    /// Throw the database away and build it again from the migrations
    Reset { database: Database },
    /// Open psql, as the owner of the tables
    Psql {
        database: Database,
        /// Passed on to psql
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start the cluster that tests cut their databases from; prints its superuser URL
    Cluster,
    /// Stop the developer cluster; builds use the checked-in .sqlx again
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    Global,
    Cell,
}

impl Database {
    pub(crate) const ALL: [Self; 2] = [Self::Global, Self::Cell];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Cell => "cell",
        }
    }

    /// The crate whose queries run in it; also its folder.
    pub(crate) fn crate_name(self) -> &'static str {
        match self {
            Self::Global => "global-control",
            Self::Cell => "cell",
        }
    }

    /// The role that owns the tables and runs the migrations.
    pub(crate) fn owner(self) -> &'static str {
        match self {
            Self::Global => "global_app",
            Self::Cell => "cell_owner",
        }
    }

    pub(crate) fn migrations(self, config: &Config) -> Result<Vec<PathBuf>> {
        let folder = config.root.join("migrations").join(self.name());
        let entries =
            fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.ends_with(".sql") && name.starts_with(|c: char| c.is_ascii_digit())
            })
            .collect();
        files.sort();
        Ok(files)
    }
}

pub(crate) fn run(config: &Config, data: &Path, action: &Action) -> Result<()> {
    let lock = lock(data)?;
    match action {
        Action::New { database } => new(config, data, *database),
        Action::Reset { database } => {
            let cluster = dev_cluster(config, data)?;
            let name = database.name();
            cluster.admin(
                "postgres",
                &format!("drop database if exists {name} with (force)"),
            )?;
            new(config, data, *database)
        }
        Action::Psql {
            database,
            arguments,
        } => {
            drop(lock);
            psql(config, data, *database, arguments)
        }
        Action::Cluster => print_test_cluster(config, data),
        Action::Stop => stop(config, data),
    }
}

/// Held while the cluster is created, started or changed; the kernel frees it with us.
fn lock(data: &Path) -> Result<fs::File> {
    fs::create_dir_all(data).with_context(|| format!("create {}", data.display()))?;
    exclusive(&data.join("dev-db.lock"))
}

/// Waits until no other `cargo x` holds this file.
pub(crate) fn exclusive(path: &Path) -> Result<fs::File> {
    let file = fs::File::create(path).with_context(|| format!("open {}", path.display()))?;
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).context("take the lock")?;
    Ok(file)
}

/// Whether the developer cluster is up, so that builds may check SQL against it.
pub(crate) fn is_live(config: &Config, database: Database) -> bool {
    let Ok(text) = fs::read_to_string(env_file(config, database)) else {
        return false;
    };
    let port = text
        .split("127.0.0.1:")
        .nth(1)
        .and_then(|rest| rest.split('/').next()?.parse().ok());
    port.is_some_and(|port: u16| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok())
}

fn new(config: &Config, data: &Path, database: Database) -> Result<()> {
    let cluster = dev_cluster(config, data)?;
    let files = database.migrations(config)?;
    let applied = ensure_database(&cluster, database, &files)?;
    let url = cluster.url(database.name(), database.owner());
    fs::write(
        env_file(config, database),
        format!(
            "# Written by `cargo x db new {}`; read by the sqlx macros only.\nDATABASE_URL={url}\n",
            database.name()
        ),
    )
    .context("write the crate's .env")?;
    println!(
        "# {} migrations applied now, {} in all",
        applied,
        files.len()
    );
    println!(
        "# {}/.env points the sqlx macros here; nothing to export",
        database.crate_name()
    );
    println!("# {url}");
    Ok(())
}

fn psql(config: &Config, data: &Path, database: Database, arguments: &[String]) -> Result<()> {
    let cluster = dev_cluster(config, data)?;
    let mut client = cluster.client("psql", database.name(), database.owner());
    client.args(arguments).stdin(Stdio::inherit());
    let status = client.status().context("start psql")?;
    if !status.success() {
        bail!("run psql: {status}");
    }
    Ok(())
}

fn stop(config: &Config, data: &Path) -> Result<()> {
    let bin = postgres_bin(config)?;
    Cluster::open(&bin, &place(data))?.stop()?;
    Cluster::open(&bin, &data.join("test-db"))?.stop()?;
    for database in Database::ALL {
        match fs::remove_file(env_file(config, database)) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => {
                return Err(err).context("remove the crate's .env");
            }
            _ => {}
        }
    }
    Ok(())
}

/// The cluster behind `test_kit::TestDatabase`, for as long as one run of all tests.
pub(crate) struct TestCluster {
    cluster: Cluster,
    /// It ran before us, so somebody else is using it.
    shared: bool,
}

impl TestCluster {
    pub(crate) fn start(config: &Config) -> Result<Self> {
        let data = config.root.join(".cellplane");
        let _one_at_a_time = lock(&data)?;
        let bin = postgres_bin(config)?;
        let place = data.join("test-db");
        let shared = Cluster::open(&bin, &place)?.is_running()?;
        Ok(Self {
            cluster: test_cluster(&bin, &place, Lifetime::OurRun)?,
            shared,
        })
    }

    pub(crate) fn url(&self) -> String {
        self.cluster.url("postgres", "postgres")
    }

    pub(crate) fn stop(self) -> Result<()> {
        if self.shared {
            Ok(())
        } else {
            self.cluster.destroy()
        }
    }
}

/// A running cluster with every role the services know.
fn test_cluster(bin: &Path, place: &Path, lifetime: Lifetime) -> Result<Cluster> {
    let cluster = Cluster::ensure(bin, place, lifetime)?;
    for database in Database::ALL {
        ensure_roles(&cluster, database)?;
    }
    Ok(cluster)
}

/// Prints the superuser's URL, and hands it to nextest when that asks.
fn print_test_cluster(config: &Config, data: &Path) -> Result<()> {
    let cluster = test_cluster(
        &postgres_bin(config)?,
        &data.join("test-db"),
        Lifetime::UntilStopped,
    )?;
    let url = cluster.url("postgres", "postgres");
    if let Some(path) = &config.nextest_env {
        use std::io::Write as _;
        let mut file = fs::File::options()
            .append(true)
            .open(path)
            .context("open nextest's file")?;
        writeln!(file, "TEST_POSTGRES_URL={url}").context("write nextest's file")?;
    }
    println!("{url}");
    Ok(())
}

fn dev_cluster(config: &Config, data: &Path) -> Result<Cluster> {
    Cluster::ensure(&postgres_bin(config)?, &place(data), Lifetime::UntilStopped)
}

fn place(data: &Path) -> PathBuf {
    data.join("dev-db")
}

fn env_file(config: &Config, database: Database) -> PathBuf {
    config.root.join(database.crate_name()).join(".env")
}

fn postgres_bin(config: &Config) -> Result<PathBuf> {
    Ok(tools::ensure(config, &[Tool::Postgres])?
        .path(Tool::Postgres)?
        .to_path_buf())
}

/// Creates the roles and the database, and applies what is missing. Returns how many
/// migrations were applied.
///
/// What was applied is kept in the database's comment, where a schema dump does not see it.
pub(crate) fn ensure_database(
    cluster: &Cluster,
    database: Database,
    files: &[PathBuf],
) -> Result<usize> {
    ensure_roles(cluster, database)?;
    let name = database.name();
    let exists = cluster.admin(
        "postgres",
        &format!("select 1 from pg_database where datname = '{name}'"),
    )?;
    if exists.trim().is_empty() {
        let owner = database.owner();
        cluster.admin(
            "postgres",
            &format!("create database {name} owner {owner} template template0"),
        )?;
    }
    let comment = cluster.admin(
        name,
        "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()",
    )?;
    let mut applied: Vec<String> = comment.split_whitespace().map(str::to_owned).collect();
    let wanted = files
        .iter()
        .map(|file| stamp(file))
        .collect::<Result<Vec<_>>>()?;
    if !wanted.starts_with(&applied) {
        bail!(
            "apply new migrations: an applied one was edited or removed; `cargo x db reset {name}` starts over"
        );
    }
    let missing = applied.len();
    for (file, stamp) in files.iter().zip(&wanted).skip(missing) {
        apply(cluster, database, file)?;
        applied.push(stamp.clone());
        cluster.admin(
            name,
            &format!("comment on database {name} is '{}'", applied.join(" ")),
        )?;
    }
    Ok(files.len() - missing)
}

fn ensure_roles(cluster: &Cluster, database: Database) -> Result<()> {
    cluster.ensure_role(database.owner(), "")?;
    if database == Database::Cell {
        cluster.ensure_role("cell_app", "")?;
        cluster.ensure_role("cell_mover", "bypassrls")?;
        cluster.admin(
            "postgres",
            "grant set on parameter session_replication_role to cell_mover;
             grant pg_signal_backend, pg_read_all_stats to cell_mover",
        )?;
    }
    Ok(())
}

fn apply(cluster: &Cluster, database: Database, file: &Path) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    let mut psql = cluster.psql(database.name(), database.owner());
    // The same opt-out as sqlx's own migrator.
    if !text.starts_with("-- no-transaction") {
        psql.arg("--single-transaction");
    }
    psql.arg("--file").arg(file);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    steps::run(&format!("applying {name}"), &mut psql)?;
    Ok(())
}

/// Name and content of a migration in one word.
fn stamp(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("read {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!("{name}:{:016x}", fnv1a(&bytes)))
}

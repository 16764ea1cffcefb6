//! One Postgres cluster: made with passwords required from everybody, small, durable, and started
//! as a child like any other process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::files;
use super::identity::{self, ProcessIdentity};
use super::privileges::{self, Account};
use super::processes::{self, Processes};
use super::program::{Probe, Program, StopBy};
use super::secrets::Secret;
use super::tools::{Environment, Tools};

mod settings;
pub mod store;

pub const SUPERUSER: &str = "postgres";

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{folder} was made by PostgreSQL {made_by}, but {bin} has PostgreSQL {found}; use the programs of version {made_by} with --pg-bin-dir, or start over with --fresh"
    )]
    ForeignMajor {
        folder: PathBuf,
        made_by: String,
        found: u32,
        bin: PathBuf,
    },
    #[error(
        "the database in {folder} is gone; restore it from a backup, or start over with --fresh"
    )]
    Missing { folder: PathBuf },
    #[error("prepare the roles and databases in {folder}")]
    Sql {
        folder: PathBuf,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error(transparent)]
    Files(#[from] files::Error),
    #[error(transparent)]
    Privileges(#[from] privileges::Error),
    #[error(transparent)]
    Processes(#[from] processes::Error),
}

/// Where a cluster is and how its superuser signs in.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// `cell-1/postgres`: the name of its process.
    pub name: String,
    pub folder: PathBuf,
    pub log: PathBuf,
    pub account: Option<Account>,
    pub superuser_password: Secret,
}

impl Cluster {
    /// Makes the cluster when it is missing. `made` says that it was there before, so that a lost
    /// one is an error and never silently replaced by an empty one.
    pub async fn ensure(
        &self,
        tools: &Tools,
        processes: &Processes,
        made: bool,
    ) -> Result<(), Error> {
        let version_file = self.folder.join("PG_VERSION");
        let Some(version) = files::read(&version_file)? else {
            if made {
                return Err(Error::Missing {
                    folder: self.folder.clone(),
                });
            }
            return self.create(tools, processes).await;
        };
        let made_by = String::from_utf8_lossy(&version).trim().to_owned();
        if made_by != tools.postgres_major.to_string() {
            return Err(Error::ForeignMajor {
                folder: self.folder.clone(),
                made_by,
                found: tools.postgres_major,
                bin: tools.postgres_bin.clone(),
            });
        }
        Ok(())
    }

    /// Built beside its place and renamed when whole: a half-made cluster is never taken for one.
    async fn create(&self, tools: &Tools, processes: &Processes) -> Result<(), Error> {
        let name = self
            .folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let building = self.folder.with_file_name(format!(".new-{name}"));
        let password = self.folder.with_file_name(format!(".new-{name}.password"));
        files::remove_folder(&building)?;
        files::write_atomic(
            &password,
            self.superuser_password.expose().as_bytes(),
            0o600,
        )?;
        if let Some(account) = &self.account {
            account.own(&password)?;
        }
        let mut initdb = self.program(tools, "initdb", &tools.environment);
        initdb.arguments = [
            "--username",
            SUPERUSER,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--pgdata",
        ]
        .map(Into::into)
        .to_vec();
        initdb.arguments.push(building.clone().into());
        initdb.arguments.push("--pwfile".into());
        initdb.arguments.push(password.clone().into());
        let outcome = processes.run_once(&initdb).await;
        files::remove_file(&password)?;
        outcome?;
        files::rename(&building, &self.folder)?;
        Ok(())
    }

    /// The server, listening here. Writes its settings; clears away a lock file that would stop it.
    pub fn server(&self, tools: &Tools, addr: SocketAddr) -> Result<Program, Error> {
        self.write_owned("postgresql.conf", &settings::postgresql_conf(addr))?;
        self.write_owned("pg_hba.conf", settings::PG_HBA)?;
        if running_postmaster(&self.folder).is_none() {
            // Left by a killed server; its pid may belong to somebody else by now.
            files::remove_file(&self.folder.join("postmaster.pid"))?;
        }
        let mut server = self.program(tools, "postgres", &tools.environment);
        server.arguments = vec!["-D".into(), self.folder.clone().into()];
        server.probe = Probe::Postgres(addr);
        Ok(server)
    }

    fn program(&self, tools: &Tools, program: &str, environment: &Environment) -> Program {
        let mut environment = environment.base();
        environment.push(("LC_ALL".into(), "C".into()));
        Program {
            name: self.name.clone(),
            path: tools.postgres_bin.join(program),
            arguments: Vec::new(),
            environment,
            account: self.account.clone(),
            log: self.log.clone(),
            stop: StopBy::FastShutdown,
            probe: Probe::Postgres(SocketAddr::from(([127, 0, 0, 1], 0))),
        }
    }

    fn write_owned(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        files::write_atomic(&path, text.as_bytes(), 0o600)?;
        if let Some(account) = &self.account {
            account.own(&path)?;
        }
        Ok(())
    }
}

/// A connection string for a service. Passwords are hex and need no escaping.
pub fn url(addr: SocketAddr, role: &str, password: &Secret, database: &str) -> String {
    let password = password.expose();
    format!("postgres://{role}:{password}@{addr}/{database}?sslmode=disable")
}

/// The server that runs in this folder now, if any. A pid in `postmaster.pid` alone proves
/// nothing: after a crash it may have been given to another program.
pub fn running_postmaster(folder: &Path) -> Option<ProcessIdentity> {
    let text = files::read(&folder.join("postmaster.pid")).ok()??;
    let text = String::from_utf8_lossy(&text);
    let pid = text.lines().next()?.trim().parse().ok()?;
    let process = ProcessIdentity::of(pid)?;
    let command = identity::command_line(pid)?;
    let ours = command.contains(&*folder.to_string_lossy()) && command.contains("postgres");
    ours.then_some(process)
}

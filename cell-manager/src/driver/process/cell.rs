//! One cell as processes: in which order its parts come up and go down, and what each is told.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::postgres::{self, Cluster, store};
use super::program::{Probe, Program, StopBy};
use super::secrets::CellSecrets;
use super::{Error, ProcessDriver, files, launch, redis};
use crate::driver::{CellSpec, Progress};

pub(super) const PROCESSES: [&str; 4] = ["postgres", "redis", "serve", "work"];
/// Writers before what they write to.
pub(super) const STOP_ORDER: [&[&str]; 3] = [&["serve", "work"], &["redis"], &["postgres"]];

const DATABASE: &str = "cell";
const REMEDY: &str = "restore it from a backup: it says which cell this is";

/// Where a running cell listens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    pub(super) public: SocketAddr,
    pub(super) internal: SocketAddr,
}

/// `cell.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) spec: CellSpec,
    /// The cell has run once, so its database must be there.
    pub(super) made: bool,
}

/// Every cell that has data here, in the order of their names.
pub(super) fn list_records(layout: &Layout) -> Result<Vec<Record>, files::Error> {
    let mut records = Vec::new();
    for folder in files::list_folders(&layout.cells())? {
        records.extend(files::read_json::<Record>(
            &folder.join("cell.json"),
            REMEDY,
        )?);
    }
    records.sort_by_key(|record| record.spec.name.sort_key());
    Ok(records)
}

/// Makes what is missing, starts everything, returns once the cell serves.
pub(super) async fn bring_up(
    driver: &ProcessDriver,
    spec: &CellSpec,
    progress: &Progress,
) -> Result<Running, Error> {
    let record = ensure_record(driver, spec)?;
    let folder = driver.layout.cell(&spec.name);
    let secrets = CellSecrets::ensure(&folder.join("secrets.json"))?;
    files::ensure_folder(&folder.join("bronze"), 0o700)?;
    let parts = Parts {
        driver,
        spec,
        secrets,
    };
    let (database, redis) = tokio::try_join!(
        progress.step(
            format!("{}: Postgres", spec.name),
            parts.start_database(record.made)
        ),
        progress.step(format!("{}: Redis", spec.name), parts.start_redis()),
    )?;
    let stores = Stores { database, redis };
    progress
        .step(format!("{}: migrations", spec.name), async {
            let migrate = parts.migrate(&stores)?;
            Ok::<(), Error>(driver.processes.run_once(&migrate).await?)
        })
        .await?;
    let running = progress
        .step(
            format!("{}: serving", spec.name),
            parts.start_services(&stores),
        )
        .await?;
    let path = folder.join("cell.json");
    files::write_json(
        &path,
        &Record {
            made: true,
            ..record
        },
        0o600,
    )?;
    Ok(running)
}

fn ensure_record(driver: &ProcessDriver, spec: &CellSpec) -> Result<Record, Error> {
    let folder = driver.layout.cell(&spec.name);
    files::ensure_folder(&folder, 0o700)?;
    let path = folder.join("cell.json");
    match files::read_json::<Record>(&path, REMEDY)? {
        Some(found) if found.spec.cell_id != spec.cell_id => {
            Err(Error::NameTaken(spec.name.clone()))
        }
        Some(found) => Ok(found),
        None => {
            let record = Record {
                spec: spec.clone(),
                made: false,
            };
            files::write_json(&path, &record, 0o600)?;
            Ok(record)
        }
    }
}

/// The addresses of what a cell keeps its state in.
struct Stores {
    database: SocketAddr,
    redis: SocketAddr,
}

struct Parts<'a> {
    driver: &'a ProcessDriver,
    spec: &'a CellSpec,
    secrets: CellSecrets,
}

impl Parts<'_> {
    fn name(&self, process: &str) -> String {
        format!("{}/{process}", self.spec.name)
    }

    fn log(&self, process: &str) -> PathBuf {
        self.driver
            .layout
            .log(&format!("{}-{process}", self.spec.name))
    }

    async fn start_database(&self, made: bool) -> Result<SocketAddr, Error> {
        let ProcessDriver {
            layout,
            tools,
            ports,
            processes,
            ..
        } = self.driver;
        let cluster = Cluster {
            name: self.name("postgres"),
            folder: layout.cluster(self.spec.name.as_str()),
            log: self.log("postgres"),
            account: layout.account.clone(),
            superuser_password: self.secrets.superuser_password.clone(),
        };
        cluster.ensure(tools, processes, made).await?;
        let [addr] = launch(ports, processes, [&cluster.name], |[addr]| {
            cluster.server(tools, addr)
        })
        .await?;
        store::ensure_database(&cluster, addr, DATABASE, &self.roles()).await?;
        Ok(addr)
    }

    fn roles(&self) -> [store::Role<'_>; 3] {
        let plain = |name, password| store::Role {
            name,
            password,
            bypass_rls: false,
            grants: &[],
        };
        [
            plain("cell_owner", &self.secrets.owner_password),
            plain("cell_app", &self.secrets.app_password),
            store::Role {
                name: "cell_mover",
                password: &self.secrets.mover_password,
                bypass_rls: true,
                grants: &[
                    "grant set on parameter session_replication_role to cell_mover",
                    "grant pg_signal_backend, pg_read_all_stats to cell_mover",
                ],
            },
        ]
    }

    async fn start_redis(&self) -> Result<SocketAddr, Error> {
        let ProcessDriver {
            layout,
            tools,
            ports,
            processes,
            ..
        } = self.driver;
        let name = self.name("redis");
        let folder = layout.cell(&self.spec.name).join("redis");
        let [addr] = launch(ports, processes, [&name], |[addr]| {
            let password = &self.secrets.redis_password;
            redis::server(
                tools,
                name.clone(),
                &folder,
                self.log("redis"),
                addr,
                password,
            )
        })
        .await?;
        Ok(addr)
    }

    fn migrate(&self, stores: &Stores) -> Result<Program, Error> {
        let mut migrate = self.program("migrate", stores)?;
        let owner = &self.secrets.owner_password;
        let url = postgres::url(stores.database, "cell_owner", owner, DATABASE);
        migrate
            .environment
            .push(("CELL_OWNER_DATABASE_URL".into(), url.into()));
        Ok(migrate)
    }

    async fn start_services(&self, stores: &Stores) -> Result<Running, Error> {
        let ProcessDriver {
            ports, processes, ..
        } = self.driver;
        let (serve, work) = (self.name("serve"), self.name("work"));
        let (public, internal) = (format!("{serve}/public"), format!("{serve}/internal"));
        let (served, worked) = tokio::join!(
            launch(
                ports,
                processes,
                [&public, &internal],
                |[public, internal]| {
                    let mut program = self.program("serve", stores)?;
                    program.listen("CELL_PUBLIC_LISTEN", public);
                    program.listen("CELL_INTERNAL_LISTEN", internal);
                    program.probe = Probe::Http(internal);
                    Ok::<Program, Error>(program)
                }
            ),
            launch(ports, processes, [&work], |[health]| {
                let mut program = self.program("work", stores)?;
                program.listen("CELL_HEALTH_LISTEN", health);
                program.probe = Probe::Http(health);
                Ok::<Program, Error>(program)
            }),
        );
        let [public, internal] = served?;
        worked?;
        Ok(Running { public, internal })
    }

    /// A subcommand of `cell`, with everything that all of them are told.
    fn program(&self, subcommand: &str, stores: &Stores) -> Result<Program, Error> {
        let Self {
            driver,
            spec,
            secrets,
        } = self;
        let bronze = driver.layout.cell(&spec.name).join("bronze");
        let bronze = url::Url::from_directory_path(&bronze).expect("the data folder is absolute");
        let app = &secrets.app_password;
        let own = [
            ("CELL_CELL_ID", spec.cell_id.to_string()),
            ("CELL_NAME", spec.name.to_string()),
            (
                "CELL_DATABASE_URL",
                postgres::url(stores.database, "cell_app", app, DATABASE),
            ),
            (
                "CELL_REDIS_URL",
                redis::url(stores.redis, &secrets.redis_password),
            ),
            ("CELL_BRONZE_URL", bronze.to_string()),
            ("CELL_CONTEXT_KEY", secrets.context_key.expose().to_owned()),
            (
                "CELL_ENVELOPE_KEY",
                secrets.envelope_key.expose().to_owned(),
            ),
        ];
        let mut environment = driver.tools.environment.base();
        let shared = driver.surroundings.environment(spec.cell_id);
        environment.extend(
            shared
                .into_iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        environment.extend(own.map(|(name, value)| (name.into(), value.into())));
        Ok(Program {
            name: self.name(subcommand),
            path: driver.tools.binary("cell")?,
            arguments: vec![subcommand.into()],
            environment,
            account: None,
            log: self.log(subcommand),
            stop: StopBy::Terminate,
            probe: Probe::Http(SocketAddr::from(([127, 0, 0, 1], 0))),
        })
    }
}

//! The real parts: global-control, three cells with a database and a worker each, and the source, all
//! by one calendar that can be moved.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use cell::app::App;
use contracts::CellId;
use serde_json::{Value, json};
use service_kit::keys;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use test_kit::platform::binary;

use crate::cluster::Cluster;
use crate::scenarios::agency::{self, Place};

const MASTER_KEY: [u8; 32] = [5; 32];
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Leases are spoken of this often, because a simulated minute passes in less than a second.
const REPORT_EVERY_MS: u32 = 250;

/// What the cells go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Terms {
    /// No limit, to begin with.
    None,
    /// Shares and leases of global-control, each org its fair part.
    Leased,
    /// The same pace, and whoever comes first, until the source says that nothing is left.
    FirstCome,
}

/// A process that ends with whoever started it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) struct Cell {
    place: Place,
    pub(super) app: App,
    /// As a superuser, for looking on.
    pub(super) database: PgConnection,
    /// `cell serve`, which speaks with global-control, and `cell work`.
    programs: Vec<Program>,
}

pub(super) struct Fleet {
    // Before the cluster, which their connections are to.
    pub(super) cells: Vec<Cell>,
    _global: Program,
    _simulator: Program,
    global_control: String,
    pub(super) simulator: String,
    folder: TempDir,
    cluster: Cluster,
}

impl Fleet {
    /// Everything is up but the workers. `orgs`: how many each cell is to have.
    pub(super) async fn start(built_on: &str, orgs: &[usize]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("quota-").tempdir()?;
        let settings = ["fsync=off", "shared_buffers=256MB", "max_connections=200"];
        let cluster = Cluster::start(&settings).await?;
        let (simulator, address) = start_simulator(folder.path(), built_on, orgs.iter().sum())?;
        wait_for(&address).await?;
        let (global, global_control) = start_global_control(folder.path(), &cluster).await?;
        let mut fleet = Self {
            cells: Vec::new(),
            _global: global,
            _simulator: simulator,
            global_control,
            simulator: address,
            folder,
            cluster,
        };
        for (number, orgs) in orgs.iter().enumerate() {
            fleet.add_cell(number, *orgs).await?;
        }
        Ok(fleet)
    }

    async fn add_cell(&mut self, number: usize, orgs: usize) -> Result<()> {
        let name = format!("cell_{number}");
        let mut admin = self.superuser("postgres").await?;
        let create = format!("create database {name} owner cell_owner");
        let create = AssertSqlSafe(create);
        sqlx::raw_sql(create).execute(&mut admin).await?;
        let url = |role| url_of(&self.cluster, role, &name);
        let place = Place {
            cell: CellId::new(),
            database: [url("cell_app")?, url("cell_owner")?],
            bronze: self.folder.path().join(&name),
            simulator: self.simulator.clone(),
        };
        let mut global = self.superuser("global").await?;
        sqlx::query(
            "insert into cells (cell_id, name, public_addr, internal_addr, capacity_orgs, placed_orgs, state)
             values ($1, $2, '127.0.0.1:1', '127.0.0.1:1', 10000, $3, 'active')",
        )
        .bind(place.cell.as_uuid())
        .bind(&name)
        .bind(i32::try_from(orgs)?)
        .execute(&mut global)
        .await?;
        let app = agency::open(&place).await?;
        let database = self.superuser(&name).await?;
        self.cells.push(Cell {
            place,
            app,
            database,
            programs: Vec::new(),
        });
        Ok(())
    }

    async fn superuser(&self, database: &str) -> Result<PgConnection> {
        let url = url_of(&self.cluster, "postgres", database)?;
        Ok(PgConnection::connect(&url).await?)
    }

    /// Starts all workers anew. What was counted until then is forgotten, but not who asked.
    pub(super) async fn work(&mut self, terms: Terms) -> Result<()> {
        for (number, cell) in self.cells.iter_mut().enumerate() {
            cell.programs.clear();
            sqlx::raw_sql("truncate cell.quota_shares, cell.quota_days, cell.quota_leases")
                .execute(&mut cell.database)
                .await?;
            let key = keys::derive(&MASTER_KEY, keys::CONTROL, &cell.place.cell.to_string());
            let (internal, health) = (free_address()?, free_address()?);
            let mut more = vec![
                ("QUOTA__REPORT_EVERY_MS", REPORT_EVERY_MS.to_string()),
                ("PUBLIC_LISTEN", free_address()?),
                ("INTERNAL_LISTEN", internal.clone()),
                ("HEALTH_LISTEN", health.clone()),
            ];
            match terms {
                Terms::None => {}
                Terms::Leased => more.extend([
                    ("GLOBAL_CONTROL_URL", self.global_control.clone()),
                    ("CONTROL_KEY", hex::encode(key)),
                    ("QUOTA__FIRST_CALLS_PER_DAY", "0".to_owned()),
                    ("QUOTA__FIRST_PER_SECOND_MILLI", "0".to_owned()),
                    ("DV360__ENTITY_CALLS_PER_MINUTE", "1200".to_owned()),
                ]),
                Terms::FirstCome => more.extend([
                    ("QUOTA__FIRST_PER_SECOND_MILLI", "1333".to_owned()),
                    ("DV360__ENTITY_CALLS_PER_MINUTE", "450".to_owned()),
                ]),
            }
            for (process, address) in [("serve", internal), ("work", health)] {
                let mut command = Command::new(binary("cell")?);
                command.arg(process);
                command.envs(agency::settings(&cell.place, &more));
                let name = format!("{process}-{number}");
                let program = spawn(command, self.folder.path(), &name)?;
                cell.programs.push(program);
                wait_for(&format!("http://{address}")).await?;
            }
        }
        Ok(())
    }

    /// What the source allows a project from now on, counted from nothing.
    pub(super) async fn allow(&self, limited: bool) -> Result<()> {
        let quotas = if limited {
            json!({"refuse_with_403": true})
        } else {
            json!({"reports_per_day": 0, "reports_per_second": 0, "entities_per_minute": 0,
                "entities_per_minute_and_advertiser": 0, "runs_per_day_and_user": 0})
        };
        let url = format!("{}/sim/config", self.simulator);
        let answer = reqwest::Client::new().post(url);
        let answer = answer.json(&json!({ "quotas": quotas })).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(())
    }

    pub(super) async fn ask(&self, path: &str) -> Result<Value> {
        let answer = reqwest::get(format!("{}{path}", self.simulator)).await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// The end of a worker's log, for an error that needs explaining.
    pub(super) fn log_tails(&self) -> String {
        let tails = (0..self.cells.len()).map(|number| {
            let log = self.folder.path().join(format!("work-{number}.log"));
            let text = std::fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(8)..].join("\n")
        });
        tails.collect::<Vec<_>>().join("\n\n")
    }
}

fn url_of(cluster: &Cluster, role: &str, database: &str) -> Result<String> {
    let mut url = cluster.url()?;
    url.set_username(role).ok().context("name the role")?;
    url.set_path(database);
    Ok(url.into())
}

fn start_simulator(folder: &Path, built_on: &str, orgs: usize) -> Result<(Program, String)> {
    let listen = free_address()?;
    let mut command = Command::new(binary("dv360-simulator")?);
    command.arg("serve").envs([
        ("SIMULATOR_LISTEN", listen.clone()),
        ("SIMULATOR_SEED", "2026".to_owned()),
        ("SIMULATOR_HISTORIES", orgs.to_string()),
        ("SIMULATOR_BUILT_ON", built_on.to_owned()),
        ("SIMULATOR_OBSERVED_DELAYS", "true".to_owned()),
    ]);
    let program = spawn(command, folder, "simulator")?;
    Ok((program, format!("http://{listen}")))
}

async fn start_global_control(folder: &Path, cluster: &Cluster) -> Result<(Program, String)> {
    let mut admin = PgConnection::connect(cluster.url()?.as_str()).await?;
    let create = "create role global_app login";
    sqlx::raw_sql(create).execute(&mut admin).await?;
    let create = "create database global owner global_app";
    sqlx::raw_sql(create).execute(&mut admin).await?;
    let internal = free_address()?;
    let environment = [
        ("DATABASE_URL", url_of(cluster, "global_app", "global")?),
        ("PUBLIC_LISTEN", free_address()?),
        ("INTERNAL_LISTEN", internal.clone()),
        (
            "PUBLIC_URL_TEMPLATE",
            "http://{host}.localhost:8080".to_owned(),
        ),
        ("CONTROL_MASTER_KEY", hex::encode(MASTER_KEY)),
        ("EDGE_KEY", hex::encode([2_u8; 32])),
        ("SIGNING_KEY", hex::encode([9_u8; 32])),
    ];
    let command = |subcommand: &str| -> Result<Command> {
        let mut command = Command::new(binary("global-control")?);
        let named = environment.iter();
        let named = named.map(|(name, value)| (format!("GLOBAL_{name}"), value.clone()));
        command.arg(subcommand).envs(named);
        Ok(command)
    };
    let migrated = command("migrate")?.stdout(Stdio::null()).status()?;
    ensure!(migrated.success(), "global-control migrate: {migrated}");
    let program = spawn(command("serve")?, folder, "global-control")?;
    let address = format!("http://{internal}");
    wait_for(&address).await?;
    Ok((program, address))
}

fn spawn(mut command: Command, folder: &Path, name: &str) -> Result<Program> {
    let log = File::create(folder.join(format!("{name}.log")))?;
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    let child = command.spawn().with_context(|| format!("start {name}"))?;
    Ok(Program(child))
}

async fn wait_for(address: &str) -> Result<()> {
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        let answer = reqwest::get(format!("{address}/livez")).await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "nothing answers at {address}/livez"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn free_address() -> Result<String> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    Ok(format!("127.0.0.1:{port}"))
}

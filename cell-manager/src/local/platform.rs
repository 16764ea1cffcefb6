//! A running platform: in which order it comes up, what may be done to it, in which order it goes
//! down again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use contracts::CellId;
use contracts::provisioning::{CellState, CellSummary, RegisterCell};
use futures::future::try_join_all;

use super::programs::{DV360_CLIENT_ID, GLOBAL_DATABASE, GLOBAL_ROLE, Programs};
use super::secrets::PlatformSecrets;
use super::stop_order::stop_order;
use super::{Error, Login, Options};
use crate::driver::process::layout::Layout;
use crate::driver::process::ports::Ports;
use crate::driver::process::postgres::{Cluster, store};
use crate::driver::process::processes::Processes;
use crate::driver::process::surroundings::{Dv360, Surroundings};
use crate::driver::process::tools::Tools;
use crate::driver::process::{ProcessDriver, files, launch};
use crate::driver::{CellDriver as _, CellName, CellSpec, DeletedCell, ObservedCell, Progress};
use crate::fleet::Fleet;

const ACTIVE_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(200);
pub(super) const DEFAULT_CAPACITY_ORGS: u32 = 100;

#[derive(Debug)]
pub struct Platform {
    pub(super) options: Options,
    pub(super) layout: Layout,
    pub(super) tools: Tools,
    pub(super) ports: Arc<Ports>,
    pub(super) processes: Processes,
    pub(super) secrets: PlatformSecrets,
    pub(super) driver: ProcessDriver,
    pub(super) fleet: Fleet,
    pub(super) started: Instant,
    pub(super) phase: Mutex<PlatformPhase>,
    pub(super) login: OnceLock<Login>,
    /// One change to the fleet at a time, so that two new cells never get one name.
    changes: tokio::sync::Mutex<()>,
    public: Vec<SocketAddr>,
    global: GlobalAddresses,
    pub(super) simulator: SocketAddr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformPhase {
    Starting,
    Ready,
    Stopping,
}

/// Others are told these before global-control runs, so they are chosen first.
#[derive(Debug, Clone, Copy)]
struct GlobalAddresses {
    public: SocketAddr,
    internal: SocketAddr,
}

impl Platform {
    /// Prepares everything that needs no running process.
    pub(super) fn new(
        options: Options,
        layout: Layout,
        tools: Tools,
        processes: Processes,
        public: Vec<SocketAddr>,
    ) -> Result<Self, Error> {
        let ports = Arc::new(Ports::open(layout.run().join("state.json"))?);
        let secrets = PlatformSecrets::ensure(&layout.data.join("secrets.json"))?;
        files::ensure_folder(&layout.data.join("router"), 0o700)?;
        let global = GlobalAddresses {
            public: ports.claim("global-control/serve/public")?,
            internal: ports.claim("global-control/serve/internal")?,
        };
        let simulator = ports.claim("dv360-simulator")?;
        let programs = Programs {
            layout: &layout,
            tools: &tools,
            secrets: &secrets,
            public_port: options.port,
            ui_dir: options.ui_dir.clone(),
        };
        let surroundings = Surroundings {
            global_control: global.internal,
            public_url_template: programs.public_url_template(),
            global_public_keys: vec![secrets.public_key()],
            control_master_key: secrets.control_master_key.clone(),
            edge_master_key: secrets.edge_master_key.clone(),
            dv360: Dv360 {
                base: simulator,
                client_id: DV360_CLIENT_ID.to_owned(),
                client_secret: secrets.dv360_client_secret.clone(),
                redirect_url: programs.redirect_url(),
            },
            ui_dir: options.ui_dir.clone(),
            log_format: "json".to_owned(),
        };
        let driver = ProcessDriver::open(
            layout.clone(),
            tools.clone(),
            Arc::clone(&ports),
            processes.clone(),
            surroundings,
        )?;
        Ok(Self {
            fleet: Fleet::new(global.internal, &secrets.control_master()),
            options,
            layout,
            tools,
            ports,
            processes,
            secrets,
            driver,
            started: Instant::now(),
            phase: Mutex::new(PlatformPhase::Starting),
            login: OnceLock::new(),
            changes: tokio::sync::Mutex::default(),
            public,
            global,
            simulator,
        })
    }

    /// Starts every part at once; each waits only for what it needs.
    pub(super) async fn bring_up(&self, progress: &Progress) -> Result<(), Error> {
        let specs = self.wanted_cells()?;
        let cells = try_join_all(specs.iter().map(|spec| {
            progress.milestone(format!("{} serves", spec.name), async {
                Ok::<ObservedCell, Error>(self.driver.create(spec, progress).await?)
            })
        }));
        let (cells, (), (), ()) = tokio::try_join!(
            cells,
            progress.milestone("global-control serves", self.start_global_control(progress)),
            progress.milestone("the DV360 simulator serves", self.start_simulator()),
            progress.milestone("the router serves", self.start_router()),
        )?;
        progress
            .step("cells join the fleet", async {
                for cell in &cells {
                    self.register(cell).await?;
                }
                try_join_all(cells.iter().map(|cell| self.wait_active(&cell.spec))).await
            })
            .await?;
        Ok(())
    }

    pub(super) async fn shut_down(&self) {
        self.set_phase(PlatformPhase::Stopping);
        for group in stop_order(&self.processes.names()) {
            self.processes.stop_all(group).await;
        }
    }

    /// Where the router listens for browsers.
    pub(super) fn public_addr(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.options.port))
    }

    pub(super) fn set_phase(&self, phase: PlatformPhase) {
        *self
            .phase
            .lock()
            .expect("nothing panics while it holds the phase") = phase;
    }

    pub fn phase(&self) -> PlatformPhase {
        *self
            .phase
            .lock()
            .expect("nothing panics while it holds the phase")
    }

    pub(super) fn programs(&self) -> Programs<'_> {
        Programs {
            layout: &self.layout,
            tools: &self.tools,
            secrets: &self.secrets,
            public_port: self.options.port,
            ui_dir: self.options.ui_dir.clone(),
        }
    }

    /// The cells that have data here, and new ones up to the wished number.
    fn wanted_cells(&self) -> Result<Vec<CellSpec>, Error> {
        let mut specs = self.driver.list_specs()?;
        while specs.len() < usize::try_from(self.options.cells).unwrap_or(usize::MAX) {
            let taken: Vec<CellName> = specs.iter().map(|spec| spec.name.clone()).collect();
            specs.push(new_spec(CellName::first_free(&taken), None));
        }
        Ok(specs)
    }

    async fn start_global_control(&self, progress: &Progress) -> Result<(), Error> {
        let database = progress
            .step("global-control: Postgres", self.start_global_database())
            .await?;
        let programs = self.programs();
        let migrate = programs.global_control("migrate", database)?;
        progress
            .step(
                "global-control: migrations",
                self.processes.run_once(&migrate),
            )
            .await?;
        let GlobalAddresses { public, internal } = self.global;
        let serve = programs.serve_global_control(database, public, internal)?;
        self.processes.start(serve.clone());
        let worked = launch(
            &self.ports,
            &self.processes,
            ["global-control/work"],
            |[health]| programs.work_global_control(database, health),
        );
        let served = self.processes.wait_ready(&serve, Duration::from_secs(60));
        let (served, worked) = tokio::join!(served, worked);
        served?;
        worked?;
        Ok(())
    }

    async fn start_global_database(&self) -> Result<SocketAddr, Error> {
        let cluster = Cluster {
            name: "global-control/postgres".to_owned(),
            folder: self.layout.cluster("global-control"),
            log: self.layout.log("global-control-postgres"),
            account: self.layout.account.clone(),
            superuser_password: self.secrets.superuser_password.clone(),
        };
        let made_note = self.layout.data.join("global-control.made");
        let made = files::read(&made_note)?.is_some();
        cluster.ensure(&self.tools, &self.processes, made).await?;
        let [addr] = launch(&self.ports, &self.processes, [&cluster.name], |[addr]| {
            cluster.server(&self.tools, addr)
        })
        .await?;
        let role = store::Role {
            name: GLOBAL_ROLE,
            password: &self.secrets.global_password,
            bypass_rls: false,
            grants: &[],
        };
        store::ensure_database(&cluster, addr, GLOBAL_DATABASE, &[role]).await?;
        files::write_atomic(&made_note, b"", 0o600)?;
        Ok(addr)
    }

    async fn start_simulator(&self) -> Result<(), Error> {
        let program = self
            .programs()
            .simulator(self.simulator, &self.options.simulator)?;
        self.processes.start(program.clone());
        Ok(self
            .processes
            .wait_ready(&program, Duration::from_secs(60))
            .await?)
    }

    async fn start_router(&self) -> Result<(), Error> {
        let GlobalAddresses { public, internal } = self.global;
        launch(&self.ports, &self.processes, ["router/admin"], |[admin]| {
            self.programs()
                .router(&self.public, admin, public, internal)
        })
        .await?;
        Ok(())
    }

    /// Tells global-control where the cell is now.
    async fn register(&self, cell: &ObservedCell) -> Result<(), Error> {
        let (Some(public_addr), Some(internal_addr)) = (cell.public_addr, cell.internal_addr)
        else {
            return Ok(());
        };
        let registration = RegisterCell {
            cell_id: cell.spec.cell_id,
            name: cell.spec.name.to_string(),
            public_addr,
            internal_addr,
            capacity_orgs: cell.spec.capacity_orgs,
        };
        Ok(self.fleet.register_cell(&registration).await?)
    }

    /// Until global-control has heard from the cell.
    async fn wait_active(&self, spec: &CellSpec) -> Result<(), Error> {
        let deadline = Instant::now() + ACTIVE_WITHIN;
        loop {
            let found = self.summary(spec.cell_id).await?;
            let heard = |state| matches!(state, CellState::Active | CellState::Draining);
            if found.is_some_and(|cell| heard(cell.state)) {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(Error::NotActive(
                    spec.name.to_string(),
                    ACTIVE_WITHIN.as_secs(),
                ));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn summary(&self, cell: CellId) -> Result<Option<CellSummary>, Error> {
        let cells = self.fleet.list_cells().await?;
        Ok(cells.into_iter().find(|found| found.cell_id == cell))
    }

    pub async fn create_cell(
        &self,
        name: Option<CellName>,
        capacity_orgs: Option<u32>,
        progress: &Progress,
    ) -> Result<ObservedCell, Error> {
        let _turn = self.changes.lock().await;
        let specs = self.driver.list_specs()?;
        let taken: Vec<CellName> = specs.iter().map(|spec| spec.name.clone()).collect();
        let name = name.unwrap_or_else(|| CellName::first_free(&taken));
        // Asking again for a cell that is there is fine: it may have failed half-way.
        let known = specs.into_iter().find(|spec| spec.name == name);
        let spec = known.unwrap_or_else(|| new_spec(name, capacity_orgs));
        self.join(&spec, progress).await
    }

    /// Undoes the last deletion of a cell of this name.
    pub async fn restore_cell(
        &self,
        name: &CellName,
        progress: &Progress,
    ) -> Result<ObservedCell, Error> {
        let _turn = self.changes.lock().await;
        let spec = self.driver.restore(name)?;
        self.join(&spec, progress).await
    }

    async fn join(&self, spec: &CellSpec, progress: &Progress) -> Result<ObservedCell, Error> {
        let serves = format!("{} serves", spec.name);
        let cell = progress
            .milestone(serves, self.driver.create(spec, progress))
            .await?;
        progress
            .milestone(format!("{} is in the fleet", spec.name), async {
                self.register(&cell).await?;
                self.wait_active(spec).await
            })
            .await?;
        Ok(cell)
    }

    /// What a deletion would do; an error says why it may not be done.
    pub async fn check_deletion(&self, name: &CellName) -> Result<CellSpec, Error> {
        let specs = self.driver.list_specs()?;
        let spec = specs
            .into_iter()
            .find(|spec| spec.name == *name)
            .ok_or_else(|| Error::UnknownCell(name.to_string()))?;
        let orgs = self
            .summary(spec.cell_id)
            .await?
            .map_or(0, |cell| cell.orgs);
        if orgs > 0 {
            let cell = name.clone();
            return Err(Error::CellInUse { cell, orgs });
        }
        Ok(spec)
    }

    /// global-control decides: it refuses while an org is assigned, whatever was counted before.
    pub async fn delete_cell(&self, name: &CellName) -> Result<DeletedCell, Error> {
        let _turn = self.changes.lock().await;
        let spec = self.check_deletion(name).await?;
        self.fleet.forget_cell(spec.cell_id).await?;
        Ok(self.driver.delete(spec.cell_id).await?)
    }
}

fn new_spec(name: CellName, capacity_orgs: Option<u32>) -> CellSpec {
    CellSpec {
        cell_id: CellId::new(),
        name,
        capacity_orgs: capacity_orgs.unwrap_or(DEFAULT_CAPACITY_ORGS),
    }
}

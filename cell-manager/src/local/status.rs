//! What runs where, and how it is doing: the answer to `cellctl local-status`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use contracts::provisioning::CellState;
use serde::{Deserialize, Serialize};

use super::Login;
use super::memory::{Snapshot, Usage};
use super::platform::{Platform, PlatformPhase};
use crate::driver::process::processes::Phase;
use crate::driver::{CellDriver as _, ObservedCell};

/// The fleet's part is a courtesy: a status must come also when global-control hangs.
const FLEET_WITHIN: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, Deserialize)]
pub struct Status {
    pub state: PlatformPhase,
    /// Ready, and every process is.
    pub healthy: bool,
    pub data: String,
    pub urls: Urls,
    pub versions: BTreeMap<String, String>,
    pub uptime_seconds: u64,
    /// Sum over everything that was started, and the supervisor itself.
    pub total: Usage,
    pub supervisor: Supervisor,
    pub processes: Vec<ProcessStatus>,
    pub cells: Vec<CellStatus>,
    /// The demo org's, when one was filled in.
    pub demo: Option<Login>,
}

/// What the driver sees of a cell, and what the fleet knows of it while global-control answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct CellStatus {
    #[serde(flatten)]
    pub cell: ObservedCell,
    pub orgs: Option<u32>,
    pub fleet_state: Option<CellState>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Urls {
    pub app: String,
    /// `{slug}` stands for the org.
    pub org: String,
    pub api_docs: String,
    pub dv360_simulator: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Supervisor {
    pub pid: u32,
    #[serde(flatten)]
    pub usage: Usage,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ProcessStatus {
    pub name: String,
    pub state: ProcessState,
    pub pid: Option<u32>,
    /// What it listens on, by purpose (`public`, `internal`, …).
    pub listens: BTreeMap<String, SocketAddr>,
    pub restarts: u32,
    pub uptime_seconds: u64,
    #[serde(flatten)]
    pub usage: Usage,
    /// How it ended last, if it ever did.
    pub last_end: Option<String>,
    pub log: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    Starting,
    Ready,
    NotReady,
    Restarting,
    Stopped,
}

impl From<Phase> for ProcessState {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Starting => Self::Starting,
            Phase::Ready => Self::Ready,
            Phase::NotReady => Self::NotReady,
            Phase::Pausing => Self::Restarting,
            Phase::Ended => Self::Stopped,
        }
    }
}

pub(super) async fn observe(platform: &Platform) -> Result<Status, super::Error> {
    let snapshot = Snapshot::take();
    let processes = list_processes(platform, &snapshot);
    let pid = std::process::id();
    let supervisor = Supervisor {
        pid,
        usage: snapshot.alone(pid),
    };
    let total = processes
        .iter()
        .fold(supervisor.usage, |sum, process| sum.plus(process.usage));
    let state = platform.phase();
    let all_ready = processes
        .iter()
        .all(|process| process.state == ProcessState::Ready);
    Ok(Status {
        state,
        healthy: state == PlatformPhase::Ready && all_ready,
        data: platform.layout.data.display().to_string(),
        urls: urls(platform),
        versions: versions(platform),
        uptime_seconds: platform.started.elapsed().as_secs(),
        total,
        supervisor,
        processes,
        cells: list_cells(platform).await?,
        demo: platform.login.get().cloned(),
    })
}

pub(super) async fn list_cells(platform: &Platform) -> Result<Vec<CellStatus>, super::Error> {
    let observed = platform.driver.observe().await?;
    let asked = tokio::time::timeout(FLEET_WITHIN, platform.fleet.list_cells()).await;
    let known = asked.ok().and_then(Result::ok).unwrap_or_default();
    let list = observed.into_iter().map(|cell| {
        let known = known
            .iter()
            .find(|known| known.cell_id == cell.spec.cell_id);
        CellStatus {
            orgs: known.map(|known| known.orgs),
            fleet_state: known.map(|known| known.state),
            cell,
        }
    });
    Ok(list.collect())
}

fn list_processes(platform: &Platform, snapshot: &Snapshot) -> Vec<ProcessStatus> {
    let mut names = platform.processes.names();
    names.extend(platform.processes.held_names());
    names.sort();
    let list = names.into_iter().map(|name| {
        let state = platform.processes.state(&name);
        let pid = state.as_ref().and_then(|state| state.pid);
        ProcessStatus {
            state: state
                .as_ref()
                .map_or(ProcessState::Stopped, |state| state.phase.into()),
            pid,
            listens: platform.listens(&name),
            restarts: state.as_ref().map_or(0, |state| state.restarts),
            uptime_seconds: state
                .as_ref()
                .map_or(0, |state| state.since.elapsed().as_secs()),
            usage: pid.map(|pid| snapshot.tree(pid)).unwrap_or_default(),
            last_end: state.and_then(|state| state.last_end),
            log: platform
                .layout
                .log(&name.replace('/', "-"))
                .display()
                .to_string(),
            name,
        }
    });
    list.collect()
}

pub(super) fn urls(platform: &Platform) -> Urls {
    let port = platform.options.port;
    let app = format!("http://app.localhost:{port}");
    Urls {
        api_docs: format!("{app}/api/docs"),
        org: format!("http://{{slug}}.localhost:{port}"),
        dv360_simulator: format!("http://{}", platform.simulator),
        app,
    }
}

fn versions(platform: &Platform) -> BTreeMap<String, String> {
    let postgres = platform.tools.postgres_major.to_string();
    let redis = platform
        .tools
        .redis_version()
        .unwrap_or_else(|| "unknown".to_owned());
    [
        ("cellplane", service_kit::VERSION.to_owned()),
        ("postgres", postgres),
        ("redis", redis),
    ]
    .map(|(name, version)| (name.to_owned(), version))
    .into()
}

impl Platform {
    /// The ports of one process, by what each is for.
    fn listens(&self, name: &str) -> BTreeMap<String, SocketAddr> {
        let mut listens = self.ports.of(name);
        if name == "router" {
            listens.insert("public".to_owned(), self.public_addr());
        }
        listens
    }
}

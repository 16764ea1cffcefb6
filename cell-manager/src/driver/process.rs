//! Cells as processes on this machine: each has its own Postgres cluster, its own Redis, its own
//! bronze folder and its own `cell serve` and `cell work`. Whoever opens the driver proves with
//! the data directory's lock that nobody else does, and ends what an earlier run left, so there
//! is never a second set of processes for a cell.
//!
//! Reading order: `layout`, `tools`, `program`, `processes`; then `postgres`, `redis`; then `cell`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use contracts::CellId;

use super::{CellDriver, CellSpec, CellState, DeletedCell, ObservedCell, Progress};

pub mod layout;

pub mod tools;

pub mod files;

pub mod lock;

pub mod program;

pub mod identity;

pub mod processes;

pub mod ports;

pub mod secrets;

pub mod privileges;

pub mod postgres;

pub mod redis;

pub mod surroundings;

pub mod trash;

mod cell;
mod holder;
mod launch;

use cell::Running;
use layout::Layout;
use ports::Ports;
use processes::{Phase, Processes};
use surroundings::Surroundings;
use tools::Tools;

pub use launch::launch;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is already another cell named {0}")]
    NameTaken(super::CellName),
    #[error("there is no cell {0}")]
    Unknown(String),
    #[error(transparent)]
    Files(#[from] files::Error),
    #[error(transparent)]
    Ports(#[from] ports::Error),
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Privileges(#[from] privileges::Error),
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    #[error(transparent)]
    Processes(#[from] processes::Error),
}

/// Runs cells in one data directory.
#[derive(Debug)]
pub struct ProcessDriver {
    pub(crate) layout: Layout,
    pub(crate) tools: Tools,
    pub(crate) ports: Arc<Ports>,
    pub(crate) processes: Processes,
    pub(crate) surroundings: Surroundings,
    running: Mutex<BTreeMap<CellId, Running>>,
    /// One change of a cell at a time.
    changing: Mutex<BTreeMap<CellId, Arc<tokio::sync::Mutex<()>>>>,
}

impl ProcessDriver {
    /// Finishes deletions that a crash interrupted.
    pub fn open(
        layout: Layout,
        tools: Tools,
        ports: Arc<Ports>,
        processes: Processes,
        surroundings: Surroundings,
    ) -> Result<Self, Error> {
        let driver = Self {
            layout,
            tools,
            ports,
            processes,
            surroundings,
            running: Mutex::default(),
            changing: Mutex::default(),
        };
        trash::finish_deletions(&driver.layout)?;
        Ok(driver)
    }

    /// Every cell that has data here.
    pub fn list_specs(&self) -> Result<Vec<CellSpec>, Error> {
        let records = cell::list_records(&self.layout)?;
        Ok(records.into_iter().map(|record| record.spec).collect())
    }

    pub fn find(&self, cell: CellId) -> Result<CellSpec, Error> {
        self.list_specs()?
            .into_iter()
            .find(|spec| spec.cell_id == cell)
            .ok_or_else(|| Error::Unknown(cell.to_string()))
    }

    /// The deleted cells whose data is still kept.
    pub fn list_deleted(&self) -> Result<Vec<DeletedCell>, Error> {
        Ok(trash::list(&self.layout)?)
    }

    /// Brings back the newest deleted cell of this name; `create` starts it again.
    pub fn restore(&self, name: &super::CellName) -> Result<CellSpec, Error> {
        if self.layout.cell(name).exists() {
            return Err(Error::NameTaken(name.clone()));
        }
        trash::restore(&self.layout, name)?.ok_or_else(|| Error::Unknown(name.to_string()))
    }

    /// Removes the data of every deleted cell for good.
    pub fn purge(&self) -> Result<Vec<DeletedCell>, Error> {
        Ok(trash::purge(&self.layout)?)
    }

    fn observe_one(&self, spec: CellSpec) -> ObservedCell {
        let running = self.running(spec.cell_id);
        let ready = cell::PROCESSES.iter().all(|process| {
            let state = self.processes.state(&format!("{}/{process}", spec.name));
            state.is_some_and(|state| state.phase == Phase::Ready)
        });
        let state = match running {
            None => CellState::Stopped,
            Some(_) if ready => CellState::Ready,
            Some(_) => CellState::Starting,
        };
        ObservedCell {
            spec,
            state,
            public_addr: running.map(|running| running.public),
            internal_addr: running.map(|running| running.internal),
        }
    }

    fn running(&self, cell: CellId) -> Option<Running> {
        let running = self
            .running
            .lock()
            .expect("nothing panics while it holds the map");
        running.get(&cell).copied()
    }

    fn set_running(&self, cell: CellId, running: Option<Running>) {
        let mut map = self
            .running
            .lock()
            .expect("nothing panics while it holds the map");
        match running {
            Some(running) => map.insert(cell, running),
            None => map.remove(&cell),
        };
    }

    fn turn(&self, cell: CellId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self
            .changing
            .lock()
            .expect("nothing panics while it holds the map");
        Arc::clone(turns.entry(cell).or_default())
    }

    async fn stop_processes(&self, spec: &CellSpec) {
        for rung in cell::STOP_ORDER {
            let names: Vec<String> = rung.iter().map(|p| format!("{}/{p}", spec.name)).collect();
            self.processes
                .stop_all(names.iter().map(String::as_str))
                .await;
        }
        self.set_running(spec.cell_id, None);
    }
}

#[async_trait]
impl CellDriver for ProcessDriver {
    type Error = Error;

    async fn create(&self, spec: &CellSpec, progress: &Progress) -> Result<ObservedCell, Error> {
        let turn = self.turn(spec.cell_id);
        let _turn = turn.lock().await;
        if self.running(spec.cell_id).is_none() {
            match cell::bring_up(self, spec, progress).await {
                Ok(running) => self.set_running(spec.cell_id, Some(running)),
                Err(err) => {
                    self.stop_processes(spec).await;
                    return Err(err);
                }
            }
        }
        Ok(self.observe_one(self.find(spec.cell_id)?))
    }

    async fn observe(&self) -> Result<Vec<ObservedCell>, Error> {
        let specs = self.list_specs()?;
        Ok(specs
            .into_iter()
            .map(|spec| self.observe_one(spec))
            .collect())
    }

    async fn start(&self, cell: CellId, progress: &Progress) -> Result<ObservedCell, Error> {
        self.create(&self.find(cell)?, progress).await
    }

    async fn stop(&self, cell: CellId) -> Result<(), Error> {
        let spec = self.find(cell)?;
        let turn = self.turn(cell);
        let _turn = turn.lock().await;
        self.stop_processes(&spec).await;
        Ok(())
    }

    async fn delete(&self, cell: CellId) -> Result<DeletedCell, Error> {
        let spec = self.find(cell)?;
        let turn = self.turn(cell);
        let _turn = turn.lock().await;
        self.stop_processes(&spec).await;
        let deleted = trash::delete(&self.layout, &spec)?;
        self.ports.forget(&format!("{}/", spec.name))?;
        Ok(deleted)
    }
}

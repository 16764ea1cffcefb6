//! What brings cells to life. One trait, so that the rest of Cellplane does not know whether a
//! cell is a handful of processes on this machine or a set of objects in Kubernetes.
//!
//! **The split-brain contract.** For every cell there is at most one set of running processes at
//! any time, whatever was killed when. A driver that starts a cell first makes sure that no
//! process of an earlier set still runs; if it cannot be sure, it refuses. Two sets on one
//! database would both hold the fence open and both serve.

use std::net::SocketAddr;

use async_trait::async_trait;
use contracts::CellId;
use serde::{Deserialize, Serialize};

pub mod process;

mod name;
mod progress;

pub use name::{CellName, NameError};
pub use progress::{Progress, Step};

/// What a cell should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellSpec {
    pub cell_id: CellId,
    pub name: CellName,
    /// How many orgs placement may put there.
    pub capacity_orgs: u32,
}

/// A cell as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedCell {
    pub spec: CellSpec,
    pub state: CellState,
    /// Where the router reaches it; absent while it is stopped.
    pub public_addr: Option<SocketAddr>,
    /// Where global-control reaches it; absent while it is stopped.
    pub internal_addr: Option<SocketAddr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// Its data is there, nothing runs.
    Stopped,
    /// Some of its processes are not ready.
    Starting,
    /// Every process answers that it is ready.
    Ready,
}

/// What deleting a cell left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedCell {
    pub spec: CellSpec,
    /// Where the data waits until it is purged.
    pub kept_in: String,
}

/// Makes cells real. Every call is idempotent: repeating it, also after a crash in the middle,
/// ends in the same state. See the module's text for the contract about running twice.
#[async_trait]
pub trait CellDriver: Send + Sync {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Makes the cell if it is missing, starts it if it is stopped, and returns once it serves.
    async fn create(
        &self,
        spec: &CellSpec,
        progress: &Progress,
    ) -> Result<ObservedCell, Self::Error>;

    /// Every cell there is, running or not, in the order of their names.
    async fn observe(&self) -> Result<Vec<ObservedCell>, Self::Error>;

    /// Starts a cell that exists; the same as `create` for one that runs.
    async fn start(&self, cell: CellId, progress: &Progress) -> Result<ObservedCell, Self::Error>;

    /// Ends every process of the cell; its data stays. Returns once they are gone.
    async fn stop(&self, cell: CellId) -> Result<(), Self::Error>;

    /// Stops the cell and puts its data where it can still be brought back from.
    async fn delete(&self, cell: CellId) -> Result<DeletedCell, Self::Error>;
}

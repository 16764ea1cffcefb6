//! What global-control asks of a cell for a new org, and what cells report back.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::{CellId, Epoch, OrgId, Role, Slug, UserId};

/// A person as a cell knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCard {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
}

/// `PUT /internal/orgs/{org_id}`: make the org ready to be served. Repeatable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrepareOrg {
    pub slug: Slug,
    pub name: String,
    pub epoch: Epoch,
    pub owner: MemberCard,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedOrg {
    pub org: OrgId,
    pub epoch: Epoch,
}

/// `POST /internal/cells`: an operator makes a cell known. Repeatable by `cell_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterCell {
    pub cell_id: CellId,
    pub name: String,
    pub public_addr: SocketAddr,
    pub internal_addr: SocketAddr,
    /// How many orgs placement may put there.
    pub capacity_orgs: u32,
}

/// `POST /internal/cells/{cell_id}/heartbeat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellHeartbeat {
    pub version: String,
    pub orgs: u32,
    pub jobs_queued: u32,
    /// Thousandths of one core over the last interval.
    pub cpu_milli: u32,
    pub rss_bytes: u64,
    /// The last configuration version the cell has stored.
    pub config_version: i64,
}

/// A cell as the fleet sees it: `GET /internal/cells`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CellSummary {
    pub cell_id: CellId,
    pub name: String,
    pub state: CellState,
    #[schema(value_type = String)]
    pub public_addr: SocketAddr,
    #[schema(value_type = String)]
    pub internal_addr: SocketAddr,
    pub orgs: u32,
    pub capacity_orgs: u32,
    pub version: Option<String>,
    /// Milliseconds since the last heartbeat; absent before the first.
    pub heartbeat_age_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// Registered, no heartbeat yet.
    Joining,
    Active,
    /// No new org is placed here.
    Draining,
    /// Heartbeats have stopped.
    Silent,
}

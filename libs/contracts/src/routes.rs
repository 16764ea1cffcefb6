//! The route feed: signed snapshots and a gap-free stream of updates, from global-control to routers.
//!
//! A snapshot file is one JSON header line and a body of NDJSON entries. The header carries the
//! body's SHA-256 and an Ed25519 signature over [`signed_text`], so a torn, edited or forged file is
//! refused. Updates carry consecutive `seq`; a gap means: fetch the snapshot again.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::{CellId, CustomHost, Epoch, OrgId, RouterId, Slug, slug};

pub const SNAPSHOT_FORMAT: u32 = 2;

/// The first line of a snapshot file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHeader {
    pub format: u32,
    /// The last update that is contained.
    pub seq: i64,
    pub entries: u64,
    /// Lower-case hex SHA-256 of the body's bytes.
    pub sha256: String,
    /// Lower-case hex Ed25519 signature of [`signed_text`].
    pub signature: String,
}

/// What a snapshot's signature covers.
pub fn signed_text(format: u32, seq: i64, entries: u64, sha256: &str) -> String {
    format!("cellplane-routes-v{format}\n{seq}\n{entries}\n{sha256}")
}

/// Where a cell listens for the router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRoute {
    pub cell: CellId,
    pub name: String,
    pub addr: SocketAddr,
}

/// Which cell serves an org, under which hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgRoute {
    pub org: OrgId,
    #[serde(deserialize_with = "slug::deserialize_held")]
    pub slug: Slug,
    /// Names that the org brought itself, proven to be its own; at most [`MAX_HOSTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<CustomHost>,
    pub cell: CellId,
    pub epoch: Epoch,
    /// Requests wait at the router, since the org is between two cells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

/// Custom hosts of one org.
pub const MAX_HOSTS: usize = 100;

/// One line of a snapshot's body and the payload of an update. Removals are explicit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteEntry {
    Cell(CellRoute),
    CellRemoved { cell: CellId },
    Org(OrgRoute),
    OrgRemoved { org: OrgId },
}

/// One line of the stream. A heartbeat repeats the last `seq` and carries no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteUpdate {
    pub seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<RouteEntry>,
}

/// A router says how far it has applied the stream; it also renews its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteAck {
    pub router: RouterId,
    pub seq: i64,
}

/// How long a router counts as alive after its last acknowledgement, in milliseconds.
pub const ROUTER_LEASE_MS: i64 = 10_000;

#[cfg(test)]
mod tests;

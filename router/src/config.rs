//! Settings of the router, read once from `ROUTER_*`.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::hold;
use contracts::RouterId;
use serde::{Deserialize, Serialize};
use service_kit::config::{self, CommaList, Error, HexKey, PublicKey, Telemetry};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where browsers and API clients connect.
    pub public_listen: CommaList<SocketAddr>,
    /// Health, metrics and explanations; loopback only.
    pub admin_listen: SocketAddr,
    #[serde(default = "default_domain")]
    pub domain: String,
    /// global-control's public listener, which serves the app host.
    pub app_upstream: SocketAddr,
    /// The last known good route snapshot.
    pub snapshot_path: PathBuf,
    /// global-control's internal listener.
    pub feed_url: String,
    pub router_id: RouterId,
    pub control_key: HexKey,
    pub edge_master_key: HexKey,
    /// Who may sign route snapshots.
    pub snapshot_public_keys: CommaList<PublicKey>,
    #[serde(default = "default_threads")]
    pub threads: usize,
    /// How long open requests may go on after SIGTERM.
    #[serde(default = "default_grace_period_ms")]
    pub grace_period_ms: u64,
    /// How many requests may wait for an org that changes cells, and for how long.
    #[serde(default)]
    pub hold: hold::Limits,
    #[serde(default)]
    pub telemetry: Telemetry,
}

fn default_domain() -> String {
    "localhost".to_owned()
}

fn default_threads() -> usize {
    1
}

fn default_grace_period_ms() -> u64 {
    5_000
}

/// Clients can provoke these lines at will, and every failed request has its own line from us.
const QUIET: &str = "pingora_proxy=off,pingora_core::apps=off,pingora_core::protocols=off";

impl Config {
    pub fn load() -> Result<Self, Error> {
        config::load("ROUTER")
    }

    /// The telemetry settings with Pingora's own per-request lines silenced.
    pub fn telemetry(&self) -> Telemetry {
        let mut telemetry = self.telemetry.clone();
        telemetry.log_filter = format!("{QUIET},{}", telemetry.log_filter);
        telemetry
    }
}

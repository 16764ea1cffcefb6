//! Settings, all from `GLOBAL_*`. Every subcommand reads the same ones.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};
use service_kit::config::{HexKey, PublicUrls, Telemetry};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(serialize_with = "hidden")]
    pub database_url: SecretString,
    #[serde(default = "defaults::public_listen")]
    pub public_listen: SocketAddr,
    #[serde(default = "defaults::internal_listen")]
    pub internal_listen: SocketAddr,
    #[serde(default = "defaults::health_listen")]
    pub health_listen: SocketAddr,
    pub public_url_template: PublicUrls,
    /// Derives the key of every cell, router and operator.
    pub control_master_key: HexKey,
    /// What routers sign requests to us with.
    pub edge_key: HexKey,
    /// Ed25519 seed: signs hand-off codes and route snapshots.
    pub signing_key: HexKey,
    /// Serves the UI from this folder instead of the embedded bundle.
    #[serde(default)]
    pub ui_dir: Option<PathBuf>,
    #[serde(default = "defaults::worker_threads")]
    pub worker_threads: usize,
    #[serde(default = "defaults::database_connections")]
    pub database_connections: u32,
    #[serde(default)]
    pub sessions: Sessions,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub telemetry: Telemetry,
}

/// How long a browser stays signed in on the app host.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    pub idle_seconds: u32,
    pub absolute_seconds: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_seconds: 7 * 86_400,
            absolute_seconds: 30 * 86_400,
        }
    }
}

/// Token buckets: how many at once, and how long until one more.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub login_per_account: u32,
    pub login_per_account_refill_ms: u64,
    pub login_per_client: u32,
    pub login_per_client_refill_ms: u64,
    pub signup_per_client: u32,
    pub signup_per_client_refill_ms: u64,
    pub lookup_per_client: u32,
    pub lookup_per_client_refill_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login_per_account: 10,
            login_per_account_refill_ms: 10_000,
            login_per_client: 100,
            login_per_client_refill_ms: 500,
            signup_per_client: 500,
            signup_per_client_refill_ms: 500,
            lookup_per_client: 300,
            lookup_per_client_refill_ms: 100,
        }
    }
}

mod defaults {
    //! What `cargo x up` overrides and a bare start gets.

    use std::net::{Ipv4Addr, SocketAddr};

    fn loopback(port: u16) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, port).into()
    }

    pub(super) fn public_listen() -> SocketAddr {
        loopback(7_000)
    }

    pub(super) fn internal_listen() -> SocketAddr {
        loopback(7_001)
    }

    pub(super) fn health_listen() -> SocketAddr {
        loopback(7_002)
    }

    pub(super) const fn worker_threads() -> usize {
        2
    }

    pub(super) const fn database_connections() -> u32 {
        10
    }
}

fn hidden<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("[hidden]")
}

#[cfg(test)]
mod tests;

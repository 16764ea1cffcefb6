//! Settings, all from `CELL_*`. Every subcommand reads the same ones.

use std::net::SocketAddr;
use std::path::PathBuf;

use contracts::CellId;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use service_kit::config::{CommaList, HexKey, PublicKey, PublicUrls, Telemetry};
use url::Url;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(deserialize_with = "cell_id")]
    pub cell_id: CellId,
    pub name: String,
    /// As the app role, which owns nothing and cannot get around row-level security.
    #[serde(serialize_with = "hidden")]
    pub database_url: SecretString,
    /// As the owner of the tables; only `migrate` uses it.
    #[serde(default, serialize_with = "hidden_option")]
    pub owner_database_url: Option<SecretString>,
    #[serde(default = "defaults::app_role")]
    pub app_role: String,
    #[serde(default = "defaults::mover_role")]
    pub mover_role: String,
    #[serde(serialize_with = "hidden")]
    pub redis_url: SecretString,
    /// Where raw files are kept: `file:///…`.
    pub bronze_url: Url,
    /// Where delivered files are picked up: `file:///…/<org>/<connection>/`. Absent: uploads only.
    #[serde(default)]
    pub file_drop_url: Option<Url>,
    #[serde(default = "defaults::public_listen")]
    pub public_listen: SocketAddr,
    #[serde(default = "defaults::internal_listen")]
    pub internal_listen: SocketAddr,
    #[serde(default = "defaults::health_listen")]
    pub health_listen: SocketAddr,
    /// The internal listener of global-control. The cell works without it.
    pub global_control_url: Url,
    /// Signs our calls to global-control and verifies its calls to us.
    pub control_key: HexKey,
    /// What routers sign requests to us with.
    pub edge_key: HexKey,
    /// Signs the org context that row-level security verifies.
    pub context_key: HexKey,
    /// Wraps the orgs' data keys.
    pub envelope_key: HexKey,
    /// Who may sign people in: global-control's Ed25519 keys.
    pub global_public_keys: CommaList<PublicKey>,
    pub public_url_template: PublicUrls,
    pub dv360: Dv360,
    /// Serves the UI from this folder instead of the embedded bundle.
    #[serde(default)]
    pub ui_dir: Option<PathBuf>,
    #[serde(default = "defaults::worker_threads")]
    pub worker_threads: usize,
    #[serde(default)]
    pub serve: Serve,
    #[serde(default)]
    pub work: Work,
    #[serde(default)]
    pub quota: Quota,
    #[serde(default)]
    pub telemetry: Telemetry,
}

/// Where Google's services are; a simulator differs in nothing but this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dv360 {
    pub authorize_url: Url,
    pub token_url: Url,
    pub revoke_url: Url,
    pub bid_manager_url: Url,
    pub display_video_url: Url,
    pub client_id: String,
    #[serde(serialize_with = "hidden")]
    pub client_secret: SecretString,
    /// `host` or `host:port` that report files may be downloaded from.
    pub download_hosts: CommaList<String>,
    pub redirect_url: Url,
    /// Of the 1,500 entity calls that the source allows the project, what the cell takes until
    /// global-control has said. 0: they are not counted, of a source that nobody else asks.
    #[serde(default = "defaults::entity_calls_per_minute")]
    pub entity_calls_per_minute: u32,
    /// The longest that an answer may take as a whole, however busily it drips in. Files may take
    /// longer.
    #[serde(default = "two_minutes")]
    pub answer_timeout_ms: u32,
}

fn two_minutes() -> u32 {
    120_000
}

impl Dv360 {
    pub(crate) fn answer_timeout(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.answer_timeout_ms.into())
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Serve {
    pub database_connections: u16,
    pub session_idle_seconds: u32,
    pub session_absolute_seconds: u32,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            database_connections: 8,
            session_idle_seconds: 7 * 86_400,
            session_absolute_seconds: 30 * 86_400,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Work {
    pub database_connections: u16,
    /// Jobs at once in this process.
    pub jobs: u16,
    /// Jobs of one org at once in the whole cell.
    pub jobs_per_org: u16,
    /// A job whose process died is taken up again after this long.
    pub lease_ms: u32,
    /// How long running jobs may go on after a stop was asked for.
    pub drain_ms: u32,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            database_connections: 4,
            jobs: 4,
            jobs_per_org: 2,
            lease_ms: 30_000,
            drain_ms: 4_000,
        }
    }
}

/// Whose quota this cell uses, and what of it until global-control has said.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// The project of our client at the source, as operators name it.
    pub project: String,
    /// A cell gets its orgs from global-control, so it has heard before it has anything to ask for;
    /// alone on one machine it may use all that a source usually gives.
    pub first_calls_per_day: u32,
    pub first_per_second_milli: u32,
    /// How often global-control hears what the cell holds and wants.
    pub report_every_ms: u32,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            project: "default".to_owned(),
            first_calls_per_day: 2_000,
            first_per_second_milli: 4_000,
            report_every_ms: 5_000,
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
        loopback(7_100)
    }

    pub(super) fn internal_listen() -> SocketAddr {
        loopback(7_101)
    }

    pub(super) fn health_listen() -> SocketAddr {
        loopback(7_102)
    }

    pub(super) const fn worker_threads() -> usize {
        2
    }

    pub(super) const fn entity_calls_per_minute() -> u32 {
        1_200
    }

    pub(super) fn app_role() -> String {
        "cell_app".into()
    }

    pub(super) fn mover_role() -> String {
        "cell_mover".into()
    }
}

fn cell_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CellId, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

fn hidden<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("[hidden]")
}

fn hidden_option<S: Serializer>(
    secret: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => hidden(secret, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;

//! Settings of the simulator, from `SIMULATOR_*` over defaults that suit a laptop.
//!
//! The same struct configures a simulator inside a test; `SimulatorConfig::for_tests` takes the
//! waiting and the limits out.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use chrono::NaiveDate;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service_kit::config::Telemetry;

use crate::quota::Quotas;
use crate::world::Restatement;

/// A seed whose demonstration has insertion orders on pace, behind, ahead and without a budget.
const DEMO_SEED: u64 = 11;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatorConfig {
    pub listen: SocketAddr,
    /// Decides the whole world, and signs tokens and links: same seed, same everything.
    pub seed: u64,
    /// What download links begin with; the host of the request if absent.
    pub public_url: Option<String>,
    /// Fixes the date in every zone; the real clock if absent.
    pub today: Option<NaiveDate>,
    pub report_delay_ms: u64,
    /// Reports wait as long as real ones were seen to, instead of `report_delay_ms`.
    pub observed_delays: bool,
    /// How the built-in world's figures change after their day.
    pub restatement: Restatement,
    /// Queries in everybody's list that nobody here made.
    pub foreign_queries: u32,
    /// Whether a page token ends when an advertiser is added.
    pub tokens_die_with_roster: bool,
    /// Where the journal is kept; what was promised is lost with the process if absent.
    pub state_dir: Option<PathBuf>,
    pub link_lifetime_s: i64,
    pub access_token_lifetime_s: i64,
    /// Advertisers under each partner; the demonstration's own number if absent.
    pub advertisers: Option<u32>,
    /// Line items of each advertiser; the demonstration's own numbers if absent.
    pub line_items: Option<u32>,
    /// Serves this many small agencies instead of the demonstration.
    pub histories: Option<u32>,
    /// The number of the first of them.
    pub first_history: u32,
    /// The day the world is laid around, if it is not today.
    pub built_on: Option<NaiveDate>,
    /// The one OAuth client that is accepted; any if absent.
    pub client_id: Option<String>,
    #[serde(skip_serializing)]
    pub client_secret: Option<SecretString>,
    /// Answers the consent page for the person: allows everything, as the hinted or first user.
    pub auto_consent: bool,
    pub quotas: Quotas,
    pub telemetry: Telemetry,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8360)),
            seed: DEMO_SEED,
            public_url: None,
            today: None,
            report_delay_ms: 1_000,
            observed_delays: false,
            restatement: Restatement::realistic(),
            foreign_queries: 0,
            tokens_die_with_roster: false,
            state_dir: None,
            link_lifetime_s: 3_600,
            access_token_lifetime_s: 3_599,
            advertisers: None,
            line_items: None,
            histories: None,
            first_history: 0,
            built_on: None,
            client_id: None,
            client_secret: None,
            auto_consent: false,
            quotas: Quotas::default(),
            telemetry: Telemetry::default(),
        }
    }
}

impl SimulatorConfig {
    /// A free port, reports that are done at once, no quota.
    pub fn for_tests() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            report_delay_ms: 0,
            quotas: Quotas::unlimited(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;

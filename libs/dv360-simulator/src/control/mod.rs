//! The simulator's own controls under `/sim`: faults, edits, the clock, the truth, what was asked.
//!
//! Google has nothing like it; it exists for tests and demonstrations, and needs no credentials.
//! `GET /sim` is a page to drive it by hand.

pub(crate) mod change;

pub(crate) mod page;

pub(crate) mod http;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::quota::Quotas;
use crate::world::Facts;

/// What `POST /sim/config` may change while the simulator runs; absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    pub report_delay_ms: Option<u64>,
    /// Several: each report waits one of them, a little more or less.
    pub report_delays_ms: Option<Vec<u64>>,
    /// A date in every zone, or `"real"` for the real clock again.
    pub today: Option<String>,
    /// An instant to travel to. Reports under way wait no longer than the way there.
    pub now: Option<String>,
    pub advance_s: Option<u32>,
    /// Simulated seconds in a real one; time stands still at 0.
    pub speed: Option<u32>,
    pub link_lifetime_s: Option<i64>,
    pub access_token_lifetime_s: Option<i64>,
    /// Expires every access token issued so far.
    pub expire_access_tokens: bool,
    pub foreign_queries: Option<u32>,
    pub tokens_die_with_roster: Option<bool>,
    pub quotas: Option<Quotas>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TruthRow {
    pub(crate) date: NaiveDate,
    pub(crate) campaign_id: String,
    pub(crate) insertion_order_id: String,
    pub(crate) line_item_id: String,
    /// Whether a report made now shows the final figures of the date.
    pub(crate) settled: bool,
    #[serde(flatten)]
    pub(crate) facts: Facts,
    /// What a report made now shows, when both were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) served: Option<Facts>,
}

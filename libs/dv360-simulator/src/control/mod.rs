//! The simulator's own controls under `/sim`: faults, settings, the truth, the request counts.
//!
//! Google has nothing like it; it exists for tests and demonstrations, and needs no credentials.

pub(crate) mod http;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::quota::Quotas;
use crate::world::Facts;

/// What `POST /sim/config` may change while the simulator runs; absent fields stay as they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    pub report_delay_ms: Option<u64>,
    /// A date, or `"real"` for the real clock again.
    pub today: Option<String>,
    pub link_lifetime_s: Option<i64>,
    pub access_token_lifetime_s: Option<i64>,
    /// Expires every access token issued so far.
    pub expire_access_tokens: bool,
    pub quotas: Option<Quotas>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TruthRow {
    pub(crate) date: NaiveDate,
    pub(crate) campaign_id: String,
    pub(crate) insertion_order_id: String,
    pub(crate) line_item_id: String,
    #[serde(flatten)]
    pub(crate) facts: Facts,
}

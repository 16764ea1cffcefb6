//! What a sync did, step by step: when, with how many requests and bytes.

use chrono::{DateTime, Utc};
use serde::Serialize;

pub(crate) mod store;

/// A step that is over.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = SyncStep)]
pub struct Entry {
    /// The name of the state it was in.
    pub step: String,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    /// Requests to the source.
    pub calls: i64,
    /// Downloaded.
    pub bytes: i64,
    pub note: Option<String>,
}

/// What a step has used so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) calls: u64,
    pub(super) bytes: u64,
    pub(super) note: Option<String>,
}

impl Used {
    pub(super) fn entry(self, step: &str, started_at: DateTime<Utc>) -> Entry {
        Entry {
            step: step.to_owned(),
            started_at,
            finished_at: Utc::now().max(started_at),
            calls: i64::try_from(self.calls).unwrap_or(i64::MAX),
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            note: self.note,
        }
    }
}

//! Leave to ask a source something, taken before each request. A connector asks for it without
//! knowing who counts; `budget` counts without knowing any source.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Given to a connector with each session.
#[async_trait]
pub trait Permit: Send + Sync {
    /// Waits for the turn of a request to one of the source's interfaces, or says until when there
    /// is none. `part`: whose requests the source counts by themselves as well, such as an
    /// advertiser's. What was taken counts, whether it is sent or not: the source counts too.
    async fn take(&self, api: &'static str, part: Option<&str>) -> Result<(), Denied>;

    /// The source says that the day's requests are used up, whatever we have counted.
    async fn used_up(&self, api: &'static str);
}

/// Not now. Nothing is wrong, so it is not counted as a failed attempt: whoever was denied waits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Denied {
    pub reason: Reason,
    /// Asking earlier is in vain.
    pub retry_at: DateTime<Utc>,
    /// For people.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The cell's share of the source's quota, or the org's fair part of it, is used up.
    Quota,
    /// One of the org's own limits has been reached.
    Budget,
}

impl Reason {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quota => "source_quota",
            Self::Budget => "budget_used_up",
        }
    }
}

impl Denied {
    /// From now until it is worth asking again, and never no time at all.
    pub fn wait(&self, now: DateTime<Utc>) -> Duration {
        let left = (self.retry_at - now).to_std().unwrap_or_default();
        left.max(Duration::from_secs(1))
    }
}

/// Counts nothing and denies nothing, for tools that have a source to themselves.
pub struct Unlimited;

#[async_trait]
impl Permit for Unlimited {
    async fn take(&self, _: &'static str, _: Option<&str>) -> Result<(), Denied> {
        Ok(())
    }

    async fn used_up(&self, _: &'static str) {}
}

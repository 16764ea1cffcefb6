//! Google's request quotas, counted per project (here: per OAuth client).
//!
//! Every authenticated request counts, also one that is then refused. Windows are fixed, not
//! sliding; the day of Bid Manager begins at midnight in California.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::America::Los_Angeles;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A limit of 0 is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quotas {
    pub reports_per_day: u64,
    pub reports_per_second: u64,
    pub entities_per_minute: u64,
    pub entities_per_minute_and_advertiser: u64,
    /// Whether Bid Manager refuses with the documented 403 forms instead of 429.
    pub refuse_with_403: bool,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            reports_per_day: 2_000,
            reports_per_second: 4,
            entities_per_minute: 1_500,
            entities_per_minute_and_advertiser: 300,
            refuse_with_403: false,
        }
    }
}

impl Quotas {
    /// Nothing is ever refused; requests are still counted.
    pub fn unlimited() -> Self {
        Quotas {
            reports_per_day: 0,
            reports_per_second: 0,
            entities_per_minute: 0,
            entities_per_minute_and_advertiser: 0,
            refuse_with_403: false,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Quota {
    limits: Mutex<Quotas>,
    windows: Mutex<HashMap<(Window, String), (i64, u64)>>,
    totals: Mutex<Totals>,
}

/// What a test needs to know about the requests that were made.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) reports: u64,
    pub(crate) entities: u64,
    pub(crate) downloads: u64,
    pub(crate) refused: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Window {
    ReportsDay,
    ReportsSecond,
    EntitiesMinute,
    AdvertiserMinute,
}

impl Quota {
    pub(crate) fn new(limits: Quotas) -> Self {
        Self {
            limits: Mutex::new(limits),
            windows: Mutex::new(HashMap::new()),
            totals: Mutex::new(Totals::default()),
        }
    }

    pub(crate) fn set_limits(&self, limits: Quotas) {
        *self.limits.lock() = limits;
        self.windows.lock().clear();
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals.lock().clone()
    }

    pub(crate) fn count_download(&self) {
        self.totals.lock().downloads += 1;
    }

    pub(crate) fn take_report(&self, project: &str, now: DateTime<Utc>) -> Result<(), Error> {
        self.totals.lock().reports += 1;
        let limits = self.limits.lock().clone();
        let today = i64::from(now.with_timezone(&Los_Angeles).num_days_from_ce());
        let in_day = self.take(Window::ReportsDay, project, today, limits.reports_per_day);
        let in_second = self.take(
            Window::ReportsSecond,
            project,
            now.timestamp(),
            limits.reports_per_second,
        );
        let refused = match (in_day, in_second) {
            (true, true) => return Ok(()),
            (false, _) if limits.refuse_with_403 => Error::daily_limit(),
            (_, false) if limits.refuse_with_403 => Error::user_rate_limit(),
            _ => Error::exhausted(),
        };
        self.totals.lock().refused += 1;
        Err(refused)
    }

    pub(crate) fn take_entity(
        &self,
        project: &str,
        advertiser: Option<u64>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.totals.lock().entities += 1;
        let limits = self.limits.lock().clone();
        let minute = now.timestamp() / 60;
        let mut fits = self.take(
            Window::EntitiesMinute,
            project,
            minute,
            limits.entities_per_minute,
        );
        if let Some(id) = advertiser {
            let key = format!("{project}/{id}");
            let limit = limits.entities_per_minute_and_advertiser;
            fits &= self.take(Window::AdvertiserMinute, &key, minute, limit);
        }
        if fits {
            return Ok(());
        }
        self.totals.lock().refused += 1;
        Err(Error::exhausted())
    }

    fn take(&self, window: Window, key: &str, position: i64, limit: u64) -> bool {
        let mut windows = self.windows.lock();
        let slot = windows
            .entry((window, key.to_owned()))
            .or_insert((position, 0));
        if slot.0 != position {
            *slot = (position, 0);
        }
        slot.1 += 1;
        limit == 0 || slot.1 <= limit
    }
}

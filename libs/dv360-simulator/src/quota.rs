//! Google's request quotas, counted per project (here: per OAuth client).
//!
//! Every authenticated request counts, also one that is then refused. Windows are fixed, not
//! sliding; the day of Bid Manager begins at midnight in California.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::America::Los_Angeles;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::journal::{Entry, Journal};

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
    /// Of one person: reports run by hand in a day, reports under way, queries with a schedule.
    pub runs_per_day_and_user: u64,
    pub reports_under_way_per_user: u64,
    pub scheduled_per_user: u64,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            reports_per_day: 2_000,
            reports_per_second: 4,
            entities_per_minute: 1_500,
            entities_per_minute_and_advertiser: 300,
            refuse_with_403: false,
            runs_per_day_and_user: 700,
            reports_under_way_per_user: 0,
            scheduled_per_user: 0,
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
            runs_per_day_and_user: 0,
            reports_under_way_per_user: 0,
            scheduled_per_user: 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Quota {
    journal: Arc<Journal>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Window {
    ReportsDay,
    RunsDay,
    ReportsSecond,
    EntitiesMinute,
    AdvertiserMinute,
}

impl Window {
    fn position(self, now: DateTime<Utc>) -> i64 {
        match self {
            Window::ReportsDay | Window::RunsDay => pacific_day(now),
            Window::ReportsSecond => now.timestamp(),
            Window::EntitiesMinute | Window::AdvertiserMinute => now.timestamp() / 60,
        }
    }

    fn outlives_a_restart(self) -> bool {
        matches!(self, Window::ReportsDay | Window::RunsDay)
    }
}

fn pacific_day(now: DateTime<Utc>) -> i64 {
    i64::from(now.with_timezone(&Los_Angeles).num_days_from_ce())
}

impl Quota {
    pub(crate) fn new(limits: Quotas, journal: Arc<Journal>) -> Self {
        Self {
            journal,
            limits: Mutex::new(limits),
            windows: Mutex::new(HashMap::new()),
            totals: Mutex::new(Totals::default()),
        }
    }

    pub(crate) fn set_limits(&self, limits: Quotas) {
        *self.limits.lock() = limits;
        self.windows.lock().clear();
    }

    pub(crate) fn limits(&self) -> Quotas {
        self.limits.lock().clone()
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals.lock().clone()
    }

    pub(crate) fn count_download(&self) {
        self.totals.lock().downloads += 1;
    }

    /// A person runs a report by hand.
    pub(crate) fn take_run(&self, email: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let limit = self.limits.lock().runs_per_day_and_user;
        if self.take(Window::RunsDay, email, pacific_day(now), limit) {
            return Ok(());
        }
        self.refuse(Error::report_quota(
            "Quota exceeded for ad hoc report executions per day.",
        ))
    }

    /// How far a person may still go with reports under way and with scheduled ones.
    pub(crate) fn check_user(&self, under_way: usize, scheduled: usize) -> Result<(), Error> {
        let limits = self.limits();
        let over = |limit: u64, count: usize| limit > 0 && count as u64 >= limit;
        if over(limits.reports_under_way_per_user, under_way) {
            return self.refuse(Error::report_quota(
                "Quota exceeded for simultaneous reports.",
            ));
        }
        if over(limits.scheduled_per_user, scheduled) {
            return self.refuse(Error::report_quota(
                "Quota exceeded for active scheduled reports.",
            ));
        }
        Ok(())
    }

    fn refuse(&self, error: Error) -> Result<(), Error> {
        self.totals.lock().refused += 1;
        Err(error)
    }

    /// How much of each quota is used in the windows that are open.
    pub(crate) fn used(&self, now: DateTime<Utc>) -> Vec<(Window, String, u64)> {
        let windows = self.windows.lock();
        let open = windows
            .iter()
            .filter(|((window, _), (position, _))| *position == window.position(now));
        let mut used: Vec<_> = open
            .map(|((window, key), (_, used))| (*window, key.clone(), *used))
            .collect();
        used.sort();
        used
    }

    /// A request of an earlier process.
    pub(crate) fn retake(&self, window: Window, key: &str, position: i64) {
        self.take(window, key, position, 0);
    }

    pub(crate) fn take_report(&self, project: &str, now: DateTime<Utc>) -> Result<(), Error> {
        self.totals.lock().reports += 1;
        let limits = self.limits.lock().clone();
        let today = pacific_day(now);
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
        if window.outlives_a_restart() {
            self.journal
                .write(&Entry::Taken(window, key.to_owned(), position));
        }
        limit == 0 || slot.1 <= limit
    }
}

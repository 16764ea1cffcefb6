//! What day it is: the real clock in a zone, unless a test or a demonstration fixed the date.
//!
//! Only the *date* can be fixed. Token and link lifetimes always follow the real clock.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use parking_lot::RwLock;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    fixed: RwLock<Option<NaiveDate>>,
}

impl Clock {
    pub(crate) fn new(fixed: Option<NaiveDate>) -> Self {
        Self {
            fixed: RwLock::new(fixed),
        }
    }

    pub(crate) fn fix(&self, today: Option<NaiveDate>) {
        *self.fixed.write() = today;
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            instant: Utc::now(),
            fixed: *self.fixed.read(),
        }
    }
}

/// One reading of the clock. A report keeps the reading it was made with, so that its file never
/// changes between two downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    pub instant: DateTime<Utc>,
    pub fixed: Option<NaiveDate>,
}

impl Now {
    pub(crate) fn today(&self, zone: Tz) -> NaiveDate {
        self.fixed
            .unwrap_or_else(|| self.instant.with_timezone(&zone).date_naive())
    }

    /// Full hours of today that have passed in the zone; a fixed date is always at noon.
    pub(crate) fn hours_passed(&self, zone: Tz) -> u64 {
        match self.fixed {
            Some(_) => 12,
            None => u64::from(self.instant.with_timezone(&zone).hour()),
        }
    }

    /// The instant as a person reading the simulated calendar would write it.
    pub(crate) fn shown(&self) -> DateTime<Utc> {
        match self.fixed {
            Some(date) => date.and_time(self.instant.time()).and_utc(),
            None => self.instant,
        }
    }
}

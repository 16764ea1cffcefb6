//! What line items delivered: by day, and added up over the days that count.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::figures::{RUN_RATE_DAYS, Spent};

pub(super) mod store;

/// What was delivered on each day, in millionths of the order's unit.
pub type ByDay = BTreeMap<NaiveDate, i64>;

/// How many days a row's small chart has.
pub(crate) const SPARK_DAYS: u64 = 14;

/// What a line item delivered: in its order's segment, in its own flight, and day by day of late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    pub in_segment: Spent,
    pub in_flight: Spent,
    pub spark: Vec<i64>,
}

/// The complete days between these, both included, in which something counts.
pub(crate) type Window = Option<(NaiveDate, NaiveDate)>;

/// What counts in a window, from what was delivered by day.
pub(crate) fn spent(window: Window, days: &ByDay) -> Spent {
    let Some((first, last)) = window.filter(|(first, last)| first <= last) else {
        return Spent::default();
    };
    let week = week_from(first, last);
    Spent {
        to_date: days.range(first..=last).map(|(_, value)| value).sum(),
        yesterday: days.get(&last).copied().unwrap_or(0),
        last_week: days.range(week..=last).map(|(_, value)| value).sum(),
    }
}

/// The first day of the run rate.
pub(crate) fn week_from(first: NaiveDate, last: NaiveDate) -> NaiveDate {
    let back = Days::new(u64::try_from(RUN_RATE_DAYS - 1).unwrap_or(0));
    last.checked_sub_days(back).unwrap_or(first).max(first)
}

/// The last days up to `through`, zero where nothing was delivered.
pub(crate) fn spark(days: &ByDay, through: NaiveDate) -> Vec<i64> {
    let back = (0..SPARK_DAYS).rev();
    back.map(|back| days.get(&(through - Days::new(back))).copied().unwrap_or(0))
        .collect()
}

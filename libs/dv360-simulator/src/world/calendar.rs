//! Months and quarters, the grid on which media plans are bought.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

pub(crate) fn month_start(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

pub(crate) fn quarter_start(date: NaiveDate) -> NaiveDate {
    let back = Months::new(date.month0() % 3);
    month_start(date).checked_sub_months(back).unwrap_or(date)
}

/// The first of the month so many months after (or before) the month of `date`.
pub(crate) fn months_after(date: NaiveDate, months: i32) -> NaiveDate {
    let start = month_start(date);
    let by = Months::new(months.unsigned_abs());
    let moved = if months < 0 {
        start.checked_sub_months(by)
    } else {
        start.checked_add_months(by)
    };
    moved.unwrap_or(start)
}

pub(crate) fn month_end(date: NaiveDate) -> NaiveDate {
    months_after(date, 1).pred_opt().unwrap_or(date)
}

pub(crate) fn quarter_name(date: NaiveDate) -> String {
    format!("Q{}", date.month0() / 3 + 1)
}

/// The moment a day begins in a zone; where midnight does not exist, the first moment after it.
pub(crate) fn day_start(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let begins = (0..=24).find_map(|quarter| {
        let wall = midnight + TimeDelta::minutes(15 * quarter);
        zone.from_local_datetime(&wall).earliest()
    });
    begins.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// 24, but for the days on which the clocks change.
pub(crate) fn hours_of(date: NaiveDate, zone: Tz) -> u64 {
    let next = date.succ_opt().unwrap_or(date);
    let length = day_start(next, zone) - day_start(date, zone);
    u64::try_from(length.num_hours()).unwrap_or(24).max(1)
}

//! When a scheduled query runs by itself: in the morning of its zone, without any request.
//!
//! Reports that fell due since anyone looked are made on looking, each at the clock reading of
//! its own morning, so they are the same as if they had been made then.

use chrono::{Datelike, Days, NaiveDate, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use super::{Date, Query, Schedule};
use crate::clock::Now;

const MORNING: u32 = 6;

/// The zone a schedule's mornings are in.
pub(crate) fn zone(schedule: &Schedule) -> Tz {
    schedule
        .next_run_timezone_code
        .parse()
        .unwrap_or(Tz::America__New_York)
}

pub(crate) fn repeats(query: &Query) -> bool {
    let schedule = query.schedule.as_ref();
    schedule.is_some_and(|one| one.frequency != "ONE_TIME")
}

/// The last day whose morning has come.
pub(crate) fn last_morning(schedule: &Schedule, now: Now) -> NaiveDate {
    let zone = zone(schedule);
    let today = now.today(zone);
    if now.hour(zone) >= MORNING {
        today
    } else {
        today.checked_sub_days(Days::new(1)).unwrap_or(today)
    }
}

/// The clock readings of every run after the day `done` up to now.
pub(crate) fn due(schedule: &Schedule, done: NaiveDate, now: Now) -> Vec<Now> {
    let start = schedule.start_date.and_then(Date::calendar);
    let end = schedule.end_date.and_then(Date::calendar);
    let (Some(start), Some(end)) = (start, end) else {
        return Vec::new();
    };
    let last = last_morning(schedule, now).min(end);
    let days = done.iter_days().skip(1).take_while(|date| *date <= last);
    let days = days.filter(|date| *date >= start && runs_on(&schedule.frequency, *date));
    days.filter_map(|date| reading(schedule, date, now))
        .collect()
}

fn reading(schedule: &Schedule, date: NaiveDate, now: Now) -> Option<Now> {
    if now.fixed.is_some() {
        let fixed = Some(date);
        return Some(Now { fixed, ..now });
    }
    let morning = date.and_hms_opt(MORNING, 0, 0)?;
    let instant = zone(schedule).from_local_datetime(&morning).earliest()?;
    Some(Now {
        instant: instant.with_timezone(&Utc),
        fixed: None,
    })
}

fn runs_on(frequency: &str, date: NaiveDate) -> bool {
    match frequency {
        "DAILY" => true,
        "WEEKLY" => date.weekday() == Weekday::Sun,
        "SEMI_MONTHLY" => date.day() == 1 || date.day() == 16,
        "MONTHLY" => date.day() == 1,
        "QUARTERLY" => date.day() == 1 && date.month0().is_multiple_of(3),
        "YEARLY" => date.day() == 1 && date.month() == 1,
        _ => false,
    }
}

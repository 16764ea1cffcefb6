//! What dates a data range means on a given day. Both ends belong to the range.
//!
//! Weeks begin on Sunday; `*_TO_DATE` ranges include today; `LAST_*` and `ALL_TIME` do not.

use chrono::{Datelike, Days, NaiveDate};

use super::DataRange;
use crate::world::calendar::{month_end, month_start, months_after, quarter_start};

/// Before this date no advertiser of any world delivered anything.
const BEGINNING: Option<NaiveDate> = NaiveDate::from_ymd_opt(2010, 1, 1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: NaiveDate,
    pub(crate) end: NaiveDate,
}

impl Span {
    pub(crate) fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    pub(crate) fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let end = self.end;
        self.start.iter_days().take_while(move |date| *date <= end)
    }
}

/// `None` when a custom range lacks a date or runs backwards.
pub(crate) fn resolve(range: &DataRange, today: NaiveDate) -> Option<Span> {
    let yesterday = back(today, 1);
    let last = |days| Span {
        start: back(today, days),
        end: yesterday,
    };
    let to_date = |start| Span { start, end: today };
    let whole = |start: NaiveDate, next: NaiveDate| Span {
        start,
        end: back(next, 1),
    };
    let week = back(today, u64::from(today.weekday().num_days_from_sunday()));
    let quarter = quarter_start(today);
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1)?;
    let span = match range.range.as_str() {
        "CURRENT_DAY" => to_date(today),
        "PREVIOUS_DAY" => last(1),
        "WEEK_TO_DATE" => to_date(week),
        "MONTH_TO_DATE" => to_date(month_start(today)),
        "QUARTER_TO_DATE" => to_date(quarter),
        "YEAR_TO_DATE" => to_date(year),
        "PREVIOUS_WEEK" => whole(back(week, 7), week),
        "PREVIOUS_MONTH" => {
            let start = months_after(today, -1);
            Span {
                start,
                end: month_end(start),
            }
        }
        "PREVIOUS_QUARTER" => whole(months_after(quarter, -3), quarter),
        "PREVIOUS_YEAR" => whole(NaiveDate::from_ymd_opt(today.year() - 1, 1, 1)?, year),
        "LAST_7_DAYS" => last(7),
        "LAST_14_DAYS" => last(14),
        "LAST_30_DAYS" => last(30),
        "LAST_60_DAYS" => last(60),
        "LAST_90_DAYS" => last(90),
        "LAST_365_DAYS" => last(365),
        "ALL_TIME" => Span {
            start: BEGINNING?,
            end: yesterday,
        },
        "CUSTOM_DATES" => Span {
            start: range.custom_start_date?.calendar()?,
            end: range.custom_end_date?.calendar()?,
        },
        _ => return None,
    };
    (span.start <= span.end).then_some(span)
}

fn back(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

//! Months and quarters, the grid on which media plans are bought.

use chrono::{Datelike, Months, NaiveDate};

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

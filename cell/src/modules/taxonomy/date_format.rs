//! Dates inside names, such as `20260401`, `1Apr26` or `2026Q2`, by a format of a few letters.
//!
//! `YYYY` `YY` year, `MM` month, `MMM` its English name cut to three letters, `DD` day, `D` day
//! without a zero in front, `QQ` quarter as `Q1` to `Q4`; any other character stands for itself.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// What a column of dates is learned to be; the likelier reading of an ambiguous value first.
pub(super) const LEARNED: [&str; 16] = [
    "YYYYMMDD",
    "YYYY-MM-DD",
    "DD.MM.YYYY",
    "DD-MM-YYYY",
    "DDMMYYYY",
    "MMDDYYYY",
    "YYMMDD",
    "DDMMYY",
    "DDMMMYYYY",
    "DMMMYYYY",
    "DDMMMYY",
    "DMMMYY",
    "YYYYQQ",
    "QQYYYY",
    "YYYYMM",
    "MMMYY",
];
/// How dates are written elsewhere.
pub(super) const DAYS: [&str; 18] = [
    "YYYYMMDD",
    "YYYY-MM-DD",
    "YYYY.MM.DD",
    "YYYY/MM/DD",
    "DD.MM.YYYY",
    "DD-MM-YYYY",
    "DD/MM/YYYY",
    "DDMMYYYY",
    "MMDDYYYY",
    "MM/DD/YYYY",
    "YYMMDD",
    "DDMMYY",
    "DMMMYYYY",
    "DMMMYY",
    "DDMMMYYYY",
    "DDMMMYY",
    "DD-MMM-YYYY",
    "DD-MMM-YY",
];
/// Elsewhere months and quarters are written like this.
pub(super) const LONGER: [&str; 8] = [
    "YYYYMM", "YYYY-MM", "MMYYYY", "MMMYY", "MMMYYYY", "YYYYQQ", "QQYYYY", "QQYY",
];
/// A date far from any flight is a number that looks like one.
const YEARS: std::ops::RangeInclusive<i32> = 2010..=2049;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year4,
    Year2,
    Month,
    MonthName,
    Day,
    ShortDay,
    Quarter,
    Literal(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a date format has 2 to 16 letters of ASCII")]
    Length,
    #[error("a date format says the year once")]
    Year,
    #[error("a date format says the month or the quarter once, and the day with a month only")]
    Month,
    #[error("D without a zero in front is followed by a letter or a sign, not by digits")]
    Ambiguous,
}

/// What a date in a name says: a day, a month or a quarter, by its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Span {
    /// Whether a flight could be in it.
    pub(super) fn is_plausible(&self) -> bool {
        YEARS.contains(&self.first.year())
    }

    pub fn contains(&self, date: NaiveDate) -> bool {
        self.first <= date && date <= self.last
    }
}

impl DateFormat {
    pub fn parse(format: &str) -> Result<Self, Error> {
        if !(2..=16).contains(&format.len()) || !format.is_ascii() {
            return Err(Error::Length);
        }
        let (mut parts, mut rest) = (Vec::new(), format);
        while !rest.is_empty() {
            let (part, length) = first_part(rest);
            parts.push(part);
            rest = &rest[length..];
        }
        let count = |wanted: &[Part]| parts.iter().filter(|one| wanted.contains(one)).count();
        if count(&[Part::Year4, Part::Year2]) != 1 {
            return Err(Error::Year);
        }
        let months = count(&[Part::Month, Part::MonthName]);
        let (days, quarters) = (count(&[Part::Day, Part::ShortDay]), count(&[Part::Quarter]));
        if months + quarters != 1 || days > months {
            return Err(Error::Month);
        }
        let digits_follow = |pair: &[Part]| {
            pair[0] == Part::ShortDay
                && matches!(
                    pair[1],
                    Part::Year4 | Part::Year2 | Part::Month | Part::Literal(b'0'..=b'9')
                )
        };
        if parts.windows(2).any(digits_follow) {
            return Err(Error::Ambiguous);
        }
        Ok(Self { parts })
    }

    pub fn has_day(&self) -> bool {
        let day = |part: &Part| matches!(part, Part::Day | Part::ShortDay);
        self.parts.iter().any(day)
    }

    pub fn matches(&self, value: &str) -> bool {
        self.read(value).is_some()
    }

    /// What the value says, if it is a date of this format and of the calendar. Two-digit years are
    /// of this century.
    pub fn read(&self, value: &str) -> Option<Span> {
        let mut rest = value.as_bytes();
        let (mut year, mut month, mut day, mut quarter) = (0, None, None, None);
        for part in &self.parts {
            match part {
                Part::Year4 => year = take_digits(&mut rest, 4)?,
                Part::Year2 => year = 2_000 + take_digits(&mut rest, 2)?,
                Part::Month => month = Some(take_digits(&mut rest, 2)?),
                Part::MonthName => month = Some(take_month(&mut rest)?),
                Part::Day => day = Some(take_digits(&mut rest, 2)?),
                Part::ShortDay => day = Some(take_short_day(&mut rest)?),
                Part::Quarter => {
                    take_byte(&mut rest, b'Q')?;
                    quarter = Some(take_digits(&mut rest, 1)?);
                }
                Part::Literal(byte) => take_byte(&mut rest, *byte)?,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        let year = i32::try_from(year).ok()?;
        match (month, day, quarter) {
            (Some(month), Some(day), _) => {
                let date = NaiveDate::from_ymd_opt(year, month, day)?;
                Some(Span {
                    first: date,
                    last: date,
                })
            }
            (Some(month), None, _) => months(year, month, 1),
            (None, _, Some(quarter @ 1..=4)) => months(year, quarter * 3 - 2, 3),
            _ => None,
        }
    }

    /// The date as the format writes it.
    pub fn write(&self, date: NaiveDate) -> String {
        let mut text = String::new();
        for part in &self.parts {
            let written = match part {
                Part::Year4 => write!(text, "{:04}", date.year()),
                Part::Year2 => write!(text, "{:02}", date.year().rem_euclid(100)),
                Part::Month => write!(text, "{:02}", date.month()),
                Part::MonthName => write!(text, "{}", MONTHS[date.month0() as usize]),
                Part::Day => write!(text, "{:02}", date.day()),
                Part::ShortDay => write!(text, "{}", date.day()),
                Part::Quarter => write!(text, "Q{}", date.month0() / 3 + 1),
                Part::Literal(byte) => write!(text, "{}", char::from(*byte)),
            };
            written.expect("writing to a string does not fail");
        }
        text
    }
}

fn first_part(rest: &str) -> (Part, usize) {
    const KNOWN: [(&str, Part); 7] = [
        ("YYYY", Part::Year4),
        ("YY", Part::Year2),
        ("MMM", Part::MonthName),
        ("MM", Part::Month),
        ("DD", Part::Day),
        ("D", Part::ShortDay),
        ("QQ", Part::Quarter),
    ];
    let found = KNOWN.iter().find(|(text, _)| rest.starts_with(text));
    found.map_or_else(
        || (Part::Literal(rest.as_bytes()[0]), 1),
        |(text, part)| (*part, text.len()),
    )
}

fn months(year: i32, first: u32, count: u32) -> Option<Span> {
    let begin = NaiveDate::from_ymd_opt(year, first, 1)?;
    let last = begin
        .checked_add_months(chrono::Months::new(count))?
        .pred_opt()?;
    Some(Span { first: begin, last })
}

fn take_digits(rest: &mut &[u8], count: usize) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(count)?;
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    *rest = after;
    Some(value)
}

fn take_short_day(rest: &mut &[u8]) -> Option<u32> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zero = rest.first() == Some(&b'0');
    ((1..=2).contains(&digits) && !zero).then(|| take_digits(rest, digits))?
}

fn take_month(rest: &mut &[u8]) -> Option<u32> {
    let (name, after) = rest.split_at_checked(3)?;
    let at = MONTHS.iter().position(|month| month.as_bytes() == name)?;
    *rest = after;
    u32::try_from(at + 1).ok()
}

fn take_byte(rest: &mut &[u8], byte: u8) -> Option<()> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    (*first == byte).then_some(())
}

#[cfg(test)]
mod tests;

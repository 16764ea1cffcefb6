//! The lines behind a report's blank line: what the source says the file contains.
//!
//! The footer has to name the same dates, dimensions and filters that were asked for. Prose lines
//! (accreditation, billing notes) come and go and are passed over.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::ingestion::pipelines::spec::{Column, DateFormat, Role};
use crate::ingestion::reading::numbers::parse_date;
use crate::ingestion::reading::{Header, Tail, TailError};

/// Every footer begins with it.
const REPORT_TIME: &str = "Report Time:";
/// Nowhere is it later than here.
const FIRST_ZONE: TimeDelta = TimeDelta::hours(14);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("line {line}: what follows the blank line is no footer")]
    NotFirst { line: u64 },
    #[error("the footer lacks {0:?}: the file was cut off")]
    Missing(&'static str),
    #[error("the footer says {0:?} twice")]
    Twice(&'static str),
    #[error("the footer's date range {0:?} cannot be read")]
    UnreadableRange(String),
    #[error("the footer says {found_start} to {found_end}, asked for was {start} to {end}")]
    OtherRange {
        found_start: NaiveDate,
        found_end: NaiveDate,
        start: NaiveDate,
        end: NaiveDate,
    },
    #[error("the footer groups by {0:?}, which was not asked for")]
    OtherGroup(String),
    #[error("the footer does not group by {0:?}, which was asked for")]
    NoGroup(String),
    #[error("the footer's filter by {header:?} names {found:?}, asked for was {expected:?}")]
    OtherFilter {
        header: &'static str,
        found: Vec<String>,
        expected: Vec<String>,
    },
}

impl From<Error> for TailError {
    fn from(error: Error) -> Self {
        Self {
            cut_off: matches!(
                error,
                Error::Missing(_) | Error::NoGroup(_) | Error::OtherFilter { .. }
            ),
            message: error.to_string(),
        }
    }
}

/// Header of the filtered column and the ids asked for.
type Filter<'a> = (&'static str, &'a [String]);

/// What was asked for, and what the footer says of it so far.
#[derive(Debug)]
pub(super) struct Footer<'a> {
    range: (NaiveDate, NaiveDate),
    asked: &'a [Filter<'a>],
    report_time: Option<String>,
    date_range: Option<String>,
    groups: Vec<String>,
    /// Header of the filtered column, ids.
    filters: Vec<(String, Vec<String>)>,
}

impl Tail for Footer<'_> {
    fn record(&mut self, line: u64, fields: &[&str]) -> Result<(), TailError> {
        // Anything else is a row behind a blank line that is no boundary.
        if self.report_time.is_none() && fields.first() != Some(&REPORT_TIME) {
            return Err(Error::NotFirst { line }.into());
        }
        Ok(self.note(fields)?)
    }

    /// Refuses a footer that is not the one of the report asked for.
    fn finish(&mut self, header: &Header<'_>) -> Result<Option<DateTime<Utc>>, TailError> {
        let time = self.report_time.as_deref().unwrap_or_default();
        if time.is_empty() {
            return Err(Error::Missing(REPORT_TIME).into());
        }
        self.check_range(self.range)?;
        self.check_groups(header)?;
        for (header, ids) in self.asked {
            self.check_filter(header, ids)?;
        }
        Ok(parse_time(time))
    }
}

impl<'a> Footer<'a> {
    pub(super) fn new(range: (NaiveDate, NaiveDate), asked: &'a [Filter<'a>]) -> Self {
        Self {
            range,
            asked,
            report_time: None,
            date_range: None,
            groups: Vec::new(),
            filters: Vec::new(),
        }
    }

    fn note(&mut self, fields: &[&str]) -> Result<(), Error> {
        let value = fields.get(1).copied().unwrap_or_default();
        match fields.first().copied().unwrap_or_default() {
            REPORT_TIME => {
                if self.report_time.replace(value.to_owned()).is_some() {
                    return Err(Error::Twice(REPORT_TIME));
                }
            }
            "Date Range:" => {
                if self.date_range.replace(value.to_owned()).is_some() {
                    return Err(Error::Twice("Date Range:"));
                }
            }
            "Group By:" => self.groups.push(value.to_owned()),
            key => {
                let filter = key.strip_prefix("Filter by ");
                if let Some(header) = filter.and_then(|rest| rest.strip_suffix(':')) {
                    let ids = fields.iter().skip(1).filter(|cell| !cell.is_empty());
                    let ids = ids.map(|cell| filter_id(cell).to_owned()).collect();
                    self.filters.push((header.to_owned(), ids));
                }
            }
        }
        Ok(())
    }

    fn check_range(&self, (start, end): (NaiveDate, NaiveDate)) -> Result<(), Error> {
        let text = self.date_range.as_deref();
        let text = text.ok_or(Error::Missing("Date Range:"))?;
        let date = |text| parse_date(text, DateFormat::YearMonthDay);
        let (found_start, found_end) = text
            .split_once(" to ")
            .and_then(|(from, to)| Some((date(from)?, date(to)?)))
            .ok_or_else(|| Error::UnreadableRange(text.to_owned()))?;
        if (found_start, found_end) == (start, end) {
            return Ok(());
        }
        Err(Error::OtherRange {
            found_start,
            found_end,
            start,
            end,
        })
    }

    /// Every dimension of the header is a group, and every group one of those, or a column that the
    /// contract has let in.
    fn check_groups(&self, header: &Header<'_>) -> Result<(), Error> {
        let is_group = |column: &Column, text: &String| column.headers.contains(text);
        let dimensions = || {
            let columns = header.present.iter();
            columns.filter(|column| column.role == Role::Dimension)
        };
        for group in &self.groups {
            let known = dimensions().any(|column| is_group(column, group));
            if !known && !header.new.contains(group) {
                return Err(Error::OtherGroup(group.clone()));
            }
        }
        for column in dimensions() {
            if !self.groups.iter().any(|group| is_group(column, group)) {
                let name = column.headers.first().unwrap_or(&column.name);
                return Err(Error::NoGroup(name.clone()));
            }
        }
        Ok(())
    }

    fn check_filter(&self, header: &'static str, ids: &[String]) -> Result<(), Error> {
        let lines = self.filters.iter().filter(|(name, _)| name == header);
        let found: BTreeSet<&str> = lines.flat_map(|(_, ids)| ids).map(String::as_str).collect();
        let expected: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        if found == expected {
            return Ok(());
        }
        let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
        Err(Error::OtherFilter {
            header,
            found: owned(found),
            expected: owned(expected),
        })
    }
}

/// `Name (630317194)` or the bare id.
fn filter_id(cell: &str) -> &str {
    let inner = cell
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .map(|(_, id)| id);
    match inner {
        Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => id,
        Some(_) | None => cell.trim(),
    }
}

/// `2023/01/30 14:14 GMT`, also seen as `2026/09/16 13:02 PM`: a clock of 24 hours either way. Where
/// no zone is said it counts as the earliest moment it can mean, so that a day is never taken for
/// certified, nor a file for newer than another, because of a guess.
fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let (clock, zone) = text.rsplit_once(' ')?;
    let time = NaiveDateTime::parse_from_str(clock, "%Y/%m/%d %H:%M").ok()?;
    match zone {
        "GMT" | "UTC" => Some(time.and_utc()),
        "AM" | "PM" => Some(time.and_utc() - FIRST_ZONE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    //! When a file was made, as far as it says.

    use super::parse_time;

    #[test]
    fn a_time_without_a_zone_is_the_earliest_it_can_be() {
        let time = |text| parse_time(text).map(|time| time.to_rfc3339());
        for (text, expected) in [
            ("2023/01/30 14:14 GMT", Some("2023-01-30T14:14:00+00:00")),
            ("2023/01/30 14:14 UTC", Some("2023-01-30T14:14:00+00:00")),
            ("2026/09/16 13:02 PM", Some("2026-09-15T23:02:00+00:00")),
            ("2026/09/16 01:02 AM", Some("2026-09-15T11:02:00+00:00")),
            ("2026/09/16 13:02", None),
            ("2026/09/16 13:02 CEST", None),
            ("2026/09/16 25:02 PM", None),
            ("16.09.2026 13:02 GMT", None),
            ("", None),
        ] {
            assert_eq!(time(text).as_deref(), expected, "{text}");
        }
    }
}

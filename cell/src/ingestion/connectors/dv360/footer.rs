//! The lines behind a report's blank line: what the source says the file contains.
//!
//! The footer has to name the same dates, dimensions and filters that were asked for. Prose lines
//! (accreditation, billing notes) come and go and are passed over.

use std::collections::BTreeSet;
use std::io::BufRead;

use chrono::NaiveDate;

use super::numbers::parse_date;
use super::report::{Column, Expected};
use crate::ingestion::delimited::{self, Found, Records};

/// Every footer begins with it.
const REPORT_TIME: &str = "Report Time:";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Text(#[from] delimited::Error),
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
    NoGroup(&'static str),
    #[error("the footer's filter by {header:?} names {found:?}, asked for was {expected:?}")]
    OtherFilter {
        header: &'static str,
        found: Vec<String>,
        expected: Vec<String>,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Footer {
    report_time: Option<String>,
    date_range: Option<String>,
    groups: Vec<String>,
    /// Header of the filtered column, ids.
    filters: Vec<(String, Vec<String>)>,
}

impl Footer {
    pub(crate) fn read<R: BufRead>(records: &mut Records<R>) -> Result<Self, Error> {
        let mut footer = Self::default();
        loop {
            match records.advance()? {
                Found::End => return Ok(footer),
                Found::Blank => {}
                Found::Record => {
                    // Anything else is a row behind a blank line that is no boundary.
                    let first = footer.report_time.is_none();
                    if first && records.field(0) != REPORT_TIME {
                        return Err(Error::NotFirst {
                            line: records.line(),
                        });
                    }
                    footer.note(records)?;
                }
            }
        }
    }

    fn note<R: BufRead>(&mut self, records: &Records<R>) -> Result<(), Error> {
        let value = records.field(1);
        match records.field(0) {
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
                    let ids = records.fields().skip(1).filter(|cell| !cell.is_empty());
                    let ids = ids.map(|cell| filter_id(cell).to_owned()).collect();
                    self.filters.push((header.to_owned(), ids));
                }
            }
        }
        Ok(())
    }

    /// Refuses a footer that is not the one of the report asked for.
    pub(crate) fn check(&self, expected: &Expected<'_>) -> Result<(), Error> {
        let time = self.report_time.as_deref().unwrap_or_default();
        if time.is_empty() {
            return Err(Error::Missing(REPORT_TIME));
        }
        self.check_range(expected.range)?;
        self.check_groups(expected.shape.dimensions)?;
        for (header, ids) in expected.filters {
            self.check_filter(header, ids)?;
        }
        Ok(())
    }

    fn check_range(&self, (start, end): (NaiveDate, NaiveDate)) -> Result<(), Error> {
        let text = self.date_range.as_deref();
        let text = text.ok_or(Error::Missing("Date Range:"))?;
        let (found_start, found_end) = text
            .split_once(" to ")
            .and_then(|(from, to)| Some((parse_date(from)?, parse_date(to)?)))
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

    fn check_groups(&self, dimensions: &[Column]) -> Result<(), Error> {
        let is_group = |column: &Column, text: &str| column.headers.contains(&text);
        for group in &self.groups {
            if !dimensions.iter().any(|column| is_group(column, group)) {
                return Err(Error::OtherGroup(group.clone()));
            }
        }
        for column in dimensions {
            if !self.groups.iter().any(|group| is_group(column, group)) {
                return Err(Error::NoGroup(column.headers[0]));
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

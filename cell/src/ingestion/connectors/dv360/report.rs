//! Reads a DV360 report file and proves that it is whole and what was asked for.
//!
//! A file is header, rows, totals row, blank line, footer. Rows are handed on while they are read,
//! so a caller keeps nothing until [`read`] has returned `Ok`: only then do the totals row (the
//! control total), the footer and the file's end agree with the rows.

use std::io::BufRead;

use chrono::NaiveDate;

use super::footer::{self, Footer};
use super::numbers::{self, NumberError};
use crate::ingestion::delimited::{self, Found, Records};

/// What an empty report says instead of rows.
const NO_DATA: &str = "No data returned by the reporting service.";

/// A column under each of the names the source has used for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// What to ask for: `FILTER_…` or `METRIC_…`.
    pub(crate) api_name: &'static str,
    pub(crate) headers: &'static [&'static str],
}

/// The columns of one kind of report. Their order in a file does not matter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) dimensions: &'static [Column],
    pub(crate) metrics: &'static [Column],
}

/// What the file has to be, because it is what was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) shape: Shape,
    pub(crate) range: (NaiveDate, NaiveDate),
    /// Header of the filtered column and the ids asked for.
    pub(crate) filters: &'a [(&'static str, Vec<String>)],
    /// The length the transport announced. Without it the file has to end in a line feed.
    pub(crate) bytes: Option<u64>,
}

/// One row, valid until the next.
pub(crate) struct Row<'a> {
    pub(crate) line: u64,
    /// In the order of the shape's dimensions.
    pub(crate) dimensions: &'a [&'a str],
    /// Millionths, in the order of the shape's metrics.
    pub(crate) metrics: &'a [Option<i64>],
}

/// What the whole file amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// Sums of the rows in millionths, in the order of the shape's metrics.
    pub(crate) sums: Vec<i128>,
    /// The totals row was there and agreed. Some report types have none.
    pub(crate) control_total: bool,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Text(#[from] delimited::Error),
    #[error("the file has no header")]
    NoHeader,
    #[error("the header has the unknown column {0:?}")]
    UnknownColumn(String),
    #[error("the header has the column {0:?} twice")]
    ColumnTwice(String),
    #[error("the header lacks the column {0:?}")]
    MissingColumn(&'static str),
    #[error("line {line}: {fields} fields where the header has {expected}")]
    Shape {
        line: u64,
        fields: usize,
        expected: usize,
    },
    #[error("line {line}: {text:?} in column {column:?} is not a number this report may hold")]
    Number {
        line: u64,
        column: &'static str,
        text: String,
    },
    #[error("line {line}: a row without any dimension stands before the last row")]
    EarlyTotals { line: u64 },
    #[error("the totals row says {total} for {column:?}, the rows add up to {sum} (millionths)")]
    ControlTotal {
        column: &'static str,
        total: i128,
        sum: i128,
    },
    #[error("the totals row has no value for {0:?}")]
    NoTotal(&'static str),
    #[error("the file ends before its footer: it was cut off")]
    NoFooter,
    #[error("the file is {read} bytes long, {announced} were announced")]
    Length { read: u64, announced: u64 },
    #[error("the file does not end in a line feed and its length is unknown: it may be cut off")]
    OpenEnd,
    #[error(transparent)]
    Footer(#[from] footer::Error),
    #[error("the file ends in the middle of a line: {0}")]
    CutOff(#[source] Box<Error>),
    #[error("line {line}: {reason}")]
    Row { line: u64, reason: String },
}

/// Reads the file, hands every row to `keep`, and checks what can be checked.
pub(crate) fn read(
    input: impl BufRead,
    expected: Expected<'_>,
    mut keep: impl FnMut(Row<'_>) -> Result<(), Error>,
) -> Result<Summary, Error> {
    let mut records = Records::new(input)?;
    read_records(&mut records, expected, &mut keep).map_err(|error| {
        if records.cut_off() {
            Error::CutOff(Box::new(error))
        } else {
            error
        }
    })
}

fn read_records<R: BufRead>(
    records: &mut Records<R>,
    expected: Expected<'_>,
    keep: &mut impl FnMut(Row<'_>) -> Result<(), Error>,
) -> Result<Summary, Error> {
    let layout = read_header(records, expected.shape)?;
    let mut body = Body::new(layout, expected.shape);
    let end = body.read(records, keep)?;
    match end {
        Found::Blank => {
            let footer = Footer::read(records)?;
            footer.check(&expected)?;
        }
        // An empty report may come without a footer; then only its length proves that it is whole.
        Found::End | Found::Record => {
            if !body.no_data || expected.bytes.is_none() {
                return Err(Error::NoFooter);
            }
        }
    }
    check_length(records, expected.bytes)?;
    Ok(Summary {
        rows: body.rows,
        bytes: records.bytes(),
        sums: body.sums,
        control_total: body.control_total,
    })
}

fn check_length<R: BufRead>(records: &Records<R>, announced: Option<u64>) -> Result<(), Error> {
    match announced {
        Some(announced) if announced != records.bytes() => Err(Error::Length {
            read: records.bytes(),
            announced,
        }),
        None if !records.ends_with_line_feed() => Err(Error::OpenEnd),
        Some(_) | None => Ok(()),
    }
}

/// Where each of the shape's columns stands in the file.
struct Layout {
    dimensions: Vec<usize>,
    metrics: Vec<usize>,
}

fn read_header<R: BufRead>(records: &mut Records<R>, shape: Shape) -> Result<Layout, Error> {
    if records.advance()? != Found::Record {
        return Err(Error::NoHeader);
    }
    let mut dimensions = vec![None; shape.dimensions.len()];
    let mut metrics = vec![None; shape.metrics.len()];
    for (index, header) in records.fields().enumerate() {
        let named = |column: &Column| column.headers.contains(&header);
        let slot = match shape.dimensions.iter().position(named) {
            Some(at) => &mut dimensions[at],
            None => match shape.metrics.iter().position(named) {
                Some(at) => &mut metrics[at],
                None => return Err(Error::UnknownColumn(header.to_owned())),
            },
        };
        if slot.replace(index).is_some() {
            return Err(Error::ColumnTwice(header.to_owned()));
        }
    }
    Ok(Layout {
        dimensions: all_present(&dimensions, shape.dimensions)?,
        metrics: all_present(&metrics, shape.metrics)?,
    })
}

fn all_present(found: &[Option<usize>], columns: &[Column]) -> Result<Vec<usize>, Error> {
    found
        .iter()
        .zip(columns)
        .map(|(index, column)| index.ok_or(Error::MissingColumn(column.headers[0])))
        .collect()
}

/// The rows and the totals row.
struct Body {
    layout: Layout,
    shape: Shape,
    rows: u64,
    sums: Vec<i128>,
    metrics: Vec<Option<i64>>,
    no_data: bool,
    control_total: bool,
}

impl Body {
    fn new(layout: Layout, shape: Shape) -> Self {
        Self {
            layout,
            shape,
            rows: 0,
            sums: vec![0; shape.metrics.len()],
            metrics: vec![None; shape.metrics.len()],
            no_data: false,
            control_total: false,
        }
    }

    /// Reads up to the blank line, which is the only reliable boundary, or to the end of the file.
    fn read<R: BufRead>(
        &mut self,
        records: &mut Records<R>,
        keep: &mut impl FnMut(Row<'_>) -> Result<(), Error>,
    ) -> Result<Found, Error> {
        let width = self.layout.dimensions.len() + self.layout.metrics.len();
        // A record without dimensions is the totals row only if the boundary follows it.
        let mut totals_at: Option<u64> = None;
        loop {
            let found = records.advance()?;
            if found != Found::Record {
                return Ok(found);
            }
            let line = records.line();
            if let Some(line) = totals_at {
                return Err(Error::EarlyTotals { line });
            }
            if self.rows == 0 && records.len() == 1 && records.field(0) == NO_DATA && !self.no_data
            {
                self.no_data = true;
                continue;
            }
            if self.no_data || records.len() != width {
                return Err(Error::Shape {
                    line,
                    fields: records.len(),
                    expected: width,
                });
            }
            self.parse_metrics(records)?;
            let dimensions = self.layout.dimensions.iter();
            let dimensions: Vec<&str> = dimensions.map(|index| records.field(*index)).collect();
            if dimensions.iter().all(|text| text.is_empty()) {
                self.check_totals()?;
                totals_at = Some(line);
                continue;
            }
            for (sum, value) in self.sums.iter_mut().zip(&self.metrics) {
                *sum += i128::from(value.unwrap_or(0));
            }
            self.rows += 1;
            keep(Row {
                line,
                dimensions: &dimensions,
                metrics: &self.metrics,
            })?;
        }
    }

    fn parse_metrics<R: BufRead>(&mut self, records: &Records<R>) -> Result<(), Error> {
        for (at, index) in self.layout.metrics.iter().enumerate() {
            let text = records.field(*index);
            let value = numbers::parse_micros(text).transpose();
            self.metrics[at] = value.map_err(|NumberError| Error::Number {
                line: records.line(),
                column: self.shape.metrics[at].headers[0],
                text: text.chars().take(40).collect(),
            })?;
        }
        Ok(())
    }

    /// Every metric we ask for is additive, so the totals must equal the sums to the last micro.
    fn check_totals(&mut self) -> Result<(), Error> {
        for (at, total) in self.metrics.iter().enumerate() {
            let column = self.shape.metrics[at].headers[0];
            let total = i128::from(total.ok_or(Error::NoTotal(column))?);
            let sum = self.sums[at];
            if total != sum {
                return Err(Error::ControlTotal { column, total, sum });
            }
        }
        self.control_total = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

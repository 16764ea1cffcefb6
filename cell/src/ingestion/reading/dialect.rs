//! What differs from source to source around and inside the rows.

use chrono::{DateTime, Utc};
use contracts::Currency;

use super::numbers::Numbers;
use super::records;
use crate::ingestion::pipelines::spec::{Column, DateFormat, FileShape, Totals};

/// Whether a row without dimensions sums up the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalsRow {
    Never,
    /// The last one, if it is there.
    Optional,
    Required,
}

/// How a source writes its files.
#[derive(Debug, Clone, Copy)]
pub struct Dialect<'a> {
    pub(crate) delimiter: u8,
    /// Lines before the header.
    pub(crate) skip_lines: u32,
    pub(crate) totals: TotalsRow,
    pub(crate) numbers: Numbers,
    pub(crate) dates: DateFormat,
    /// Cells that stand for no value, besides empty ones.
    pub(crate) nulls: &'a [&'a str],
    /// What an empty report says instead of rows.
    pub(crate) no_data: Option<&'a str>,
    /// For files without a column for it.
    pub(crate) currency: Option<Currency>,
}

impl Dialect<'_> {
    /// The dialect of delivered files, which their manifest describes.
    pub fn of_file(shape: &FileShape) -> Result<Dialect<'static>, String> {
        let delimiter = u8::try_from(shape.delimiter)
            .ok()
            .filter(|byte| matches!(byte, b',' | b';' | b'|' | b'\t'))
            .ok_or_else(|| format!("{:?} cannot delimit fields", shape.delimiter))?;
        let decimal = match shape.decimal_separator {
            '.' => b'.',
            ',' => b',',
            other => return Err(format!("{other:?} cannot separate decimals")),
        };
        let currency = shape.currency.as_deref().map(str::parse).transpose();
        Ok(Dialect {
            delimiter,
            skip_lines: shape.skip_lines,
            totals: match shape.totals {
                Totals::None => TotalsRow::Never,
                Totals::LastRow => TotalsRow::Required,
            },
            numbers: Numbers { decimal },
            dates: shape.date_format,
            nulls: &["-"],
            no_data: None,
            currency: currency.map_err(|error| format!("the currency: {error}"))?,
        })
    }
}

/// Which of the spec's columns a file has, and what else.
pub struct Header<'a> {
    pub present: &'a [&'a Column],
    pub new: &'a [String],
}

/// What a source writes behind the blank line that ends the rows.
pub trait Tail {
    fn record(&mut self, line: u64, fields: &[&str]) -> Result<(), TailError>;

    /// The file is over. Says when the source made it.
    fn finish(&mut self, header: &Header<'_>) -> Result<Option<DateTime<Utc>>, TailError>;
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TailError {
    /// It may be that the end is missing, so another download may help.
    pub cut_off: bool,
    pub message: String,
}

/// Far above the longest footer seen; what is noted of it is kept in memory.
const MAX_TAIL_BYTES: u64 = 1 << 20;

/// Reads what is behind the rows. Without a tail nothing may be there.
pub(super) fn read_tail<R: std::io::Read>(
    records: &mut records::Records<R>,
    mut tail: Option<&mut (dyn Tail + '_)>,
) -> Result<(), super::Error> {
    let start = records.bytes();
    loop {
        let found = records.advance()?;
        if records.bytes() - start > MAX_TAIL_BYTES {
            let line = records.record().line;
            return Err(super::Error::LongTail { line });
        }
        match found {
            records::Found::End => return Ok(()),
            records::Found::Blank => {}
            records::Found::Record => {
                let record = records.record();
                let line = record.line;
                let Some(tail) = tail.as_mut() else {
                    return Err(super::Error::AfterEnd { line });
                };
                let fields: Vec<&str> = record.fields().collect();
                tail.record(line, &fields)?;
            }
        }
    }
}

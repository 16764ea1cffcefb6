//! Comma-separated records as RFC 4180 has them, read as a stream in bounded memory.
//!
//! Unlike the `csv` crate it reports blank lines (they are the boundary between a report's rows and
//! its footer), the line each record starts on, and whether the last byte was a line feed; and it
//! refuses what it does not understand instead of repairing it.

use std::io::{self, BufRead};

/// Longer records are refused, so that a hostile file cannot fill the memory.
pub(crate) const MAX_RECORD_BYTES: usize = 1 << 20;
const MAX_FIELDS: usize = 1024;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
    #[error("line {line}: a record is longer than {MAX_RECORD_BYTES} bytes")]
    TooLong { line: u64 },
    #[error("line {line}: a record has more than {MAX_FIELDS} fields")]
    TooManyFields { line: u64 },
    #[error("line {line}: a quote stands inside an unquoted field")]
    BareQuote { line: u64 },
    #[error("line {line}: text follows a closing quote")]
    AfterQuote { line: u64 },
    #[error("line {line}: a quoted field is never closed")]
    OpenQuote { line: u64 },
    #[error("line {line}: a carriage return without a line feed")]
    BareReturn { line: u64 },
    #[error("line {line}: a NUL byte")]
    Nul { line: u64 },
    #[error("line {line}: the text is not UTF-8")]
    Encoding { line: u64 },
}

/// What [`Records::advance`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// A record; its fields can be read until the next call.
    Record,
    /// A line without a single byte.
    Blank,
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote inside a quoted field: its end, or the first half of a doubled one.
    Quote,
    Return,
}

/// A reader of records that reuses one buffer.
pub(crate) struct Records<R> {
    input: R,
    text: Vec<u8>,
    /// Where each field of the current record ends in `text`.
    ends: Vec<usize>,
    /// The line the current record starts on, from 1.
    start_line: u64,
    /// Line feeds seen so far.
    line_feeds: u64,
    bytes: u64,
    ends_with_line_feed: bool,
    over: bool,
}

impl<R: BufRead> Records<R> {
    /// Skips a byte order mark.
    pub(crate) fn new(mut input: R) -> Result<Self, Error> {
        let mark = "\u{feff}".as_bytes();
        let has_mark = input.fill_buf()?.starts_with(mark);
        if has_mark {
            input.consume(mark.len());
        }
        Ok(Self {
            input,
            text: Vec::new(),
            ends: Vec::new(),
            start_line: 1,
            line_feeds: 0,
            bytes: if has_mark { mark.len() as u64 } else { 0 },
            ends_with_line_feed: false,
            over: false,
        })
    }

    pub(crate) fn line(&self) -> u64 {
        self.start_line
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn ends_with_line_feed(&self) -> bool {
        self.ends_with_line_feed
    }

    /// The input is over and its last line was not ended.
    pub(crate) fn cut_off(&self) -> bool {
        self.over && !self.ends_with_line_feed
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The field's text; empty behind the last one.
    pub(crate) fn field(&self, index: usize) -> &str {
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(self.text.len()),
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        // `advance` has checked the record as a whole, and fields are cut at ASCII bytes.
        std::str::from_utf8(&self.text[start..end]).unwrap_or_default()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.field(index))
    }

    /// Reads the next record or blank line.
    pub(crate) fn advance(&mut self) -> Result<Found, Error> {
        self.text.clear();
        self.ends.clear();
        self.start_line = self.line_feeds + 1;
        let mut at = At::FieldStart;
        let mut empty = true;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return self.finish(at, empty);
            }
            let mut used = 0;
            let mut ended = None;
            for &byte in chunk {
                used += 1;
                if byte == b'\n' {
                    self.line_feeds += 1;
                }
                match step(at, byte, &mut self.text, &mut self.ends) {
                    Ok(Step::Stay(next)) => {
                        empty &= byte == b'\r';
                        at = next;
                    }
                    Ok(Step::EndOfRecord) => {
                        ended = Some(if empty { Found::Blank } else { Found::Record });
                        break;
                    }
                    Err(broken) => return Err(broken.at(self.line_feeds + 1)),
                }
            }
            self.ends_with_line_feed = chunk[used - 1] == b'\n';
            self.bytes += used as u64;
            self.input.consume(used);
            if self.text.len() > MAX_RECORD_BYTES {
                return Err(Error::TooLong {
                    line: self.start_line,
                });
            }
            if self.ends.len() > MAX_FIELDS {
                return Err(Error::TooManyFields {
                    line: self.start_line,
                });
            }
            if let Some(found) = ended {
                return self.complete(found);
            }
        }
    }

    /// The input is over: whatever was read is the last record.
    fn finish(&mut self, at: At, empty: bool) -> Result<Found, Error> {
        let line = self.line_feeds + 1;
        self.over = true;
        match at {
            At::Quoted => return Err(Error::OpenQuote { line }),
            At::Return => return Err(Error::BareReturn { line }),
            At::FieldStart | At::Unquoted | At::Quote => {}
        }
        if empty {
            return Ok(Found::End);
        }
        self.ends.push(self.text.len());
        self.complete(Found::Record)
    }

    fn complete(&mut self, found: Found) -> Result<Found, Error> {
        if found == Found::Record && std::str::from_utf8(&self.text).is_err() {
            return Err(Error::Encoding {
                line: self.start_line,
            });
        }
        Ok(found)
    }
}

enum Step {
    Stay(At),
    EndOfRecord,
}

enum Broken {
    BareQuote,
    AfterQuote,
    BareReturn,
    Nul,
}

impl Broken {
    fn at(self, line: u64) -> Error {
        match self {
            Self::BareQuote => Error::BareQuote { line },
            Self::AfterQuote => Error::AfterQuote { line },
            Self::BareReturn => Error::BareReturn { line },
            Self::Nul => Error::Nul { line },
        }
    }
}

/// One byte on. A field's end is noted when its separator is met.
#[inline]
fn step(at: At, byte: u8, text: &mut Vec<u8>, ends: &mut Vec<usize>) -> Result<Step, Broken> {
    let next = match (at, byte) {
        (_, 0) => return Err(Broken::Nul),
        (At::Quoted, b'"') => At::Quote,
        (At::Quoted, _) => {
            text.push(byte);
            At::Quoted
        }
        (At::Return, b'\n') => return Ok(Step::EndOfRecord),
        (At::Return, _) => return Err(Broken::BareReturn),
        (At::FieldStart | At::Unquoted | At::Quote, b',') => {
            ends.push(text.len());
            At::FieldStart
        }
        (At::FieldStart | At::Unquoted | At::Quote, b'\n') => {
            ends.push(text.len());
            return Ok(Step::EndOfRecord);
        }
        (At::FieldStart | At::Unquoted | At::Quote, b'\r') => {
            ends.push(text.len());
            At::Return
        }
        (At::FieldStart, b'"') => At::Quoted,
        (At::Quote, b'"') => {
            text.push(byte);
            At::Quoted
        }
        (At::Unquoted, b'"') => return Err(Broken::BareQuote),
        (At::Quote, _) => return Err(Broken::AfterQuote),
        (At::FieldStart | At::Unquoted, _) => {
            text.push(byte);
            At::Unquoted
        }
    };
    Ok(Step::Stay(next))
}

#[cfg(test)]
mod tests;

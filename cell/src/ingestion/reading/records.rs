//! Delimited records as RFC 4180 has them, read as a stream in bounded memory.
//!
//! Unlike the `csv` crate it reports blank lines (they are the boundary between a report's rows and
//! its footer), the line each record starts on, and whether the last byte was a line feed; and it
//! refuses what it does not understand instead of repairing it. A line without quotes is cut where
//! it lies; only the others are copied.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr3};

/// Longer records are refused, so that a hostile file cannot fill the memory.
pub(crate) const MAX_RECORD_BYTES: usize = 1 << 20;
pub(crate) const MAX_FIELDS: usize = 1024;
const BUFFER_BYTES: usize = 1 << 17;
const MARK: &[u8] = "\u{feff}".as_bytes();

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

impl Error {
    pub(crate) const fn line(&self) -> Option<u64> {
        match self {
            Self::Io(_) => None,
            Self::TooLong { line }
            | Self::TooManyFields { line }
            | Self::BareQuote { line }
            | Self::AfterQuote { line }
            | Self::OpenQuote { line }
            | Self::BareReturn { line }
            | Self::Nul { line }
            | Self::Encoding { line } => Some(*line),
        }
    }
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

/// Where the current record's text is.
#[derive(Debug, Clone, Copy)]
enum Text {
    /// In the buffer, from here to there.
    Buffer(usize, usize),
    /// In the scratch, without its quotes.
    Scratch,
}

/// A reader of records that reuses its buffers.
pub(crate) struct Records<R> {
    input: R,
    delimiter: u8,
    buffer: Vec<u8>,
    /// The first byte of the buffer that was not read as a record yet, and the end of what is there.
    start: usize,
    filled: usize,
    ended: bool,
    scratch: Vec<u8>,
    text: Text,
    /// Where each field of the current record begins and ends in its text.
    fields: Vec<(u32, u32)>,
    /// The line the current record starts on, from 1.
    start_line: u64,
    /// Line feeds seen so far.
    line_feeds: u64,
    bytes: u64,
    ends_with_line_feed: bool,
    over: bool,
}

/// A record's fields, valid until the next is read.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) line: u64,
    text: &'a str,
    fields: &'a [(u32, u32)],
}

impl<'a> Record<'a> {
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The field's text; empty behind the last one.
    pub(crate) fn field(&self, index: usize) -> &'a str {
        let (start, end) = self.fields.get(index).copied().unwrap_or((0, 0));
        // Fields are cut at ASCII bytes, so never inside a character.
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.field(index))
    }
}

impl<R: Read> Records<R> {
    /// Skips a byte order mark.
    pub(crate) fn new(input: R, delimiter: u8) -> Result<Self, Error> {
        let mut records = Self {
            input,
            delimiter,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            filled: 0,
            ended: false,
            scratch: Vec::new(),
            text: Text::Scratch,
            fields: Vec::new(),
            start_line: 1,
            line_feeds: 0,
            bytes: 0,
            ends_with_line_feed: false,
            over: false,
        };
        while records.filled < MARK.len() && records.fill()? {}
        if records.buffer[..records.filled].starts_with(MARK) {
            records.start = MARK.len();
            records.bytes = MARK.len() as u64;
        }
        Ok(records)
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

    pub(crate) fn record(&self) -> Record<'_> {
        let text = match self.text {
            Text::Buffer(start, end) => &self.buffer[start..end],
            Text::Scratch => &self.scratch[..],
        };
        Record {
            line: self.start_line,
            // `advance` has checked it.
            text: std::str::from_utf8(text).unwrap_or_default(),
            fields: &self.fields,
        }
    }

    /// Passes over a line, whatever is in it.
    pub(crate) fn skip_line(&mut self) -> Result<bool, Error> {
        self.start_line = self.line_feeds + 1;
        let (end, fed) = self.find_line_end()?;
        self.over = !fed;
        self.consume(end + usize::from(fed), u64::from(fed));
        Ok(fed)
    }

    /// Reads the next record or blank line.
    pub(crate) fn advance(&mut self) -> Result<Found, Error> {
        self.fields.clear();
        self.start_line = self.line_feeds + 1;
        let (end, fed) = self.find_line_end()?;
        let line = &self.buffer[self.start..self.start + end];
        let content = match line.split_last() {
            Some((b'\r', before)) if fed => before,
            _ => line,
        };
        if memchr3(b'"', b'\r', 0, content).is_some() {
            return self.advance_slowly();
        }
        let length = content.len();
        if length > MAX_RECORD_BYTES {
            return Err(self.too_long());
        }
        self.over = !fed;
        if length == 0 {
            let blank = fed;
            self.consume(end + usize::from(fed), u64::from(fed));
            return Ok(if blank { Found::Blank } else { Found::End });
        }
        let valid = std::str::from_utf8(content).is_ok();
        let mut from = 0;
        for at in memchr_iter(self.delimiter, content) {
            self.fields.push((from, at as u32));
            from = at as u32 + 1;
        }
        self.fields.push((from, length as u32));
        self.text = Text::Buffer(self.start, self.start + length);
        self.consume(end + usize::from(fed), u64::from(fed));
        self.complete(valid)
    }

    fn complete(&self, valid: bool) -> Result<Found, Error> {
        let line = self.start_line;
        if self.fields.len() > MAX_FIELDS {
            return Err(Error::TooManyFields { line });
        }
        if !valid {
            return Err(Error::Encoding { line });
        }
        Ok(Found::Record)
    }

    fn too_long(&self) -> Error {
        Error::TooLong {
            line: self.start_line,
        }
    }

    fn consume(&mut self, bytes: usize, line_feeds: u64) {
        if bytes > 0 {
            self.ends_with_line_feed = self.buffer[self.start + bytes - 1] == b'\n';
        }
        self.start += bytes;
        self.bytes += bytes as u64;
        self.line_feeds += line_feeds;
    }

    /// The length of the line at hand and whether a line feed ends it.
    fn find_line_end(&mut self) -> Result<(usize, bool), Error> {
        let mut scanned = 0;
        loop {
            let rest = &self.buffer[self.start + scanned..self.filled];
            if let Some(at) = memchr(b'\n', rest) {
                return Ok((scanned + at, true));
            }
            scanned += rest.len();
            if scanned > MAX_RECORD_BYTES + 1 {
                return Err(self.too_long());
            }
            if !self.fill()? {
                return Ok((scanned, false));
            }
        }
    }

    /// More bytes behind those that are there. `false`: there are none. A record that is already
    /// cut stays where it is, because nobody reads on while it is in use.
    fn fill(&mut self) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        if self.filled == self.buffer.len() {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
            if self.filled == self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.filled += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The same byte by byte, for a record with quotes, or with what may not be in one.
    fn advance_slowly(&mut self) -> Result<Found, Error> {
        self.scratch.clear();
        self.text = Text::Scratch;
        let mut at = At::FieldStart;
        let mut field_start = 0;
        let (mut used, mut line_feeds) = (0, 0);
        let ended = loop {
            if self.start + used == self.filled && !self.fill()? {
                break false;
            }
            let byte = self.buffer[self.start + used];
            used += 1;
            line_feeds += u64::from(byte == b'\n');
            if used > MAX_RECORD_BYTES {
                return Err(self.too_long());
            }
            match step(at, byte, self.delimiter, &mut self.scratch) {
                Ok(Step::Stay(next)) => at = next,
                Ok(Step::EndOfField(next)) => {
                    at = next;
                    let end = self.scratch.len() as u32;
                    self.fields.push((field_start, end));
                    field_start = end;
                    if self.fields.len() > MAX_FIELDS {
                        return self.complete(true);
                    }
                }
                Ok(Step::EndOfRecord) => break true,
                Err(broken) => {
                    let line = self.line_feeds + line_feeds + 1;
                    self.over = self.ended && self.start + used == self.filled;
                    self.consume(used, line_feeds);
                    return Err(broken.at(line));
                }
            }
        };
        self.consume(used, line_feeds);
        self.over = !ended;
        let line = self.line_feeds + 1;
        match at {
            At::Quoted if !ended => return Err(Error::OpenQuote { line }),
            At::Return if !ended => return Err(Error::BareReturn { line }),
            At::Return => {}
            At::FieldStart | At::Unquoted | At::Quote | At::Quoted => {
                self.fields.push((field_start, self.scratch.len() as u32));
            }
        }
        self.complete(std::str::from_utf8(&self.scratch).is_ok())
    }
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

enum Step {
    Stay(At),
    EndOfField(At),
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

/// One byte on.
fn step(at: At, byte: u8, delimiter: u8, text: &mut Vec<u8>) -> Result<Step, Broken> {
    let next = match (at, byte) {
        (_, 0) => return Err(Broken::Nul),
        (At::Quoted, b'"') => At::Quote,
        (At::Quoted, _) => {
            text.push(byte);
            At::Quoted
        }
        (At::Return, b'\n') => return Ok(Step::EndOfRecord),
        (At::Return, _) => return Err(Broken::BareReturn),
        (At::FieldStart | At::Unquoted | At::Quote, _) if byte == delimiter => {
            return Ok(Step::EndOfField(At::FieldStart));
        }
        (At::FieldStart | At::Unquoted | At::Quote, b'\n') => return Ok(Step::EndOfRecord),
        (At::FieldStart | At::Unquoted | At::Quote, b'\r') => {
            return Ok(Step::EndOfField(At::Return));
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

//! Why a file is refused, and whether another download may help.

use super::dialect::TailError;
use super::{Drift, records};
use crate::ingestion::connector::FileError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Text(#[from] records::Error),
    #[error("the file has no header")]
    NoHeader,
    #[error("the header has the column {0:?} twice")]
    ColumnTwice(String),
    #[error("{}", drift_message(.0))]
    Drifted(Vec<Drift>),
    #[error("line {line}: {fields} fields where the header has {expected}")]
    Shape {
        line: u64,
        fields: usize,
        expected: usize,
    },
    #[error("line {line}: {text:?} in column {column:?} is not {kind}")]
    Cell {
        line: u64,
        column: String,
        text: String,
        kind: &'static str,
    },
    #[error("line {line}: a row without any dimension stands before the last row")]
    EarlyTotals { line: u64 },
    #[error("the totals row says {total} for {column:?}, the rows add up to {sum} (millionths)")]
    ControlTotal {
        column: String,
        total: i128,
        sum: i128,
    },
    #[error("the totals row has no value for {0:?}")]
    NoTotal(String),
    #[error("the file has no totals row: it was cut off")]
    NoTotals,
    #[error("the file ends before its footer: it was cut off")]
    NoTail,
    #[error("line {line}: text follows the blank line that ends the rows")]
    AfterEnd { line: u64 },
    #[error("the file is {read} bytes long, {announced} were announced")]
    Length { read: u64, announced: u64 },
    #[error("the file does not end in a line feed and its length is unknown: it may be cut off")]
    OpenEnd,
    #[error(transparent)]
    Tail(#[from] TailError),
    #[error("the file ends in the middle of a line: {0}")]
    CutOff(#[source] Box<Error>),
    #[error("line {line}: {reason}")]
    Row { line: u64, reason: String },
    #[error("{message}")]
    Rule { line: Option<u64>, message: String },
}

/// The drifts that keep the file out, in one sentence.
fn drift_message(drifts: &[Drift]) -> String {
    let words: Vec<String> = drifts.iter().map(Drift::words).collect();
    words.join("; ")
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Drifted(_) => "schema_drift",
            Self::ControlTotal { .. } | Self::NoTotal(_) | Self::NoTotals => "control_total",
            Self::Rule { .. } => "rule_broken",
            Self::CutOff(_)
            | Self::Text(records::Error::OpenQuote { .. })
            | Self::NoTail
            | Self::NoHeader
            | Self::OpenEnd
            | Self::Length { .. } => "file_cut_off",
            Self::Text(_)
            | Self::ColumnTwice(_)
            | Self::Shape { .. }
            | Self::Cell { .. }
            | Self::EarlyTotals { .. }
            | Self::AfterEnd { .. }
            | Self::Tail(_)
            | Self::Row { .. } => "file_refused",
        }
    }

    fn line(&self) -> Option<u64> {
        match self {
            Self::Text(error) => error.line(),
            Self::Shape { line, .. }
            | Self::Cell { line, .. }
            | Self::EarlyTotals { line }
            | Self::AfterEnd { line }
            | Self::Row { line, .. } => Some(*line),
            Self::Rule { line, .. } => *line,
            Self::CutOff(error) => error.line(),
            Self::Drifted(_) => Some(1),
            Self::NoHeader
            | Self::ColumnTwice(_)
            | Self::ControlTotal { .. }
            | Self::NoTotal(_)
            | Self::NoTotals
            | Self::NoTail
            | Self::Length { .. }
            | Self::OpenEnd
            | Self::Tail(_) => None,
        }
    }

    pub(super) fn into_file_error(self) -> FileError {
        FileError {
            // Whatever speaks of an end that came too early.
            download_again: matches!(
                &self,
                Self::NoTail
                    | Self::NoTotals
                    | Self::NoHeader
                    | Self::OpenEnd
                    | Self::CutOff(_)
                    | Self::Text(records::Error::OpenQuote { .. })
                    | Self::Length { .. }
                    | Self::Tail(TailError { cut_off: true, .. })
            ),
            code: self.code(),
            line: self.line(),
            message: self.to_string(),
            drifts: match self {
                Self::Drifted(drifts) => drifts,
                _ => Vec::new(),
            },
        }
    }
}

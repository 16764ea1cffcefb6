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
    #[error("{}", drift_message(drifts))]
    Drifted { line: u64, drifts: Vec<Drift> },
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
    #[error(
        "the totals row says {} for {column:?}, the rows add up to {}",
        decimal(*total),
        decimal(*sum)
    )]
    ControlTotal {
        column: String,
        /// Both in millionths.
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
    #[error("line {line}: what follows the rows is longer than any footer")]
    LongTail { line: u64 },
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

/// Millionths as people write them: exact, without ends that say nothing.
fn decimal(millionths: i128) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (
        millionths.unsigned_abs() / 1_000_000,
        millionths.unsigned_abs() % 1_000_000,
    );
    let text = format!("{sign}{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The drifts that keep the file out, in one sentence.
fn drift_message(drifts: &[Drift]) -> String {
    let words: Vec<String> = drifts.iter().map(Drift::words).collect();
    words.join("; ")
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Drifted { .. } => "schema_drift",
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
            | Self::LongTail { .. }
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
            | Self::LongTail { line }
            | Self::Row { line, .. }
            | Self::Drifted { line, .. } => Some(*line),
            Self::Rule { line, .. } => *line,
            Self::CutOff(error) => error.line(),
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
                Self::Drifted { drifts, .. } => drifts,
                _ => Vec::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    //! Sums are told exactly, in people's numbers.

    use super::decimal;

    #[test]
    fn millionths_are_told_as_decimals() {
        assert_eq!(decimal(9_855_816_000_000), "9855816");
        assert_eq!(decimal(10_500_001), "10.500001");
        assert_eq!(decimal(-500_000), "-0.5");
        assert_eq!(decimal(0), "0");
        assert_eq!(decimal(100_000_000), "100");
    }
}

//! Reading delimited files as a pipeline's spec says, and proving that they are whole.
//!
//! Rows are handed on while they are read, so a caller keeps nothing until [`read`] has returned
//! `Ok`: only then do the totals row (the control total), what stands behind the rows and the
//! file's end agree with them. What is a source's own (the words it uses for "nothing", its footer)
//! comes from its connector as a [`Dialect`].

use std::io::BufRead;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::connector::{FileError, ReportRequest};
use super::pipelines::spec::{self, Spec, To};

mod body;

mod cells;

mod dialect;

mod error;

mod header;

pub(crate) mod numbers;

pub(crate) mod records;

mod rules;

mod totals;

pub use dialect::{Dialect, Header, Tail, TailError, TotalsRow};
pub(crate) use error::Error;

/// Raised when the same bytes and the same spec would give other rows.
pub const CODE: u32 = 2;

/// The metrics of the unified model, in the order of [`Fact::metrics`].
pub const METRICS: [To; 7] = [
    To::Impressions,
    To::BillableImpressions,
    To::Clicks,
    To::Conversions,
    To::Revenue,
    To::MediaCost,
    To::BillableCost,
];

/// What a row came to, for lineage: `dv360_line_item_days@1+0/2`.
pub fn pipeline_version(spec: &Spec, layer_version: i64) -> String {
    format!("{}@{}+{layer_version}/{CODE}", spec.pipeline, spec.version)
}

/// One row of a file in the words of the unified model, valid until the next. What the spec maps
/// no column to is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    pub line: u64,
    pub date: NaiveDate,
    pub partner_id: &'a str,
    pub advertiser_id: &'a str,
    pub campaign_id: &'a str,
    pub insertion_order_id: &'a str,
    pub line_item_id: &'a str,
    pub currency: Option<Currency>,
    /// In the order of [`METRICS`]: whole numbers, from conversions on millionths. `None`: the
    /// source has no value.
    pub metrics: [Option<i64>; METRICS.len()],
    /// `name=value;name=value`, ordered by name.
    pub breakdown: &'a str,
    /// A JSON object; empty when there is nothing in it.
    pub extra: &'a str,
}

/// How a column of the file differs from the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The spec does not know it.
    New,
    /// The file does not have it.
    Missing,
    /// Cells that are not of the column's kind.
    Retyped { cells: u64, line: u64, text: String },
    /// The file has an unknown one in its place; as an alias it would be the same column.
    RenamedSuspected { header: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Drift {
    /// The spec's name of it; of a new one the header.
    pub column: String,
    #[serde(flatten)]
    pub change: Change,
    /// What was done about it.
    pub action: spec::Drift,
}

/// A rule that rows broke, and did not keep the file from being loaded for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    pub column: String,
    pub message: String,
    pub rows: u64,
    /// The first of them.
    pub line: Option<u64>,
}

/// What the whole file amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSummary {
    pub rows: u64,
    pub bytes: u64,
    /// The file's own totals were there and agreed with its rows.
    pub control_total: bool,
    /// When the source made the file, if the file says so.
    pub reported_at: Option<DateTime<Utc>>,
    pub drifts: Vec<Drift>,
    pub warnings: Vec<Warning>,
    /// Cells whose value the source withheld (`< 1000`). They are null.
    pub censored: u64,
    /// Cells without a value.
    pub nulls: u64,
    /// Sums of the metric columns in millionths, by the spec's names.
    pub sums: Vec<(String, i128)>,
}

impl ReadSummary {
    /// What the ledger keeps of it besides its figures.
    pub fn notes(&self) -> serde_json::Value {
        serde_json::json!({
            "drifts": self.drifts,
            "warnings": self.warnings,
            "censored": self.censored,
            "nulls": self.nulls,
        })
    }
}

/// Takes a row, or says why the file cannot be kept.
pub type RowSink<'a> = &'a mut (dyn FnMut(&Fact<'_>) -> Result<(), String> + Send);

/// What the file has to be.
pub struct Expected<'a> {
    pub spec: &'a Spec,
    pub request: &'a ReportRequest,
    pub dialect: Dialect<'a>,
    /// The length the transport proved. Without it the file has to end in a line feed.
    pub bytes: Option<u64>,
}

/// Reads the file, hands every row to `sink`, and checks what can be checked.
pub fn read(
    input: impl BufRead,
    expected: &Expected<'_>,
    tail: Option<&mut dyn Tail>,
    sink: RowSink<'_>,
) -> Result<ReadSummary, FileError> {
    body::read(input, expected, tail, sink).map_err(Error::into_file_error)
}

//! What a pipeline is: a document that says what to ask a source for, how to read what comes back,
//! and where it goes in the unified model. Its JSON schema is published at `/api/pipelines/schema`.
//!
//! A spec is data: the ones we ship are files, an org lays its changes over them. Whatever is not
//! in this vocabulary cannot be said, so a spec can be checked before anything runs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Stable, unique within an org: lower case letters, digits and `_`.
    pub pipeline: String,
    /// One higher with each change of the shipped file.
    pub version: u32,
    pub title: String,
    pub description: String,
    /// The table of the unified model that the rows go to.
    pub dataset: Dataset,
    pub source: Source,
    pub columns: Vec<Column>,
    pub schedule: Schedule,
    pub window: Window,
    pub contract: Contract,
    #[serde(default)]
    pub quality: Vec<Rule>,
    pub retention: Retention,
    #[serde(default)]
    pub budget: Budget,
}

impl Spec {
    /// The kind of source, as connections name it.
    pub const fn connector(&self) -> &'static str {
        match self.source {
            Source::Dv360 { .. } => "dv360",
            Source::FileDrop { .. } => "file_drop",
        }
    }

    /// The buying platform its rows are of.
    pub fn dsp(&self) -> &str {
        match &self.source {
            Source::Dv360 { .. } => "dv360",
            Source::FileDrop { file } => &file.dsp,
        }
    }

    /// Budgets and names are what line items need besides their figures.
    pub fn reads_entities(&self) -> bool {
        matches!(self.source, Source::Dv360 { .. }) && self.dataset == Dataset::LineItemDays
    }

    /// What its rows are kept under: breakdowns are many, so each has the name of its pipeline.
    pub fn dataset_key(&self) -> &str {
        match self.dataset {
            Dataset::BreakdownDays => &self.pipeline,
            other => other.as_str(),
        }
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = SpecDataset)]
#[serde(rename_all = "snake_case")]
pub enum Dataset {
    /// Daily facts by line item.
    LineItemDays,
    /// The same by line item and the columns that go to `breakdown`.
    BreakdownDays,
    /// The source's own sums by advertiser and day, to compare with.
    AdvertiserDays,
}

impl Dataset {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LineItemDays => "line_item_days",
            Self::BreakdownDays => "breakdown_days",
            Self::AdvertiserDays => "advertiser_days",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecSource)]
#[serde(tag = "connector", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    Dv360 {
        /// As the source calls it, such as `STANDARD`.
        report_type: String,
        /// Besides partner and advertisers, which every report is limited to.
        #[serde(default)]
        filters: Vec<Filter>,
    },
    /// Files that somebody delivers, described by the rest of the spec.
    FileDrop { file: FileShape },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecFilter)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub name: String,
    pub value: String,
}

/// How a delivered file is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecFileShape)]
#[serde(deny_unknown_fields)]
pub struct FileShape {
    /// The buying platform the figures are of, as it shall stand in silver: `ttd`, `amazon`.
    pub dsp: String,
    /// Which files belong to the pipeline: `*` and `?` stand for any characters but `/`.
    pub name_pattern: String,
    pub format: FileFormat,
    /// Between fields of a line: `,` `;` `|` or a tab.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Lines before the header.
    #[serde(default)]
    pub skip_lines: u32,
    /// Whether the last row sums up the others.
    #[serde(default)]
    pub totals: Totals,
    /// Between whole and fraction; the other one of `.` and `,` may group thousands.
    #[serde(default = "point")]
    pub decimal_separator: char,
    #[serde(default)]
    pub date_format: DateFormat,
    /// For files without a column for it.
    #[serde(default)]
    pub currency: Option<String>,
}

fn comma() -> char {
    ','
}

fn point() -> char {
    '.'
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecFileFormat)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    Csv,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecTotals)]
#[serde(rename_all = "snake_case")]
pub enum Totals {
    #[default]
    None,
    /// The last row has every dimension empty and must agree with the rows.
    LastRow,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecDateFormat)]
pub enum DateFormat {
    /// `2026-11-23`, also with `/`.
    #[default]
    #[serde(rename = "y-m-d")]
    YearMonthDay,
    #[serde(rename = "d.m.y")]
    DayMonthYear,
    #[serde(rename = "m/d/y")]
    MonthDayYear,
    #[serde(rename = "ymd")]
    Compact,
}

/// One column of the source, under each of the names it has been seen to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecColumn)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Ours, unique in the spec.
    pub name: String,
    /// What to ask the source for, such as `FILTER_DATE`; files are not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    pub headers: Vec<String>,
    pub role: Role,
    pub kind: Kind,
    pub to: To,
    /// What is absent without being required is null.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecRole)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Dimension,
    Metric,
}

/// How a cell is read: exactly, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Date,
    /// Digits.
    Id,
    Text,
    /// ISO 4217.
    Currency,
    TimeZone,
    /// A whole number.
    Count,
    /// Kept in millionths.
    Decimal,
    /// Kept in millionths of the row's currency.
    Money,
}

/// The column of the unified model.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = SpecTo)]
#[serde(rename_all = "snake_case")]
pub enum To {
    Date,
    PartnerId,
    AdvertiserId,
    CampaignId,
    InsertionOrderId,
    LineItemId,
    Currency,
    TimeZone,
    /// Part of the breakdown, under the column's name.
    Breakdown,
    Impressions,
    BillableImpressions,
    Clicks,
    Conversions,
    Revenue,
    MediaCost,
    BillableCost,
    /// Kept beside the others, under the column's name.
    Extra,
    /// Read and checked, not kept.
    Nothing,
}

/// When a source is asked by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecSchedule)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    pub every_hours: u32,
    /// Not before this hour in the advertisers' latest time zone.
    #[serde(default)]
    pub not_before_hour: u32,
}

/// Which days are asked for, and until when they may still change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecWindow)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How far back the first sync reaches, in days.
    pub first_days: u32,
    /// How many days before the newest one each sync asks for again.
    pub look_back_days: u32,
    /// The day of the month on which the source certifies the month before; days are provisional
    /// until then and are read once more after it.
    pub month_close_day: u32,
}

/// What becomes of a file that is not what the spec says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecContract)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// A column the spec does not know.
    pub new_column: Drift,
    /// A column that is not there. A required one always puts the file into quarantine.
    pub missing_column: Drift,
    /// A cell that cannot be read as its kind.
    pub retyped_column: Drift,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecDrift)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// Go along: a new column is kept as extra, a missing one is null, a cell is kept as text.
    Evolve,
    /// Go on as before: a new column is left out, a missing one and a bad cell are null.
    Freeze,
    /// Keep the file, load nothing, tell a person.
    Quarantine,
}

/// A check of the rows, after the file has been proven whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecRule)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    NotNegative {
        column: String,
        severity: Severity,
    },
    NotNull {
        column: String,
        severity: Severity,
    },
    /// In each row.
    AtMost {
        column: String,
        other: String,
        severity: Severity,
    },
    /// A column that had values in the days before and is all zero or null now.
    WentToZero {
        column: String,
        severity: Severity,
    },
    /// So many percent fewer rows than in the days before.
    FewerRows {
        percent: u32,
        severity: Severity,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecSeverity)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Warn,
    Quarantine,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecRetention)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub bronze_days: u32,
    pub silver_days: u32,
}

/// The most a day may use; absent is no limit of the pipeline's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SpecBudget)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    pub calls_per_day: Option<u32>,
    pub rows_per_day: Option<u64>,
    pub bytes_per_day: Option<u64>,
}

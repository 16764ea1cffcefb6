//! From a figure back to the line of the file it was read from.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BronzeId, SyncId};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// One line item's day with everything that says where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Lineage {
    pub dataset: String,
    pub dsp: String,
    pub line_item_id: String,
    pub date: NaiveDate,
    pub partner_id: String,
    pub advertiser_id: String,
    pub campaign_id: String,
    pub insertion_order_id: String,
    pub currency: String,
    pub figures: LineageFigures,
    /// The source does not change it any more.
    pub certified: bool,
    /// When the source made the file.
    pub reported_at: Option<DateTime<Utc>>,
    pub load: LineageLoad,
    pub file: LineageFile,
}

/// Absent: the source has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LineageFigures {
    pub impressions: Option<i64>,
    pub billable_impressions: Option<i64>,
    pub clicks: Option<i64>,
    pub conversions_micros: Option<i64>,
    pub revenue_micros: Option<i64>,
    pub media_cost_micros: Option<i64>,
    pub billable_cost_micros: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LineageLoad {
    pub load_id: Uuid,
    pub sync_id: Option<SyncId>,
    /// The pipeline, its version, the org's layer over it and the code that read the file.
    pub pipeline_version: Option<String>,
    pub loaded_at: Option<DateTime<Utc>>,
    /// The file's own totals agreed with its rows.
    pub control_total: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LineageFile {
    pub bronze_id: BronzeId,
    /// Counted from one, the header included.
    pub line: i64,
    /// Of the exact bytes, in hexadecimal.
    pub sha256: Option<String>,
    pub bytes: Option<i64>,
    pub fetched_at: Option<DateTime<Utc>>,
    /// The source's names for the answer and the question.
    pub report_id: Option<String>,
    pub query_id: Option<String>,
    /// What was asked for.
    #[schema(value_type = Option<Object>)]
    pub request: Option<Value>,
    /// The transport announced the length and it was met.
    pub length_proven: Option<bool>,
}

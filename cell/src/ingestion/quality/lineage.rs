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
    /// From when its bytes are not kept any more: older than its pipeline keeps files.
    pub expired_at: Option<DateTime<Utc>>,
}

/// All of it as one row.
#[derive(Debug)]
pub(super) struct LineageRow {
    pub(super) dataset: String,
    pub(super) dsp: String,
    pub(super) line_item_id: String,
    pub(super) date: NaiveDate,
    pub(super) partner_id: String,
    pub(super) advertiser_id: String,
    pub(super) campaign_id: String,
    pub(super) insertion_order_id: String,
    pub(super) currency: String,
    pub(super) impressions: Option<i64>,
    pub(super) billable_impressions: Option<i64>,
    pub(super) clicks: Option<i64>,
    pub(super) conversions_micros: Option<i64>,
    pub(super) revenue_micros: Option<i64>,
    pub(super) media_cost_micros: Option<i64>,
    pub(super) billable_cost_micros: Option<i64>,
    pub(super) bronze_id: Uuid,
    pub(super) bronze_line: i64,
    pub(super) load_id: Uuid,
    pub(super) certified: bool,
    pub(super) reported_at: Option<DateTime<Utc>>,
    pub(super) sync_id: Option<Uuid>,
    pub(super) pipeline_version: Option<String>,
    pub(super) loaded_at: Option<DateTime<Utc>>,
    pub(super) control_total: Option<bool>,
    pub(super) sha256: Option<String>,
    pub(super) bytes: Option<i64>,
    pub(super) fetched_at: Option<DateTime<Utc>>,
    pub(super) report_id: Option<String>,
    pub(super) query_id: Option<String>,
    pub(super) request: Option<Value>,
    pub(super) length_proven: Option<bool>,
    pub(super) expired_at: Option<DateTime<Utc>>,
}

impl From<LineageRow> for Lineage {
    fn from(row: LineageRow) -> Self {
        Self {
            dataset: row.dataset,
            dsp: row.dsp,
            line_item_id: row.line_item_id,
            date: row.date,
            partner_id: row.partner_id,
            advertiser_id: row.advertiser_id,
            campaign_id: row.campaign_id,
            insertion_order_id: row.insertion_order_id,
            currency: row.currency,
            figures: LineageFigures {
                impressions: row.impressions,
                billable_impressions: row.billable_impressions,
                clicks: row.clicks,
                conversions_micros: row.conversions_micros,
                revenue_micros: row.revenue_micros,
                media_cost_micros: row.media_cost_micros,
                billable_cost_micros: row.billable_cost_micros,
            },
            certified: row.certified,
            reported_at: row.reported_at,
            load: LineageLoad {
                load_id: row.load_id,
                sync_id: row.sync_id.map(SyncId::from_uuid),
                pipeline_version: row.pipeline_version,
                loaded_at: row.loaded_at,
                control_total: row.control_total,
            },
            file: LineageFile {
                bronze_id: BronzeId::from_uuid(row.bronze_id),
                line: row.bronze_line,
                sha256: row.sha256,
                bytes: row.bytes,
                fetched_at: row.fetched_at,
                report_id: row.report_id,
                query_id: row.query_id,
                request: row.request,
                length_proven: row.length_proven,
                expired_at: row.expired_at,
            },
        }
    }
}

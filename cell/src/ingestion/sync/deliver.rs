//! Syncs of files that are here already: they begin at loading.

use chrono::Utc;
use contracts::{BronzeId, ConnectionId};

use super::store::{self, NewBronze};
use super::{Kind, MAX_DOWNLOADS, Record, Report, Starter, State, Sync};
use crate::ingestion::bronze::Stored;
use crate::ingestion::connector::ReportRequest;
use crate::ingestion::pipelines::Effective;
use crate::tenancy::OrgTx;

/// A file whose bytes are in bronze, on its way into the manifest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveredFile<'a> {
    pub(crate) connection_id: ConnectionId,
    pub(crate) name: &'a str,
    pub(crate) stored: Stored,
    pub(crate) starter: Starter,
}

/// Enters the file and queues its load, in the caller's transaction. Whose days it has, and which, is
/// known once it is read.
pub(crate) async fn deliver(
    tx: &mut OrgTx,
    file: &DeliveredFile<'_>,
    pipeline: &Effective,
) -> Result<(Sync, BronzeId), sqlx::Error> {
    let today = Utc::now().date_naive();
    let request = ReportRequest {
        partner_id: String::new(),
        advertiser_ids: Vec::new(),
        start: today,
        end: today,
    };
    let described = serde_json::to_value(&request).unwrap_or_default();
    let bronze = NewBronze {
        stored: file.stored,
        kind: "report",
        connection_id: file.connection_id,
        request: &described,
        report_id: Some(file.name),
        query_id: None,
        // The transport or the file system said where it ends.
        length_proven: true,
    };
    let bronze_id = store::ensure_bronze(tx, &bronze).await?;
    let record = Record {
        spec: Box::new(pipeline.spec.clone()),
        layer_version: pipeline.layer_version,
        watched: false,
        zone: None,
        request,
        asked_again: false,
        taken: None,
        advertisers: Vec::new(),
        state: State::Loading {
            report: Report {
                query_id: String::new(),
                report_id: file.name.to_owned(),
                failed: Vec::new(),
            },
            // It cannot be fetched once more.
            attempt: MAX_DOWNLOADS,
            bronze_id,
        },
    };
    let sync = super::start_at(tx, file.connection_id, Kind::File, file.starter, &record).await?;
    Ok((sync, bronze_id))
}

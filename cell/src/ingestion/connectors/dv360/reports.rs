//! Bid Manager v2's reports: running a query once, and what has become of its runs.
//!
//! Running is not repeatable at the source, so a lost answer is settled by looking for a run of the
//! same days. A report is known by its id, never as "the latest".

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::client::{self, Api, Call, Client, Page};
use super::queries::Date;
use crate::ingestion::connector::{Error, ReportRequest, ReportState, SeenReport};

/// Between the source's clock and ours.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

#[derive(Deserialize)]
pub(super) struct Report {
    key: ReportKey,
    metadata: ReportMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportKey {
    report_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportMetadata {
    status: ReportStatus,
    google_cloud_storage_path: Option<String>,
    report_data_start_date: Option<Date>,
    report_data_end_date: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportStatus {
    state: String,
    finish_time: Option<DateTime<Utc>>,
}

impl Report {
    /// The signed address. It is a secret while it lasts.
    pub(super) fn address(&self) -> Option<&str> {
        let path = self.metadata.google_cloud_storage_path.as_deref();
        path.filter(|path| !path.is_empty())
    }

    fn state(&self) -> Result<ReportState, Error> {
        match self.metadata.status.state.as_str() {
            "QUEUED" | "RUNNING" => Ok(ReportState::Pending),
            "FAILED" => Ok(ReportState::Failed),
            "DONE" if self.address().is_some() => Ok(ReportState::Ready),
            "DONE" => Ok(ReportState::WithoutFile),
            other => Err(Error::Unexpected(format!("a report in state {other:?}"))),
        }
    }

    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let date = |said: Option<Date>| said.and_then(Date::to_naive);
        let metadata = &self.metadata;
        date(metadata.report_data_start_date).zip(date(metadata.report_data_end_date))
    }

    pub(super) fn seen(&self) -> Result<SeenReport, Error> {
        Ok(SeenReport {
            report_id: self.key.report_id.clone(),
            state: self.state()?,
            days: self.days(),
            finished_at: self.metadata.status.finish_time,
        })
    }
}

pub(super) async fn ensure(
    client: &Client,
    query_id: &str,
    request: &ReportRequest,
    failed: &[String],
    made_since: Option<DateTime<Utc>>,
) -> Result<String, Error> {
    let path = format!("queries/{query_id}:run");
    let mut look = made_since.is_some();
    let since = made_since.unwrap_or_else(Utc::now) - CLOCKS_DIFFER;
    let mut attempt = 0;
    loop {
        if look && let Some(report_id) = find(client, query_id, request, failed, since).await? {
            return Ok(report_id);
        }
        let run = Call {
            api: Api::Reports,
            method: Method::POST,
            path: &path,
            query: &[("synchronous", "false")],
            body: Some(json!({"dataRange": {
                "range": "CUSTOM_DATES",
                "customStartDate": Date::from(request.start),
                "customEndDate": Date::from(request.end),
            }})),
            repeatable: false,
        };
        match client.call::<Report>(run).await {
            Ok(report) => return Ok(report.key.report_id),
            Err(Error::Unavailable(_)) if attempt < client::MAX_RETRIES => {
                tokio::time::sleep(client::backoff(attempt)).await;
                attempt += 1;
                look = true;
            }
            Err(error) => return Err(error),
        }
    }
}

/// A run of the days asked for, as far as the source says, that has not come to nothing and was not
/// over before `since`.
async fn find(
    client: &Client,
    query_id: &str,
    request: &ReportRequest,
    failed: &[String],
    since: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    let wanted = (request.start, request.end);
    let reports = latest(client, query_id).await?;
    let usable = |report: &Report| {
        let status = &report.metadata.status;
        report.days().is_none_or(|days| days == wanted)
            && status.state != "FAILED"
            && status.finish_time.is_none_or(|at| at >= since)
            && !failed.contains(&report.key.report_id)
    };
    let found = reports.into_iter().find(usable);
    Ok(found.map(|report| report.key.report_id))
}

/// The first page: a hundred reports are more than three months of mornings.
pub(super) async fn latest(client: &Client, query_id: &str) -> Result<Vec<Report>, Error> {
    let path = format!("queries/{query_id}/reports");
    let order = [("orderBy", "key.reportId desc"), ("pageSize", "100")];
    let page: Page<Report> = client.call(Call::get(Api::Reports, &path, &order)).await?;
    Ok(page.items)
}

pub(super) async fn fetch(
    client: &Client,
    query_id: &str,
    report_id: &str,
) -> Result<Report, Error> {
    let path = format!("queries/{query_id}/reports/{report_id}");
    client.call(Call::get(Api::Reports, &path, &[])).await
}

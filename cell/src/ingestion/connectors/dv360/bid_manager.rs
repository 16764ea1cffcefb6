//! Bid Manager v2: the query that asks for the daily facts, its runs, and where their files are.
//!
//! Creating and running are not repeatable at the source, so each is settled by looking for what an
//! earlier attempt may have made. A query's title is unique to its sync, and only its sync runs it.

use chrono::{Datelike, NaiveDate};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::client::{self, Api, Call, Client};
use crate::ingestion::connector::{Error, ReportRequest, ReportState};
use crate::ingestion::pipelines::Spec;
use crate::ingestion::pipelines::spec::{Role, Source};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Date {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
}

impl Date {
    pub(super) fn to_naive(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day)
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    query_id: String,
    metadata: QueryMetadata,
}

#[derive(Deserialize)]
struct QueryMetadata {
    #[serde(default)]
    title: String,
}

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
struct ReportStatus {
    state: String,
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

    /// The run is of the dates asked for, as far as the source says.
    fn covers(&self, request: &ReportRequest) -> bool {
        let same = |said: Option<Date>, asked: NaiveDate| {
            said.and_then(Date::to_naive)
                .is_none_or(|date| date == asked)
        };
        same(self.metadata.report_data_start_date, request.start)
            && same(self.metadata.report_data_end_date, request.end)
    }
}

/// What is asked for: the spec's columns in its order, of the partner and advertisers.
fn query_body(spec: &Spec, request: &ReportRequest) -> Result<serde_json::Value, Error> {
    let Source::Dv360 {
        report_type,
        filters: more,
    } = &spec.source
    else {
        let message = format!("pipeline {} is not of this source", spec.pipeline);
        return Err(Error::Rejected(message));
    };
    let names = |role: Role| -> Vec<&str> {
        let columns = spec.columns.iter().filter(|column| column.role == role);
        columns.filter_map(|column| column.ask.as_deref()).collect()
    };
    let mut filters = vec![json!({"type": "FILTER_PARTNER", "value": request.partner_id})];
    filters.extend(
        request
            .advertiser_ids
            .iter()
            .map(|id| json!({"type": "FILTER_ADVERTISER", "value": id})),
    );
    filters.extend(
        more.iter()
            .map(|one| json!({"type": one.name, "value": one.value})),
    );
    Ok(json!({
        "metadata": {
            "title": request.title,
            "dataRange": data_range(request),
            "format": "CSV",
            "sendNotification": false,
        },
        "params": {
            "type": report_type,
            "groupBys": names(Role::Dimension),
            "metrics": names(Role::Metric),
            "filters": filters,
        },
        "schedule": {"frequency": "ONE_TIME"},
    }))
}

fn data_range(request: &ReportRequest) -> serde_json::Value {
    json!({
        "range": "CUSTOM_DATES",
        "customStartDate": Date::from(request.start),
        "customEndDate": Date::from(request.end),
    })
}

pub(super) async fn ensure_query(
    client: &Client,
    spec: &Spec,
    request: &ReportRequest,
    resumed: bool,
) -> Result<String, Error> {
    let body = query_body(spec, request)?;
    let mut look = resumed;
    let mut attempt = 0;
    loop {
        if look && let Some(query_id) = find_query(client, &request.title).await? {
            return Ok(query_id);
        }
        let create = Call {
            api: Api::Reports,
            method: Method::POST,
            path: "queries",
            query: &[],
            body: Some(body.clone()),
            repeatable: false,
        };
        match client.call::<Query>(create).await {
            Ok(query) => return Ok(query.query_id),
            Err(Error::Unavailable(_)) if attempt < client::MAX_RETRIES => {
                tokio::time::sleep(client::backoff(attempt)).await;
                attempt += 1;
                look = true;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Newest first, so that ours is on the first page unless somebody made a hundred since.
async fn find_query(client: &Client, title: &str) -> Result<Option<String>, Error> {
    let order = [("orderBy", "queryId desc"), ("pageSize", "100")];
    let queries = client
        .list::<Query>(Api::Reports, "queries", &order)
        .await?;
    let ours = queries
        .into_iter()
        .find(|query| query.metadata.title == title);
    Ok(ours.map(|query| query.query_id))
}

pub(super) async fn ensure_report(
    client: &Client,
    query_id: &str,
    request: &ReportRequest,
    failed: &[String],
    resumed: bool,
) -> Result<String, Error> {
    let path = format!("queries/{query_id}:run");
    let mut look = resumed;
    let mut attempt = 0;
    loop {
        if look && let Some(report_id) = find_report(client, query_id, request, failed).await? {
            return Ok(report_id);
        }
        let run = Call {
            api: Api::Reports,
            method: Method::POST,
            path: &path,
            query: &[("synchronous", "false")],
            body: Some(json!({"dataRange": data_range(request)})),
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

async fn find_report(
    client: &Client,
    query_id: &str,
    request: &ReportRequest,
    failed: &[String],
) -> Result<Option<String>, Error> {
    let path = format!("queries/{query_id}/reports");
    let order = [("orderBy", "key.reportId desc")];
    let reports = client.list::<Report>(Api::Reports, &path, &order).await?;
    let usable = |report: &Report| {
        report.covers(request)
            && report.metadata.status.state != "FAILED"
            && !failed.contains(&report.key.report_id)
    };
    let found = reports.into_iter().find(usable);
    Ok(found.map(|report| report.key.report_id))
}

/// Keyed on the report that was run, never on "the latest".
pub(super) async fn fetch_report(
    client: &Client,
    query_id: &str,
    report_id: &str,
) -> Result<Report, Error> {
    let path = format!("queries/{query_id}/reports/{report_id}");
    client.call(Call::get(Api::Reports, &path, &[])).await
}

pub(super) async fn fetch_state(
    client: &Client,
    query_id: &str,
    report_id: &str,
) -> Result<ReportState, Error> {
    fetch_report(client, query_id, report_id).await?.state()
}

pub(super) async fn delete_query(client: &Client, query_id: &str) -> Result<(), Error> {
    let path = format!("queries/{query_id}");
    let delete = Call {
        method: Method::DELETE,
        ..Call::get(Api::Reports, &path, &[])
    };
    match client.send(delete).await {
        Ok(_) | Err(Error::NotFound(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

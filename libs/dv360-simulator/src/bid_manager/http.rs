//! Routes of Bid Manager v2.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::Utc;
use serde_json::{Value, json};

use super::store::{Progress, Report};
use super::{Date, Query, RunRequest, runs, shape, validate};
use crate::app::{App, Shared, authorize_reports, base_url};
use crate::download;
use crate::error::Error;
use crate::page::Page;
use crate::params::{Params, path_id};

const PAGE_SIZE: i32 = 100;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v2/queries", get(list).post(create))
        .route("/v2/queries/{query}", get(fetch).delete(remove).post(run))
        .route("/v2/queries/{query}/reports", get(list_reports))
        .route("/v2/queries/{query}/reports/{report}", get(fetch_report))
        .route("/v2/queries/", post(unknown_query).get(unknown_query))
}

async fn unknown_query() -> Error {
    Error::not_found()
}

async fn create(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Json<Query>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(query.as_deref(), &[])?;
    let query: Query = shape::read(&body, &shape::QUERY, "query")?;
    let today = app.clock.now().today(chrono_tz::America::New_York);
    validate::query(&query, today)?;
    app.faults
        .check_api(&runs::covered(&app, &caller, &query.params).seen)?;
    Ok(Json(app.reports.create(
        &caller.email,
        query,
        app.clock.now(),
    )))
}

async fn list(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    let params = Params::parse(query.as_deref(), &["pageSize", "pageToken", "orderBy"])?;
    let (field, descending) = order(&params, "queryId", &["queryId", "metadata.title"])?;
    let identity = format!("queries/{}/{field}/{descending}", caller.email);
    let page = Page::read(&params, PAGE_SIZE, &identity)?;
    let mut queries = app.reports.list(&caller.email);
    if field == "metadata.title" {
        queries.sort_by(|a, b| a.metadata.title.cmp(&b.metadata.title));
    }
    if descending {
        queries.reverse();
    }
    let (queries, next) = page.cut(queries);
    Ok(Json(listing("queries", json!(queries), next)))
}

async fn fetch(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Json<Query>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    app.reports
        .fetch(&caller.email, path_id("query_id", &query)?)
        .map(Json)
}

async fn remove(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<StatusCode, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    app.reports
        .delete(&caller.email, path_id("query_id", &query)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn run(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    let params = Params::parse(raw.as_deref(), &["synchronous"])?;
    let id = query.strip_suffix(":run").ok_or_else(Error::not_found)?;
    let saved = app.reports.fetch(&caller.email, path_id("query_id", id)?)?;
    let request: RunRequest = shape::read(&body, &shape::RUN_REQUEST, "run_query_request")?;
    let now = app.clock.now();
    let range = match request.data_range {
        Some(range) => {
            validate::data_range(&range, now.today(chrono_tz::America::New_York))?;
            range
        }
        None => saved.metadata.data_range.clone(),
    };
    let covered = runs::covered(&app, &caller, &saved.params);
    app.faults.check_api(&covered.seen)?;
    let report = runs::start(&app, &caller, &saved, range, covered, app.clock.now())?;
    if params.flag("synchronous")? && report.fault.is_none() {
        tokio::time::sleep(Duration::from_millis(report.delay_ms)).await;
    }
    Ok(Json(describe(&app, &headers, &report)))
}

async fn list_reports(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Json<Value>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    let params = Params::parse(raw.as_deref(), &["pageSize", "pageToken", "orderBy"])?;
    let (_, descending) = order(&params, "key.reportId", &["key.reportId"])?;
    let identity = format!("reports/{}/{query}/{descending}", caller.email);
    let page = Page::read(&params, PAGE_SIZE, &identity)?;
    let id = path_id("query_id", &query)?;
    runs::catch_up(&app, &caller, id)?;
    let mut reports = app.reports.list_reports(&caller.email, id)?;
    if descending {
        reports.reverse();
    }
    let (reports, next) = page.cut(reports);
    let reports: Vec<Value> = reports
        .iter()
        .map(|one| describe(&app, &headers, one))
        .collect();
    Ok(Json(listing("reports", json!(reports), next)))
}

async fn fetch_report(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((query, report)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Json<Value>, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    let (query, report) = (path_id("query_id", &query)?, path_id("report_id", &report)?);
    let report = app.reports.fetch_report(&caller.email, query, report)?;
    app.faults.check_api(&report.request.advertisers)?;
    Ok(Json(describe(&app, &headers, &report)))
}

/// The Report resource. A finished one carries a freshly signed link each time it is asked for.
fn describe(app: &App, headers: &HeaderMap, report: &Report) -> Value {
    let progress = report.state(Utc::now());
    let mut status = json!({"format": "CSV"});
    status["state"] = json!(match progress {
        Progress::Queued => "QUEUED",
        Progress::Running => "RUNNING",
        Progress::Done => "DONE",
        Progress::Failed => "FAILED",
    });
    if matches!(progress, Progress::Done | Progress::Failed) {
        status["finishTime"] = json!(
            report
                .finished_at()
                .format("%Y-%m-%dT%H:%M:%SZ")
                .to_string()
        );
    }
    let mut metadata = json!({"status": status});
    if let Some(span) = report.request.span(&app.world) {
        metadata["reportDataStartDate"] = json!(Date::from(span.start));
        metadata["reportDataEndDate"] = json!(Date::from(span.end));
    }
    if progress == Progress::Done && report.fault.is_none() {
        let path = download::path(report);
        let link = app
            .links
            .sign(&base_url(app, headers), &path, Utc::now().timestamp());
        metadata["googleCloudStoragePath"] = json!(link);
    }
    json!({
        "key": {"queryId": report.query_id.to_string(), "reportId": report.id.to_string()},
        "metadata": metadata,
        "params": report.request.params,
    })
}

fn order(params: &Params, default: &str, known: &[&str]) -> Result<(String, bool), Error> {
    let text = params.get("orderBy").unwrap_or(default);
    let (field, descending) = match text.strip_suffix(" desc") {
        Some(field) => (field, true),
        None => (text, false),
    };
    if known.contains(&field) {
        Ok((field.to_owned(), descending))
    } else {
        Err(Error::invalid())
    }
}

/// A list response: the array is absent when empty, the token when there is no next page.
fn listing(name: &str, items: Value, next: Option<String>) -> Value {
    let mut body = json!({});
    if items.as_array().is_some_and(|items| !items.is_empty()) {
        body[name] = items;
    }
    if let Some(token) = next {
        body["nextPageToken"] = json!(token);
    }
    body
}

//! Routes of Bid Manager v2.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::Utc;
use serde_json::{Value, json};

use super::runs::Covered;
use super::store::{Progress, Report};
use super::{Date, Query, RunRequest, foreign, runs, schedule, shape, validate};
use crate::app::{App, Caller, Shared, answer, authorize_reports, base_url};
use crate::download;
use crate::error::Error;
use crate::faults::{Call, ReportFault};
use crate::page::Page;
use crate::params::{Params, path_id};

const PAGE_SIZE: i32 = 100;
/// Longer than any link lives.
const LONG_AGO_S: i64 = 10 * 365 * 24 * 3_600;

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
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(query.as_deref(), &[])?;
    let query: Query = shape::read(&body, &shape::QUERY, "query")?;
    let today = app.clock.now().today(chrono_tz::America::New_York);
    validate::query(&query, today)?;
    let world = app.world();
    let covered = runs::covered(&world, &caller, &query.params, None);
    let outcome = app.strike(Call::CreateQuery, &covered.seen).await?;
    if schedule::repeats(&query) {
        let (_, scheduled) = app.reports.load_of(&caller.email, app.clock.passed_ms());
        app.quota.check_user(0, scheduled)?;
    }
    let roster = runs::roster(&world, &caller);
    let now = app.clock.now();
    let made = app.reports.create(&caller.email, query, roster, now);
    Ok(answer(outcome, Json(made)))
}

async fn list(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    let params = Params::parse(query.as_deref(), &["pageSize", "pageToken", "orderBy"])?;
    let (field, descending) = order(&params, "queryId", &["queryId", "metadata.title"])?;
    let outcome = app.strike(Call::ListQueries, &[]).await?;
    let identity = format!("queries/{}/{field}/{descending}", caller.email);
    let fault = app.faults.draw_page(Call::ListQueries, &[]);
    let page = Page::read(&params, PAGE_SIZE, &identity, fault)?;
    let mut queries = foreign::queries(app.foreign_queries());
    queries.extend(app.reports.list(&caller.email));
    if field == "metadata.title" {
        queries.sort_by(|a, b| a.metadata.title.cmp(&b.metadata.title));
    }
    if descending {
        queries.reverse();
    }
    let (queries, next) = page.cut(queries);
    let body = Json(listing("queries", json!(queries), next));
    Ok(answer(outcome, body))
}

async fn fetch(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    let id = path_id("query_id", &query)?;
    let mut foreign = foreign::queries(app.foreign_queries()).into_iter();
    if let Some(one) = foreign.find(|one| one.query_id == query) {
        return Ok(Json(one).into_response());
    }
    let saved = app.reports.fetch(&caller.email, id)?;
    let seen = reach(&app, &caller, &saved)?.seen;
    let outcome = app.strike(Call::FetchQuery, &seen).await?;
    Ok(answer(outcome, Json(saved)))
}

async fn remove(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    let id = path_id("query_id", &query)?;
    let saved = app.reports.fetch(&caller.email, id)?;
    let seen = reach(&app, &caller, &saved)?.seen;
    let outcome = app.strike(Call::DeleteQuery, &seen).await?;
    app.reports.delete(&caller.email, id)?;
    Ok(answer(outcome, StatusCode::NO_CONTENT))
}

/// What the saved query covers today.
fn reach(app: &App, caller: &Caller, saved: &Query) -> Result<Covered, Error> {
    let id = path_id("query_id", &saved.query_id)?;
    let roster = app.reports.roster(&caller.email, id)?;
    let world = app.world();
    Ok(runs::covered(&world, caller, &saved.params, Some(&roster)))
}

async fn run(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Response, Error> {
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
    let covered = reach(&app, &caller, &saved)?;
    let outcome = app.strike(Call::RunQuery, &covered.seen).await?;
    let (under_way, _) = app.reports.load_of(&caller.email, app.clock.passed_ms());
    app.quota.check_user(under_way, 0)?;
    app.quota.take_run(&caller.email, now.instant)?;
    let now = app.clock.now();
    let report = runs::start(&app, &caller, &saved, range, covered, now, false)?;
    if params.flag("synchronous")? && report.fault.is_none() {
        let wait_ms = app.clock.real_ms(report.delay_ms).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    let body = Json(describe(&app, &headers, &report));
    Ok(answer(outcome, body))
}

async fn list_reports(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(query): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    let params = Params::parse(raw.as_deref(), &["pageSize", "pageToken", "orderBy"])?;
    let (_, descending) = order(&params, "key.reportId", &["key.reportId"])?;
    let identity = format!("reports/{}/{query}/{descending}", caller.email);
    let id = path_id("query_id", &query)?;
    let saved = app.reports.fetch(&caller.email, id)?;
    let seen = reach(&app, &caller, &saved)?.seen;
    let outcome = app.strike(Call::ListReports, &seen).await?;
    let fault = app.faults.draw_page(Call::ListReports, &seen);
    let page = Page::read(&params, PAGE_SIZE, &identity, fault)?;
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
    let body = Json(listing("reports", json!(reports), next));
    Ok(answer(outcome, body))
}

async fn fetch_report(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path((query, report)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Error> {
    let caller = authorize_reports(&app, &headers)?;
    Params::parse(raw.as_deref(), &[])?;
    let (query, report) = (path_id("query_id", &query)?, path_id("report_id", &report)?);
    let report = app.reports.fetch_report(&caller.email, query, report)?;
    let outcome = app
        .strike(Call::FetchReport, &report.request.advertisers)
        .await?;
    let body = Json(describe(&app, &headers, &report));
    Ok(answer(outcome, body))
}

/// The Report resource. A finished one carries a freshly signed link each time it is asked for.
fn describe(app: &App, headers: &HeaderMap, report: &Report) -> Value {
    let progress = report.state(app.clock.passed_ms());
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
    if let Some(span) = report.request.span(&app.worlds.at(report.request.revision)) {
        metadata["reportDataStartDate"] = json!(Date::from(span.start));
        metadata["reportDataEndDate"] = json!(Date::from(span.end));
    }
    if progress == Progress::Done && report.has_path() {
        let path = download::path(report);
        let expired = report.fault == Some(ReportFault::ExpiredLink);
        let signed_at = Utc::now().timestamp() - if expired { LONG_AGO_S } else { 0 };
        let link = app.links.sign(&base_url(app, headers), &path, signed_at);
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

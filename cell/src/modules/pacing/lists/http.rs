//! The lists over HTTP, page by page or whole as a file.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;

use super::Found;
use crate::app::App;
use crate::auth::Member;
use crate::modules::pacing::figures::Status;
use crate::modules::pacing::rows::{Level, PacingRow, Total, totals};
use crate::modules::pacing::sort::{self, Filter, Sort};
use crate::modules::pacing::{Error, export, store};

const DEFAULT_LIMIT: usize = 50;
const MOST: usize = 500;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PacingQuery {
    advertiser_id: Option<String>,
    campaign_id: Option<String>,
    insertion_order_id: Option<String>,
    /// Orders of this portfolio only.
    portfolio_id: Option<String>,
    /// One or more statuses, separated by commas.
    status: Option<String>,
    /// Part of its name, or of its order's, its campaign's or its advertiser's, or an id.
    search: Option<String>,
    /// A column of the row; with `-` in front, largest first.
    /// Columns of amounts sort within each currency, impressions last. Default:
    /// `-at_risk_percent`, the largest share of a budget at risk first.
    sort: Option<String>,
    cursor: Option<String>,
    /// At most 500; default 50.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingList {
    pub items: Vec<PacingRow>,
    pub next_cursor: Option<String>,
    /// Over all pages, by currency, impressions last.
    pub totals: Vec<Total>,
    pub as_of: AsOf,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AsOf {
    /// The last day that is complete for every advertiser.
    pub through: Option<NaiveDate>,
    /// The source has not certified this many of the last days, and may still change them.
    pub provisional_days: u64,
    pub advertisers: Vec<AdvertiserReach>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdvertiserReach {
    pub advertiser_id: String,
    pub name: String,
    pub time_zone: String,
    pub currency: String,
    pub through: NaiveDate,
}

/// Insertion orders against their budgets
#[utoipa::path(get, path = "/api/pacing/insertion-orders", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    answer(&app, &member, query, Level::InsertionOrder).await
}

/// Line items against their budgets
#[utoipa::path(get, path = "/api/pacing/line-items", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list_line_items(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    answer(&app, &member, query, Level::LineItem).await
}

/// Campaigns: their running orders summed up, by unit
#[utoipa::path(get, path = "/api/pacing/campaigns", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list_campaigns(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    answer(&app, &member, query, Level::Campaign).await
}

/// Advertisers: their running orders summed up, by unit
#[utoipa::path(get, path = "/api/pacing/advertisers", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list_advertisers(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    answer(&app, &member, query, Level::Advertiser).await
}

/// Portfolios: their running orders summed up, by unit
#[utoipa::path(get, path = "/api/pacing/portfolios", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list_portfolios(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    answer(&app, &member, query, Level::Portfolio).await
}

async fn answer(
    app: &App,
    member: &Member,
    query: PacingQuery,
    level: Level,
) -> Result<axum::Json<PacingList>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST);
    let cursor = query.cursor.clone();
    let found = read(app, member, query).await?;
    let rows = found.rows(level);
    let totals = totals(rows.iter().map(Cow::as_ref));
    let (items, next_cursor) = page(&rows, cursor.as_deref(), limit)?;
    Ok(axum::Json(PacingList {
        items,
        next_cursor,
        totals,
        as_of: as_of(&found.reach),
    }))
}

async fn read(app: &App, member: &Member, query: PacingQuery) -> Result<Found, ApiError> {
    let sort = Sort::parse(query.sort.as_deref().unwrap_or(sort::DEFAULT))?;
    let filter = Filter {
        status: statuses(query.status.as_deref())?,
        search: query.search.as_deref().map(str::to_lowercase),
        advertiser_id: query.advertiser_id,
        campaign_id: query.campaign_id,
        insertion_order_id: query.insertion_order_id,
        portfolio_id: query.portfolio_id,
    };
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = Found::read(&mut tx, &app.pacing, (filter, sort)).await?;
    tx.commit().await?;
    Ok(found)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    level: Level,
    /// `csv` in whole units for spreadsheets, or `ndjson`: a row of the list a line.
    #[param(inline)]
    format: ExportFormat,
    advertiser_id: Option<String>,
    campaign_id: Option<String>,
    insertion_order_id: Option<String>,
    portfolio_id: Option<String>,
    status: Option<String>,
    search: Option<String>,
    sort: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Csv,
    Ndjson,
}

/// All rows of a list as a file
#[utoipa::path(get, path = "/api/pacing/export", tag = "pacing", params(ExportQuery),
    responses((status = 200, content_type = "text/csv", body = String),
        (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_query`")))]
pub async fn save(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ExportQuery>,
) -> Result<Response, ApiError> {
    let (level, format) = (query.level, query.format);
    let list = PacingQuery {
        advertiser_id: query.advertiser_id,
        campaign_id: query.campaign_id,
        insertion_order_id: query.insertion_order_id,
        portfolio_id: query.portfolio_id,
        status: query.status,
        search: query.search,
        sort: query.sort,
        cursor: None,
        limit: None,
    };
    let found = read(&app, &member, list).await?;
    let rows = found.rows(level);
    let (ending, kind, body) = match format {
        ExportFormat::Csv => ("csv", "text/csv; charset=utf-8", export::csv(&rows).into()),
        ExportFormat::Ndjson => {
            let body = export::ndjson(&rows).map_err(ApiError::internal)?;
            ("ndjson", "application/x-ndjson", body)
        }
    };
    let name = export::file_name(level);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ),
    ];
    Ok((headers, Body::from(body)).into_response())
}

fn most_provisional(reach: &[store::Reach]) -> u64 {
    let most = reach.iter().map(|one| one.provisional_days).max();
    most.map_or(0, |days| u64::try_from(days).unwrap_or(0))
}

fn as_of(reach: &[store::Reach]) -> AsOf {
    AsOf {
        through: reach.iter().map(|one| one.through).min(),
        provisional_days: most_provisional(reach),
        advertisers: reach
            .iter()
            .map(|one| AdvertiserReach {
                advertiser_id: one.advertiser_id.clone(),
                name: one.advertiser_name.clone(),
                time_zone: one.time_zone.clone(),
                currency: one.currency.clone(),
                through: one.through,
            })
            .collect(),
    }
}

/// A cursor names the last row of the page before.
fn page(
    rows: &[Cow<'_, PacingRow>],
    cursor: Option<&str>,
    limit: usize,
) -> Result<(Vec<PacingRow>, Option<String>), Error> {
    let first = match cursor {
        None => 0,
        Some(cursor) => {
            let last = URL_SAFE_NO_PAD
                .decode(cursor)
                .map_err(|_| Error::StaleCursor)?;
            let at = rows.iter().position(|row| row.row_key.as_bytes() == last);
            at.ok_or(Error::StaleCursor)? + 1
        }
    };
    let rest = &rows[first..];
    let items = &rest[..limit.min(rest.len())];
    let last = items.last().filter(|_| rest.len() > limit);
    let next = last.map(|row| URL_SAFE_NO_PAD.encode(&row.row_key));
    Ok((
        items.iter().map(|row| PacingRow::clone(row)).collect(),
        next,
    ))
}

fn statuses(text: Option<&str>) -> Result<Vec<Status>, ApiError> {
    let words = text
        .unwrap_or_default()
        .split(',')
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            let value = serde_json::Value::String(word.to_owned());
            serde_json::from_value(value).map_err(|_| {
                ApiError::bad_request("invalid_status", format!("{word:?} is not a status"))
            })
        })
        .collect()
}

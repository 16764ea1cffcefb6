//! Pacing over HTTP: the list of insertion orders, one of them in full, and how fresh the data is.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Path, Query};

use super::detail::{PacingDay, PlanDay, SegmentPacing, planned, sum_days};
use super::explain::{Explanation, Unit, explain};
use super::figures::Status;
use super::judge::{Deliveries, Rules};
use super::rows::{PacingRow, Total, totals};
use super::settings::Settings;
use super::sort::{self, Filter, Sort};
use super::store::{self, Which};
use super::{Book, ByDay, Error, Pacing, module};
use crate::app::App;
use crate::auth::Member;
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::modules;

const DEFAULT_LIMIT: usize = 50;
const MOST: usize = 500;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PacingQuery {
    advertiser_id: Option<String>,
    /// One or more statuses, separated by commas.
    status: Option<String>,
    /// Part of a name of the order, its campaign or its advertiser, or an id.
    search: Option<String>,
    /// A column of the row, `start`, `end` or `budget_micros`; with `-` in front, largest first.
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

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingDetail {
    pub row: PacingRow,
    pub segments: Vec<SegmentPacing>,
    /// The days of the row's segment that are complete.
    pub days: Vec<PacingDay>,
    /// Every day of the row's segment, those to come as well.
    pub plan: Vec<PlanDay>,
    pub line_items: Vec<PacingRow>,
    pub explain: Vec<Explanation>,
    /// The calendar that weighs its days, if one does.
    pub calendar: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FreshnessList {
    pub items: Vec<Freshness>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Freshness {
    pub dataset: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub time_zone: String,
    pub through: NaiveDate,
    pub provisional_days: u64,
}

/// Insertion orders against their budgets
#[utoipa::path(get, path = "/api/pacing/insertion-orders", tag = "pacing", params(PacingQuery),
    responses((status = 200, body = PacingList), (status = 400, description = "`invalid_sort`, `invalid_status`, `invalid_cursor`")))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<PacingQuery>,
) -> Result<axum::Json<PacingList>, ApiError> {
    let sort = Sort::parse(query.sort.as_deref().unwrap_or(sort::DEFAULT))?;
    let filter = Filter {
        status: statuses(query.status.as_deref())?,
        advertiser_id: query.advertiser_id,
        search: query.search,
    };
    let which = Which {
        advertiser_id: filter.advertiser_id.as_deref(),
        insertion_order_id: None,
    };
    let mut tx = app.db.begin_read(&member.scope).await?;
    let settings: Settings = modules::settings_of(&mut tx, &Pacing).await?;
    let rows = module::list_rows(&mut tx, which, &settings).await;
    let mut rows = rows.map_err(Error::from)?;
    let reach = store::list_reach(&mut tx, which.advertiser_id).await;
    let mut reach = reach.map_err(Error::from)?;
    reach.retain(|one| one.dataset == LINE_ITEM_DAYS);
    tx.commit().await?;
    rows.retain(|row| filter.keeps(row));
    sort.apply(&mut rows);
    let totals = totals(&rows);
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST);
    let (items, next_cursor) = page(rows, query.cursor.as_deref(), limit)?;
    Ok(axum::Json(PacingList {
        items,
        next_cursor,
        totals,
        as_of: as_of(&reach),
    }))
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
    mut rows: Vec<PacingRow>,
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
    let mut items = rows.split_off(first.min(rows.len()));
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|row| URL_SAFE_NO_PAD.encode(&row.row_key));
    Ok((items, next))
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

/// One insertion order in full
#[utoipa::path(get, path = "/api/pacing/insertion-orders/{insertion_order_id}", tag = "pacing",
    params(("insertion_order_id" = String, Path)),
    responses((status = 200, body = PacingDetail), (status = 404, description = "`insertion_order_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<axum::Json<PacingDetail>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let settings: Settings = modules::settings_of(&mut tx, &Pacing).await?;
    let which = Which {
        advertiser_id: None,
        insertion_order_id: Some(&id),
    };
    let books = store::list_books(&mut tx, which).await;
    let book = books.map_err(Error::from)?.into_iter().next();
    let book = book.ok_or(Error::NotFound)?;
    let by_line_item = store::list_days(&mut tx, &book.order)
        .await
        .map_err(Error::from)?;
    let certified = store::list_certified(&mut tx, &book.order)
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(whole(
        &book,
        &by_line_item,
        &certified,
        &settings,
    )))
}

fn whole(
    book: &Book,
    by_line_item: &HashMap<String, ByDay>,
    certified: &HashSet<NaiveDate>,
    settings: &Settings,
) -> PacingDetail {
    let rules = Rules::new(settings);
    let order = &book.order;
    let days = sum_days(by_line_item);
    let delivered = book.deliveries(by_line_item);
    let all = Deliveries::new(&delivered, order.through);
    let (row, line_items) = book.rows(&all, &rules);
    let standing = book.current().map(|segment| {
        let caps = book.caps(segment, &all);
        book.standing(segment, all.in_segment, (caps, &rules))
    });
    let standing = standing.as_ref();
    let unit = Unit {
        currency: &order.currency,
        impressions: order.counts_impressions(),
    };
    let calendars = &rules.calendars;
    let (_, calendar) = calendars.of(&order.advertiser_id, &order.insertion_order_id);
    let segments = book.segments.iter();
    PacingDetail {
        row,
        segments: segments
            .map(|one| book.segment_pacing(one, &days, &rules))
            .collect(),
        days: standing.map_or_else(Vec::new, |one| one.days(order.through, &days, certified)),
        plan: standing.map_or_else(Vec::new, |one| planned(&one.plan)),
        line_items,
        explain: standing.map_or_else(Vec::new, |one| explain(one, unit, calendar)),
        calendar: calendar.map(str::to_owned),
    }
}

/// How far each advertiser's data reaches
#[utoipa::path(get, path = "/api/freshness", tag = "pacing",
    responses((status = 200, body = FreshnessList)))]
pub async fn freshness(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<FreshnessList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let reach = store::list_reach(&mut tx, None)
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    let item = |one: store::Reach| Freshness {
        dataset: one.dataset,
        advertiser_id: one.advertiser_id,
        advertiser_name: one.advertiser_name,
        time_zone: one.time_zone,
        through: one.through,
        provisional_days: u64::try_from(one.provisional_days).unwrap_or(0),
    };
    Ok(axum::Json(FreshnessList {
        items: reach.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(
                "insertion_order_not_found",
                "there is no such insertion order",
            ),
            Error::UnknownColumn(_) => Self::bad_request("invalid_sort", error.to_string()),
            Error::StaleCursor => Self::bad_request("invalid_cursor", error.to_string()),
            Error::WhatIf(_) => Self::bad_request("invalid_what_if", error.to_string()),
            Error::Module(error) => error.into(),
            Error::Tenancy(error) => error.into(),
        }
    }
}

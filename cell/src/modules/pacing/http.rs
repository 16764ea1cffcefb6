//! Pacing over HTTP: the list of insertion orders, one of them in full, and how fresh the data is.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Path, Query};

use super::detail::{
    LinePacing, PacingDay, PlanDay, SegmentPacing, line_pacing, pacing_days, planned,
    segment_pacing,
};
use super::explain::{Explanation, Unit, explain};
use super::figures::Status;
use super::rows::{PacingRow, Total, current_segment, figures_of, row, totals};
use super::sort::{self, Filter, Sort};
use super::{ByDay, Error, Order, Segment, spent, store};
use crate::app::App;
use crate::auth::Member;
use crate::ingestion::silver::LINE_ITEM_DAYS;

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
    pub line_items: Vec<LinePacing>,
    pub explain: Vec<Explanation>,
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
    let advertiser = filter.advertiser_id.as_deref();
    let mut tx = app.db.begin_read(&member.scope).await?;
    let orders = store::list_orders(&mut tx, advertiser, None)
        .await
        .map_err(Error::from)?;
    let ids: Vec<String> = orders
        .iter()
        .map(|one| one.insertion_order_id.clone())
        .collect();
    let segments = store::list_segments(&mut tx, &ids)
        .await
        .map_err(Error::from)?;
    let none = Vec::new();
    let shown: Vec<(&Order, Option<&Segment>)> = orders
        .iter()
        .map(|order| {
            let segments = segments.get(&order.insertion_order_id).unwrap_or(&none);
            (order, current_segment(order, segments))
        })
        .collect();
    let mut spend = store::list_spend(&mut tx, &shown)
        .await
        .map_err(Error::from)?;
    let mut reach = store::list_reach(&mut tx, advertiser)
        .await
        .map_err(Error::from)?;
    reach.retain(|one| one.dataset == LINE_ITEM_DAYS);
    tx.commit().await?;
    let mut rows: Vec<PacingRow> = shown
        .iter()
        .map(|(order, segment)| {
            let spend = spend.remove(&order.insertion_order_id).unwrap_or_default();
            row(order, *segment, spend.spent, spend.spark)
        })
        .filter(|row| filter.keeps(row))
        .collect();
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
            let at = rows
                .iter()
                .position(|row| row.insertion_order_id.as_bytes() == last);
            at.ok_or(Error::StaleCursor)? + 1
        }
    };
    let mut items = rows.split_off(first.min(rows.len()));
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|row| URL_SAFE_NO_PAD.encode(&row.insertion_order_id));
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
    let orders = store::list_orders(&mut tx, None, Some(&id))
        .await
        .map_err(Error::from)?;
    let order = orders.into_iter().next().ok_or(Error::NotFound)?;
    let mut segments = store::list_segments(&mut tx, &[id])
        .await
        .map_err(Error::from)?;
    let segments = segments
        .remove(&order.insertion_order_id)
        .unwrap_or_default();
    let line_items = store::list_line_items(&mut tx, &order)
        .await
        .map_err(Error::from)?;
    let by_line_item = store::list_days(&mut tx, &order)
        .await
        .map_err(Error::from)?;
    let certified = store::list_certified(&mut tx, &order)
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    let mut days = ByDay::new();
    for (date, value) in by_line_item.values().flatten() {
        *days.entry(*date).or_insert(0) += value;
    }
    let current = current_segment(&order, &segments);
    let so_far = current.map_or_else(Default::default, |one| spent(one, order.through, &days));
    let spark = order.through.map(|through| store::spark(&days, through));
    let explained = current.map(|one| {
        let figures = figures_of(&order, current, so_far);
        let unit = Unit {
            currency: &order.currency,
            impressions: order.counts_impressions(),
        };
        explain(&order.plan(one), &figures, so_far, unit)
    });
    Ok(axum::Json(PacingDetail {
        row: row(&order, current, so_far, spark.unwrap_or_default()),
        segments: segments
            .iter()
            .map(|one| segment_pacing(&order, one, &days))
            .collect(),
        days: current.map_or_else(Vec::new, |one| pacing_days(&order, one, &days, &certified)),
        plan: current.map_or_else(Vec::new, |one| planned(order.plan(one))),
        line_items: line_pacing(&order, current, line_items, &by_line_item),
        explain: explained.unwrap_or_default(),
    }))
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
            Error::Tenancy(error) => error.into(),
        }
    }
}

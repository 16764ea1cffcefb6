//! One insertion order over HTTP, in full and as it might be; and how fresh the data is.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use service_kit::ApiError;
use service_kit::extract::{Path, Query};

use super::detail::{PacingDay, PacingSupposed, PlanDay, SegmentPacing, planned, sum_days};
use super::explain::{Explanation, Unit, explain};
use super::judge::{Deliveries, Rules};
use super::rows::PacingRow;
use super::settings::Settings;
use super::store::{self, Which};
use super::what_if::WhatIf;
use super::{Book, ByDay, Error, Pacing};
use crate::app::App;
use crate::auth::Member;
use crate::modules;
use crate::tenancy::OrgTx;

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
    let (book, by_line_item) = read(&mut tx, &id).await?;
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

async fn read(tx: &mut OrgTx, id: &str) -> Result<(Book, HashMap<String, ByDay>), Error> {
    let which = Which {
        advertiser_id: None,
        insertion_order_id: Some(id),
    };
    let book = store::list_books(tx, which).await?.into_iter().next();
    let book = book.ok_or(Error::NotFound)?;
    let by_line_item = store::list_days(tx, &book.order).await?;
    Ok((book, by_line_item))
}

/// What would be if
#[utoipa::path(get, path = "/api/pacing/insertion-orders/{insertion_order_id}/what-if", tag = "pacing",
    params(("insertion_order_id" = String, Path), WhatIf),
    responses((status = 200, body = PacingSupposed), (status = 400, description = "`invalid_what_if`"),
        (status = 404, description = "`insertion_order_not_found`")))]
pub async fn suppose(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Query(wish): Query<WhatIf>,
) -> Result<axum::Json<PacingSupposed>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let settings: Settings = modules::settings_of(&mut tx, &Pacing).await?;
    let (book, by_line_item) = read(&mut tx, &id).await?;
    tx.commit().await?;
    let rules = Rules::new(&settings);
    let delivered = book.deliveries(&by_line_item);
    let all = Deliveries::new(&delivered, book.order.through);
    let Some(segment) = book.current() else {
        let message = "there is no budget segment to change";
        return Err(Error::WhatIf(message.into()).into());
    };
    let now = book.standing(segment, all.in_segment, (Vec::new(), &rules));
    let supposed = wish.apply(&now, rules.band)?;
    Ok(axum::Json(PacingSupposed::new(&supposed)))
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

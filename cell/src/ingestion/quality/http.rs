//! Quality over HTTP: the calendar, freshness, reconciliation and lineage.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Path, Query};

use super::lineage::Lineage;
use super::reconciliation::{FailingCell, MetricAccuracy, percent};
use super::{CalendarDay, Reach, age, calendar, due_through, store, target_hours};
use crate::app::App;
use crate::auth::Member;
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::tenancy;

/// The most days that one question may be about.
const MOST_DAYS: i64 = 400;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// `line_item_days` if it is not said, `advertiser_days`, or the name of a pipeline that breaks
    /// days down.
    dataset: Option<String>,
    from: NaiveDate,
    /// At most 400 days later, both ends inclusive.
    to: NaiveDate,
    advertiser_id: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Calendar {
    pub dataset: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub advertisers: Vec<AdvertiserCalendar>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdvertiserCalendar {
    pub dsp: String,
    pub advertiser_id: String,
    pub name: String,
    pub time_zone: Option<String>,
    pub since: Option<NaiveDate>,
    pub through: Option<NaiveDate>,
    /// The last day that has to be here by now.
    pub due_through: NaiveDate,
    /// Days that were never asked for, or are not due yet, are left out.
    pub days: Vec<CalendarDay>,
}

/// Which days are loaded, and how certain they are
#[utoipa::path(get, path = "/api/data/calendar", tag = "data", params(CalendarQuery),
    responses((status = 200, body = Calendar), (status = 400, description = "`invalid_range`")))]
pub async fn show_calendar(
    State(app): State<App>,
    member: Member,
    Query(query): Query<CalendarQuery>,
) -> Result<axum::Json<Calendar>, ApiError> {
    let range = checked((query.from, query.to))?;
    let dataset = query.dataset.unwrap_or_else(|| LINE_ITEM_DAYS.to_owned());
    let mut tx = app.db.begin_read(&member.scope).await?;
    let reach = store::list_reach(&mut tx, &dataset, query.advertiser_id.as_deref()).await;
    let reach = reach.map_err(tenancy::Error::from)?;
    let loaded = store::list_loaded(&mut tx, &dataset, range).await;
    let mut loaded = loaded.map_err(tenancy::Error::from)?;
    let held_up = store::list_held_up(&mut tx, &dataset, range).await;
    let held_up = held_up.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let (now, target) = (Utc::now(), target_hours(&dataset));
    let of_advertiser = |one: Reach| {
        let key = (one.dsp.clone(), one.advertiser_id.clone());
        let days = loaded.remove(&key).unwrap_or_default();
        let due = due_through(one.zone(), now, target);
        AdvertiserCalendar {
            days: calendar(&one, &days, &held_up, range, due),
            dsp: one.dsp,
            advertiser_id: one.advertiser_id,
            name: one.name,
            time_zone: one.time_zone,
            since: one.since,
            through: one.through,
            due_through: due,
        }
    };
    Ok(axum::Json(Calendar {
        dataset,
        from: range.0,
        to: range.1,
        advertisers: reach.into_iter().map(of_advertiser).collect(),
    }))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DataFreshnessList {
    /// How many of the items meet their target.
    pub met: usize,
    pub items: Vec<DataFreshness>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DataFreshness {
    pub dataset: String,
    pub dsp: String,
    pub advertiser_id: String,
    pub name: String,
    pub time_zone: Option<String>,
    /// The watermark: the last complete day that is loaded.
    pub through: NaiveDate,
    /// Up to here everything is certified by the source.
    pub certified_through: Option<NaiveDate>,
    /// Since the end of that day, in its own zone.
    pub age_s: i64,
    /// A day has to be here so many hours after its end.
    pub target_hours: u32,
    /// The last day that has to be here by now.
    pub due_through: NaiveDate,
    pub met: bool,
    pub loaded_at: Option<DateTime<Utc>>,
}

/// How fresh each advertiser's data is, against its target
#[utoipa::path(get, path = "/api/data/freshness", tag = "data",
    responses((status = 200, body = DataFreshnessList)))]
pub async fn show_freshness(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<DataFreshnessList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let now = Utc::now();
    let mut items = Vec::new();
    let datasets = store::list_datasets(&mut tx).await;
    for dataset in datasets.map_err(tenancy::Error::from)? {
        let reach = store::list_reach(&mut tx, &dataset, None).await;
        let reach = reach.map_err(tenancy::Error::from)?;
        let certified = store::list_certified(&mut tx, &dataset).await;
        let certified = certified.map_err(tenancy::Error::from)?;
        let target = target_hours(&dataset);
        items.extend(reach.into_iter().filter_map(|one| {
            let (through, zone) = (one.through?, one.zone());
            let key = (one.dsp.clone(), one.advertiser_id.clone());
            let due = due_through(zone, now, target);
            Some(DataFreshness {
                dataset: dataset.clone(),
                certified_through: certified.get(&key).copied(),
                dsp: one.dsp,
                advertiser_id: one.advertiser_id,
                name: one.name,
                time_zone: one.time_zone,
                through,
                age_s: age(through, zone, now).num_seconds(),
                target_hours: target,
                due_through: due,
                met: through >= due,
                loaded_at: one.loaded_at,
            })
        }));
    }
    tx.commit().await?;
    Ok(axum::Json(DataFreshnessList {
        met: items.iter().filter(|one| one.met).count(),
        items,
        next_cursor: None,
    }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReconciliationQuery {
    from: NaiveDate,
    /// At most 400 days later, both ends inclusive.
    to: NaiveDate,
    advertiser_id: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reconciliation {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Of all cells: a decimal with four digits, rounded down. Absent: nothing was compared.
    pub accuracy_percent: Option<String>,
    /// One per advertiser, day and metric.
    pub cells: i64,
    pub equal: i64,
    pub metrics: Vec<MetricAccuracy>,
    /// The cells that differ, latest first, at most 200.
    pub failing: Vec<FailingCell>,
    /// Days of an advertiser without the source's own sums; switch on the pipeline
    /// `dv360_advertiser_days` to have them.
    pub days_not_compared: i64,
}

/// What is loaded against the source's own sums
#[utoipa::path(get, path = "/api/data/reconciliation", tag = "data", params(ReconciliationQuery),
    responses((status = 200, body = Reconciliation), (status = 400, description = "`invalid_range`")))]
pub async fn show_reconciliation(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ReconciliationQuery>,
) -> Result<axum::Json<Reconciliation>, ApiError> {
    let range = checked((query.from, query.to))?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let compared = store::compare(&mut tx, range, query.advertiser_id.as_deref()).await;
    let mut compared = compared.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    compared
        .metrics
        .sort_by(|one, other| one.metric.cmp(&other.metric));
    let cells = compared.metrics.iter().map(|one| one.cells).sum();
    let equal = compared.metrics.iter().map(|one| one.equal).sum();
    Ok(axum::Json(Reconciliation {
        from: range.0,
        to: range.1,
        accuracy_percent: percent(equal, cells),
        cells,
        equal,
        metrics: compared.metrics,
        failing: compared.failing,
        days_not_compared: compared.days_not_compared,
    }))
}

/// Where a line item's figures of a day come from
#[utoipa::path(get, path = "/api/lineage/line-items/{dsp}/{line_item_id}/days/{date}", tag = "data",
    params(("dsp" = String, Path), ("line_item_id" = String, Path), ("date" = NaiveDate, Path)),
    responses((status = 200, body = Lineage), (status = 404, description = "`day_not_found`")))]
pub async fn show_lineage(
    State(app): State<App>,
    member: Member,
    Path((dsp, line_item_id, date)): Path<(String, String, NaiveDate)>,
) -> Result<axum::Json<Lineage>, ApiError> {
    let unknown = || ApiError::not_found("day_not_found", "there are no figures of that day");
    let (date, _) = checked((date, date)).map_err(|_| unknown())?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::find_lineage(&mut tx, &dsp, &line_item_id, date).await;
    let found = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(found.ok_or_else(unknown)?))
}

/// Dates that a row can hold, in order, and not too many.
fn checked((from, to): (NaiveDate, NaiveDate)) -> Result<(NaiveDate, NaiveDate), ApiError> {
    use chrono::Datelike;
    let sensible = |date: NaiveDate| (1970..=9999).contains(&date.year());
    let days = (to - from).num_days();
    if sensible(from) && sensible(to) && (0..MOST_DAYS).contains(&days) {
        return Ok((from, to));
    }
    let message = format!("from {from} to {to} is not a range of at most {MOST_DAYS} days");
    Err(ApiError::bad_request("invalid_range", message))
}

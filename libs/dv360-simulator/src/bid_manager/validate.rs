//! What Bid Manager refuses at once, with its own words.
//!
//! The combination message never names the field at fault; that is Google's doing, and a
//! connector has to live with it.

use chrono::NaiveDate;

use super::catalogue::{Dimension, Metric, in_advertiser_currency, known_filter, known_metric};
use super::ranges::resolve;
use super::{DataRange, Parameters, Query, Schedule};
use crate::error::Error;

const GOAL_METRIC: &str = "METRIC_PERCENTAGE_FROM_CURRENT_IO_GOAL";

/// Filters the world can apply; the id of a known entity kind each.
const ID_FILTERS: [&str; 5] = [
    "FILTER_PARTNER",
    "FILTER_ADVERTISER",
    "FILTER_MEDIA_PLAN",
    "FILTER_INSERTION_ORDER",
    "FILTER_LINE_ITEM",
];

/// Checks a query that is about to be saved. `today` is the current day, for ranges that depend
/// on it.
pub(crate) fn query(query: &Query, today: NaiveDate) -> Result<(), Error> {
    if query.metadata.title.trim().is_empty() || query.metadata.format.is_empty() {
        return Err(Error::invalid());
    }
    data_range(&query.metadata.data_range, today)?;
    parameters(&query.params)?;
    if let Some(schedule) = &query.schedule {
        check_schedule(schedule, &query.metadata.data_range, today)?;
    }
    if query.metadata.format == "XLSX" {
        return Err(Error::not_modelled("the XLSX format"));
    }
    Ok(())
}

pub(crate) fn data_range(range: &DataRange, today: NaiveDate) -> Result<(), Error> {
    resolve(range, today).map(drop).ok_or_else(Error::invalid)
}

fn parameters(params: &Parameters) -> Result<(), Error> {
    let combination = Error::combination;
    let has_dimension = |name: &str| params.group_bys.iter().any(|one| one == name);
    let names_known = params.group_bys.iter().all(|name| known_filter(name))
        && params.metrics.iter().all(|name| known_metric(name))
        && params
            .filters
            .iter()
            .all(|filter| known_filter(&filter.r#type));
    if params.r#type.is_empty() || params.group_bys.is_empty() || params.metrics.is_empty() {
        return Err(combination());
    }
    if !names_known || repeats(&params.group_bys) || repeats(&params.metrics) {
        return Err(combination());
    }
    let costs = params
        .metrics
        .iter()
        .any(|name| in_advertiser_currency(name));
    if costs && !has_dimension("FILTER_ADVERTISER_CURRENCY") {
        return Err(Error::currency_missing());
    }
    let goal = params.metrics.iter().any(|name| name == GOAL_METRIC);
    let order =
        has_dimension("FILTER_INSERTION_ORDER") || has_dimension("FILTER_INSERTION_ORDER_NAME");
    if goal && !order {
        return Err(Error::goal_without_order());
    }
    if goal && costs {
        return Err(combination());
    }
    for filter in &params.filters {
        if ID_FILTERS.contains(&filter.r#type.as_str()) && filter.value.parse::<u64>().is_err() {
            return Err(combination());
        }
    }
    modelled(params)
}

fn repeats(names: &[String]) -> bool {
    names
        .iter()
        .enumerate()
        .any(|(at, name)| names[..at].contains(name))
}

/// Known to Google, unknown to this world: said so plainly instead of imitating a refusal.
fn modelled(params: &Parameters) -> Result<(), Error> {
    if params.r#type != "STANDARD" {
        return Err(Error::not_modelled(&format!("{} reports", params.r#type)));
    }
    let dimension = params
        .group_bys
        .iter()
        .find(|name| Dimension::find(name).is_none());
    let metric = params
        .metrics
        .iter()
        .find(|name| Metric::find(name).is_none());
    let filters = params.filters.iter().map(|filter| &filter.r#type);
    let filter = filters
        .into_iter()
        .find(|name| !ID_FILTERS.contains(&name.as_str()));
    match dimension.or(metric).or(filter) {
        Some(name) => Err(Error::not_modelled(name)),
        None => Ok(()),
    }
}

fn check_schedule(schedule: &Schedule, range: &DataRange, today: NaiveDate) -> Result<(), Error> {
    match schedule.frequency.as_str() {
        "" => return Err(Error::invalid()),
        "ONE_TIME" => return Ok(()),
        _ => {}
    }
    let start = schedule.start_date.and_then(super::Date::calendar);
    let end = schedule.end_date.and_then(super::Date::calendar);
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Error::invalid());
    };
    let zone = schedule.next_run_timezone_code.parse::<chrono_tz::Tz>();
    if start > end || (!schedule.next_run_timezone_code.is_empty() && zone.is_err()) {
        return Err(Error::invalid());
    }
    let long = resolve(range, today).is_some_and(|span| span.days() > 90);
    if end >= today && long {
        return Err(Error::range_too_long());
    }
    Ok(())
}

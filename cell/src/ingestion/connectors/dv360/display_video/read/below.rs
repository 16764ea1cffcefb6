//! What hangs below an advertiser, from the source's shapes to ours.

use serde::Deserialize;

use super::super::super::queries::Date;
use super::word;
use crate::ingestion::connector::{
    BudgetSegment, Campaign, Creative, InsertionOrder, LineItem, Pacing,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CampaignAnswer {
    campaign_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    campaign_flight: Option<CampaignFlight>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CampaignFlight {
    planned_dates: Option<DateRange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DateRange {
    start_date: Option<Date>,
    end_date: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InsertionOrderAnswer {
    insertion_order_id: String,
    campaign_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    #[serde(default)]
    pacing: PacingAnswer,
    #[serde(default)]
    budget: InsertionOrderBudget,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PacingAnswer {
    #[serde(default)]
    pacing_period: String,
    #[serde(default)]
    pacing_type: String,
    daily_max_micros: Option<String>,
    daily_max_impressions: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InsertionOrderBudget {
    #[serde(default)]
    budget_unit: String,
    #[serde(default)]
    budget_segments: Vec<SegmentAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SegmentAnswer {
    budget_amount_micros: String,
    #[serde(default)]
    description: String,
    date_range: DateRange,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineItemAnswer {
    line_item_id: String,
    insertion_order_id: String,
    campaign_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    line_item_type: String,
    #[serde(default)]
    entity_status: String,
    #[serde(default)]
    flight: FlightAnswer,
    #[serde(default)]
    budget: LineItemBudget,
    #[serde(default)]
    pacing: PacingAnswer,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FlightAnswer {
    #[serde(default)]
    flight_date_type: String,
    date_range: Option<DateRange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreativeAnswer {
    creative_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    creative_type: String,
    #[serde(default)]
    entity_status: String,
    dimensions: Option<Dimensions>,
    #[serde(default)]
    exit_events: Vec<ExitEvent>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimensions {
    width_pixels: Option<i32>,
    height_pixels: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExitEvent {
    #[serde(rename = "type", default)]
    kind: String,
    url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineItemBudget {
    #[serde(default)]
    budget_allocation_type: String,
    #[serde(default)]
    budget_unit: String,
    max_amount: Option<String>,
}

pub(super) fn campaign(one: CampaignAnswer) -> Campaign {
    let dates = one.campaign_flight.and_then(|flight| flight.planned_dates);
    let planned = dates.and_then(|dates| {
        let start = dates.start_date.and_then(Date::to_naive)?;
        Some((start, dates.end_date.and_then(Date::to_naive)))
    });
    Campaign {
        campaign_id: one.campaign_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
        planned,
    }
}

pub(super) fn insertion_order(one: InsertionOrderAnswer) -> Result<InsertionOrder, String> {
    let unit = word(&one.budget.budget_unit, "BUDGET_UNIT_");
    let segment = |segment: SegmentAnswer| {
        let dates = both_dates(Some(segment.date_range)).ok_or_else(|| {
            let id = &one.insertion_order_id;
            format!("insertion order {id} has a segment without dates")
        })?;
        Ok::<_, String>(BudgetSegment {
            start: dates.0,
            end: dates.1,
            // The source counts impressions in micros here, too.
            budget_micros: int64(&segment.budget_amount_micros)?,
            description: segment.description,
        })
    };
    let segments = one.budget.budget_segments.into_iter().map(segment);
    Ok(InsertionOrder {
        segments: segments.collect::<Result<_, _>>()?,
        pacing: pacing(one.pacing, &unit)?,
        budget_unit: unit,
        insertion_order_id: one.insertion_order_id,
        campaign_id: one.campaign_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
    })
}

pub(super) fn line_item(one: LineItemAnswer) -> Result<LineItem, String> {
    let unit = word(&one.budget.budget_unit, "BUDGET_UNIT_");
    let allocation = word(
        &one.budget.budget_allocation_type,
        "LINE_ITEM_BUDGET_ALLOCATION_TYPE_",
    );
    let amount = one
        .budget
        .max_amount
        .as_deref()
        .filter(|_| allocation == "fixed");
    let custom = one.flight.flight_date_type == "LINE_ITEM_FLIGHT_DATE_TYPE_CUSTOM";
    Ok(LineItem {
        flight: both_dates(one.flight.date_range).filter(|_| custom),
        budget_micros: amount.map(|text| in_micros(text, &unit)).transpose()?,
        pacing: pacing(one.pacing, &unit)?,
        allocation,
        budget_unit: unit,
        line_item_id: one.line_item_id,
        insertion_order_id: one.insertion_order_id,
        campaign_id: one.campaign_id,
        name: one.display_name,
        kind: word(&one.line_item_type, "LINE_ITEM_TYPE_"),
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
    })
}

pub(super) fn creative(one: CreativeAnswer) -> Creative {
    let mut exits = one.exit_events.into_iter();
    let landing = exits.find(|exit| exit.kind == "EXIT_EVENT_TYPE_DEFAULT");
    Creative {
        creative_id: one.creative_id,
        name: one.display_name,
        kind: word(&one.creative_type, "CREATIVE_TYPE_"),
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
        width: one.dimensions.as_ref().and_then(|size| size.width_pixels),
        height: one.dimensions.as_ref().and_then(|size| size.height_pixels),
        landing_page: landing.and_then(|exit| exit.url),
    }
}

fn pacing(one: PacingAnswer, unit: &str) -> Result<Pacing, String> {
    let daily_max = match unit {
        "impressions" => one.daily_max_impressions,
        _ => one.daily_max_micros,
    };
    Ok(Pacing {
        period: word(&one.pacing_period, "PACING_PERIOD_"),
        kind: word(&one.pacing_type, "PACING_TYPE_"),
        daily_max_micros: daily_max.map(|text| in_micros(&text, unit)).transpose()?,
    })
}

/// A line item's amounts are micros of money, but whole impressions.
fn in_micros(text: &str, unit: &str) -> Result<i64, String> {
    let amount = int64(text)?;
    match unit {
        "impressions" => amount
            .checked_mul(1_000_000)
            .ok_or_else(|| format!("{text} impressions are too many")),
        _ => Ok(amount),
    }
}

fn both_dates(range: Option<DateRange>) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let range = range?;
    Some((range.start_date?.to_naive()?, range.end_date?.to_naive()?))
}

fn int64(text: &str) -> Result<i64, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not an int64"))
}

//! Display & Video v4: partners, advertisers and everything below an advertiser, put into our words.
//!
//! Archived entities are left out by the source unless asked for; without them a full refresh would
//! look like deletions, so they are asked for.

use contracts::Currency;
use serde::Deserialize;

use super::client::{Api, Client};
use super::queries::Date;
use crate::ingestion::connector::{
    Advertiser, BudgetSegment, Campaign, Entities, Error, InsertionOrder, LineItem, Pacing, Partner,
};

/// Every status an entity can be in and still be read.
const ANY_STATUS: &str = concat!(
    "entityStatus=\"ENTITY_STATUS_ACTIVE\" OR entityStatus=\"ENTITY_STATUS_PAUSED\"",
    " OR entityStatus=\"ENTITY_STATUS_DRAFT\" OR entityStatus=\"ENTITY_STATUS_ARCHIVED\""
);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartnerAnswer {
    partner_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AdvertiserAnswer {
    advertiser_id: String,
    partner_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    general_config: GeneralConfig,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeneralConfig {
    time_zone: String,
    currency_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CampaignAnswer {
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
struct InsertionOrderAnswer {
    insertion_order_id: String,
    campaign_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    entity_status: String,
    pacing: PacingAnswer,
    budget: InsertionOrderBudget,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PacingAnswer {
    #[serde(default)]
    pacing_period: String,
    #[serde(default)]
    pacing_type: String,
    daily_max_micros: Option<String>,
    daily_max_impressions: Option<String>,
}

#[derive(Deserialize)]
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
struct LineItemAnswer {
    line_item_id: String,
    insertion_order_id: String,
    campaign_id: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    line_item_type: String,
    #[serde(default)]
    entity_status: String,
    flight: FlightAnswer,
    budget: LineItemBudget,
    pacing: PacingAnswer,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FlightAnswer {
    #[serde(default)]
    flight_date_type: String,
    date_range: Option<DateRange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineItemBudget {
    #[serde(default)]
    budget_allocation_type: String,
    #[serde(default)]
    budget_unit: String,
    max_amount: Option<String>,
}

pub(super) async fn list_partners(client: &Client) -> Result<Vec<Partner>, Error> {
    let query = [("pageSize", "200")];
    let partners = client
        .list::<PartnerAnswer>(Api::Entities, "v4/partners", &query)
        .await?;
    let convert = |one: PartnerAnswer| Partner {
        partner_id: one.partner_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
    };
    Ok(partners.into_iter().map(convert).collect())
}

/// The source lists the advertisers of one partner; the answer's own partner is kept, so that a
/// caller can insist on it.
pub(super) async fn list_advertisers(
    client: &Client,
    partner_id: &str,
) -> Result<Vec<Advertiser>, Error> {
    let query = [("partnerId", partner_id), ("pageSize", "200")];
    let found = client
        .list::<AdvertiserAnswer>(Api::Entities, "v4/advertisers", &query)
        .await?;
    found.into_iter().map(advertiser).collect()
}

fn advertiser(one: AdvertiserAnswer) -> Result<Advertiser, Error> {
    let id = &one.advertiser_id;
    let unreadable = |what: &str| Error::Unexpected(format!("advertiser {id} has {what}"));
    let currency: Currency = one
        .general_config
        .currency_code
        .parse()
        .map_err(|_| unreadable("an unknown currency"))?;
    let time_zone = one
        .general_config
        .time_zone
        .parse()
        .map_err(|_| unreadable("an unknown time zone"))?;
    Ok(Advertiser {
        currency,
        time_zone,
        advertiser_id: one.advertiser_id,
        partner_id: one.partner_id,
        name: one.display_name,
        entity_status: word(&one.entity_status, "ENTITY_STATUS_"),
    })
}

/// Everything below an advertiser, and the exact text it was read from.
pub(super) async fn fetch_entities(
    client: &Client,
    advertiser_id: &str,
) -> Result<(Entities, Vec<u8>), Error> {
    let mut kept = Vec::new();
    let path = |kind: &str| format!("v4/advertisers/{advertiser_id}/{kind}");
    let page_of = |size| [("filter", ANY_STATUS), ("pageSize", size)];
    let campaigns = client
        .list_kept(
            Api::Entities,
            &path("campaigns"),
            &page_of("200"),
            &mut kept,
        )
        .await?;
    let orders = client
        .list_kept(
            Api::Entities,
            &path("insertionOrders"),
            &page_of("100"),
            &mut kept,
        )
        .await?;
    let line_items = client
        .list_kept(
            Api::Entities,
            &path("lineItems"),
            &page_of("200"),
            &mut kept,
        )
        .await?;
    let entities = Entities {
        campaigns: campaigns.into_iter().map(campaign).collect(),
        insertion_orders: orders
            .into_iter()
            .map(insertion_order)
            .collect::<Result<_, _>>()?,
        line_items: line_items
            .into_iter()
            .map(line_item)
            .collect::<Result<_, _>>()?,
    };
    Ok((entities, kept))
}

fn campaign(one: CampaignAnswer) -> Campaign {
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

fn insertion_order(one: InsertionOrderAnswer) -> Result<InsertionOrder, Error> {
    let unit = word(&one.budget.budget_unit, "BUDGET_UNIT_");
    let segment = |segment: SegmentAnswer| {
        let dates = both_dates(Some(segment.date_range)).ok_or_else(|| {
            let id = &one.insertion_order_id;
            Error::Unexpected(format!("insertion order {id} has a segment without dates"))
        })?;
        Ok::<_, Error>(BudgetSegment {
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

fn line_item(one: LineItemAnswer) -> Result<LineItem, Error> {
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

fn pacing(one: PacingAnswer, unit: &str) -> Result<Pacing, Error> {
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
fn in_micros(text: &str, unit: &str) -> Result<i64, Error> {
    let amount = int64(text)?;
    match unit {
        "impressions" => amount
            .checked_mul(1_000_000)
            .ok_or_else(|| Error::Unexpected(format!("{text} impressions are too many"))),
        _ => Ok(amount),
    }
}

fn both_dates(range: Option<DateRange>) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let range = range?;
    Some((range.start_date?.to_naive()?, range.end_date?.to_naive()?))
}

fn int64(text: &str) -> Result<i64, Error> {
    text.parse()
        .map_err(|_| Error::Unexpected(format!("{text:?} is not an int64")))
}

/// `ENTITY_STATUS_ACTIVE` as `active`.
fn word(name: &str, prefix: &str) -> String {
    let word = name.strip_prefix(prefix).unwrap_or(name);
    match word {
        "" | "UNSPECIFIED" => "unknown".to_owned(),
        word => word.to_ascii_lowercase(),
    }
}

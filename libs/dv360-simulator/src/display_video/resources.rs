//! The v4 resources as JSON: int64 as strings, defaults left out, dates as objects.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::creatives::Creative;
use crate::world::entities::{Allocation, Segment, Unit};
use crate::world::{Advertiser, Campaign, InsertionOrder, LineItem, Partner};

pub(crate) fn partner(one: &Partner) -> Value {
    json!({
        "name": format!("partners/{}", one.id),
        "partnerId": one.id.to_string(),
        "displayName": one.name,
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "updateTime": timestamp(one.updated_at),
        "generalConfig": {"timeZone": one.time_zone.name(), "currencyCode": one.currency},
    })
}

pub(crate) fn advertiser(one: &Advertiser) -> Value {
    let mut body = json!({
        "name": format!("advertisers/{}", one.id),
        "advertiserId": one.id.to_string(),
        "partnerId": one.partner_id.to_string(),
        "displayName": one.name,
        "entityStatus": one.status.as_str(),
        "updateTime": timestamp(one.updated_at),
        "generalConfig": {
            "domainUrl": one.domain,
            "timeZone": one.time_zone.name(),
            "currencyCode": one.currency,
        },
        "adServerConfig": {"thirdPartyOnlyConfig": {}},
        "creativeConfig": {},
        "billingConfig": {"billingProfileId": (one.id % 1_000_000).to_string()},
        "servingConfig": {},
        "containsEuPoliticalAds": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
    });
    if let Some(code) = &one.integration_code {
        body["integrationDetails"] = json!({"integrationCode": code});
    }
    body
}

pub(crate) fn campaign(advertiser: &Advertiser, one: &Campaign) -> Value {
    json!({
        "name": format!("advertisers/{}/campaigns/{}", advertiser.id, one.id),
        "advertiserId": advertiser.id.to_string(),
        "campaignId": one.id.to_string(),
        "displayName": one.name,
        "entityStatus": one.status.as_str(),
        "updateTime": timestamp(one.updated_at),
        "campaignGoal": {
            "campaignGoalType": one.goal,
            "performanceGoal": {
                "performanceGoalType": "PERFORMANCE_GOAL_TYPE_CPM",
                "performanceGoalAmountMicros": "4500000",
            },
        },
        "campaignFlight": {
            "plannedSpendAmountMicros": one.planned_spend_micros.to_string(),
            "plannedDates": date_range(one.start, one.end),
        },
        "frequencyCap": {"unlimited": true},
    })
}

pub(crate) fn insertion_order(advertiser: &Advertiser, one: &InsertionOrder) -> Value {
    let automation = if one.automatic_budget {
        "INSERTION_ORDER_AUTOMATION_TYPE_BUDGET"
    } else {
        "INSERTION_ORDER_AUTOMATION_TYPE_NONE"
    };
    let mut budget = json!({"budgetUnit": unit(one.unit), "automationType": automation});
    if !one.segments.is_empty() {
        budget["budgetSegments"] = one.segments.iter().map(segment).collect();
    }
    let mut pacing = json!({"pacingPeriod": one.pacing_period, "pacingType": one.pacing_type});
    if one.pacing_period == "PACING_PERIOD_DAILY" {
        let per_day = one
            .segments
            .first()
            .map_or(1_000_000, |first| first.amount_micros / first.days());
        match one.unit {
            Unit::Currency => pacing["dailyMaxMicros"] = json!(per_day.to_string()),
            Unit::Impressions => {
                pacing["dailyMaxImpressions"] = json!((per_day / 1_000_000).to_string());
            }
        }
    }
    let mut body = json!({
        "name": format!("advertisers/{}/insertionOrders/{}", advertiser.id, one.id),
        "advertiserId": advertiser.id.to_string(),
        "campaignId": one.campaign_id.to_string(),
        "insertionOrderId": one.id.to_string(),
        "displayName": one.name,
        "insertionOrderType": "RTB",
        "entityStatus": one.status.as_str(),
        "updateTime": timestamp(one.updated_at),
        "partnerCosts": [partner_cost(10_000)],
        "pacing": pacing,
        "frequencyCap": {"timeUnit": "TIME_UNIT_DAYS", "timeUnitCount": 1, "maxImpressions": 3},
        "kpi": {"kpiType": one.kpi_type, "kpiAmountMicros": one.kpi_amount_micros.to_string()},
        "budget": budget,
        "bidStrategy": {"fixedBid": {"bidAmountMicros": "0"}},
        "reservationType": "RESERVATION_TYPE_NOT_GUARANTEED",
        "optimizationObjective": "NO_OBJECTIVE",
    });
    if let Some(code) = &one.integration_code {
        body["integrationDetails"] = json!({"integrationCode": code});
    }
    body
}

pub(crate) fn line_item(advertiser: &Advertiser, one: &LineItem, today: NaiveDate) -> Value {
    let order = &advertiser.insertion_orders[one.order];
    let flight = flight(order, one);
    let own = one.flight.is_some();
    let mut flight_body = json!({"flightDateType": if own {
        "LINE_ITEM_FLIGHT_DATE_TYPE_CUSTOM"
    } else {
        "LINE_ITEM_FLIGHT_DATE_TYPE_INHERITED"
    }});
    if let Some((start, end)) = flight {
        flight_body["dateRange"] = date_range(start, end);
    }
    let mut body = json!({
        "name": format!("advertisers/{}/lineItems/{}", advertiser.id, one.id),
        "advertiserId": advertiser.id.to_string(),
        "campaignId": one.campaign_id.to_string(),
        "insertionOrderId": one.insertion_order_id.to_string(),
        "lineItemId": one.id.to_string(),
        "displayName": one.name,
        "lineItemType": one.kind,
        "entityStatus": one.status.as_str(),
        "updateTime": timestamp(one.updated_at),
        "partnerCosts": [partner_cost(one.fee_millis)],
        "flight": flight_body,
        "budget": line_item_budget(order, one),
        "pacing": {"pacingPeriod": "PACING_PERIOD_FLIGHT", "pacingType": "PACING_TYPE_EVEN"},
        "frequencyCap": frequency_cap(one),
        "partnerRevenueModel": {
            "markupType": "PARTNER_REVENUE_MODEL_MARKUP_TYPE_TOTAL_MEDIA_COST_MARKUP",
            "markupAmount": one.markup_millis.to_string(),
        },
        "conversionCounting": {"postViewCountPercentageMillis": "100000"},
        "bidStrategy": {"fixedBid": {"bidAmountMicros": one.media_cpm_micros.to_string()}},
        "reservationType": "RESERVATION_TYPE_NOT_GUARANTEED",
        "targetingExpansion": {},
        "containsEuPoliticalAds": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
    });
    if !one.creative_ids.is_empty() {
        body["creativeIds"] = one
            .creative_ids
            .iter()
            .map(|id| json!(id.to_string()))
            .collect();
    }
    let warnings = warnings(order, one, flight, today);
    if !warnings.is_empty() {
        body["warningMessages"] = json!(warnings);
    }
    body
}

pub(crate) fn creative(advertiser: &Advertiser, one: &Creative) -> Value {
    let (width, height) = one.size;
    let lines: Vec<String> = one.line_items.iter().map(u64::to_string).collect();
    json!({
        "name": format!("advertisers/{}/creatives/{}", advertiser.id, one.id),
        "advertiserId": advertiser.id.to_string(),
        "creativeId": one.id.to_string(),
        "displayName": one.name,
        "entityStatus": "ENTITY_STATUS_ACTIVE",
        "creativeType": one.kind,
        "hostingSource": "HOSTING_SOURCE_HOSTED",
        "dimensions": {"widthPixels": width, "heightPixels": height},
        "createTime": timestamp(one.updated_at),
        "updateTime": timestamp(one.updated_at),
        "lineItemIds": lines,
        "reviewStatus": {"approvalStatus": "APPROVAL_STATUS_APPROVED_SERVABLE"},
    })
}

/// Its own flight, or the days its insertion order's segments span.
fn flight(order: &InsertionOrder, one: &LineItem) -> Option<(NaiveDate, NaiveDate)> {
    let inherited = || Some((order.segments.first()?.start, order.segments.last()?.end));
    one.flight.or_else(inherited)
}

fn line_item_budget(order: &InsertionOrder, one: &LineItem) -> Value {
    let (allocation, limited) = match one.allocation {
        Allocation::Automatic => ("LINE_ITEM_BUDGET_ALLOCATION_TYPE_AUTOMATIC", true),
        Allocation::Fixed => ("LINE_ITEM_BUDGET_ALLOCATION_TYPE_FIXED", true),
        Allocation::Unlimited => ("LINE_ITEM_BUDGET_ALLOCATION_TYPE_UNLIMITED", false),
    };
    let mut budget = json!({"budgetAllocationType": allocation, "budgetUnit": unit(order.unit)});
    // Unlike a segment's amount, a line item's is in plain impressions.
    let amount = match order.unit {
        Unit::Currency => one.max_amount,
        Unit::Impressions => one.max_amount / 1_000_000,
    };
    if limited && amount > 0 {
        budget["maxAmount"] = json!(amount.to_string());
    }
    budget
}

fn frequency_cap(one: &LineItem) -> Value {
    if one.unlimited_frequency {
        json!({"unlimited": true})
    } else {
        json!({"timeUnit": "TIME_UNIT_WEEKS", "timeUnitCount": 1, "maxImpressions": 10})
    }
}

fn warnings(
    order: &InsertionOrder,
    one: &LineItem,
    flight: Option<(NaiveDate, NaiveDate)>,
    today: NaiveDate,
) -> Vec<&'static str> {
    let conditions = [
        (flight.is_some_and(|(_, end)| end < today), "EXPIRED"),
        (
            flight.is_some_and(|(start, _)| start > today),
            "PENDING_FLIGHT",
        ),
        (one.creative_ids.is_empty(), "NO_VALID_CREATIVE"),
        (
            order.status.as_str() == "ENTITY_STATUS_PAUSED",
            "PARENT_INSERTION_ORDER_PAUSED",
        ),
    ];
    conditions
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, warning)| warning)
        .collect()
}

fn segment(one: &Segment) -> Value {
    json!({
        "budgetAmountMicros": one.amount_micros.to_string(),
        "description": one.description,
        "dateRange": date_range(one.start, one.end),
    })
}

fn partner_cost(fee_millis: u64) -> Value {
    json!({
        "costType": "PARTNER_COST_TYPE_DV360_FEE",
        "feeType": "PARTNER_COST_FEE_TYPE_MEDIA_FEE",
        "invoiceType": "PARTNER_COST_INVOICE_TYPE_DV360",
        "feePercentageMillis": fee_millis.to_string(),
    })
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Currency => "BUDGET_UNIT_CURRENCY",
        Unit::Impressions => "BUDGET_UNIT_IMPRESSIONS",
    }
}

fn date_range(start: NaiveDate, end: NaiveDate) -> Value {
    json!({"startDate": date(start), "endDate": date(end)})
}

fn date(date: NaiveDate) -> Value {
    json!({"year": date.year(), "month": date.month(), "day": date.day()})
}

fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

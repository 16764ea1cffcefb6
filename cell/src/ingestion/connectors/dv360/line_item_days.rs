//! The one report asked for so far: daily facts by line item, in the advertiser's currency and days.
//!
//! Revenue is the basis budgets are kept in; media cost and billable cost stand beside it.

use contracts::Currency;

use super::numbers::{self, NumberError};
use super::report::{Column, Error, Row, Shape};
use crate::ingestion::connector::{LineItemDay, ReportRequest};

const fn column(api_name: &'static str, headers: &'static [&'static str]) -> Column {
    Column { api_name, headers }
}

/// Each header as the source writes it, with the other spellings it has been seen to use.
pub(super) const SHAPE: Shape = Shape {
    dimensions: &[
        column("FILTER_DATE", &["Date"]),
        column("FILTER_PARTNER", &["Partner ID"]),
        column("FILTER_ADVERTISER", &["Advertiser ID"]),
        column("FILTER_ADVERTISER_CURRENCY", &["Advertiser Currency"]),
        column("FILTER_ADVERTISER_TIMEZONE", &["Advertiser Time Zone"]),
        column("FILTER_MEDIA_PLAN", &["Campaign ID"]),
        column("FILTER_INSERTION_ORDER", &["Insertion Order ID"]),
        column("FILTER_LINE_ITEM", &["Line Item ID"]),
    ],
    metrics: &[
        column("METRIC_IMPRESSIONS", &["Impressions"]),
        column("METRIC_BILLABLE_IMPRESSIONS", &["Billable Impressions"]),
        column("METRIC_CLICKS", &["Clicks"]),
        column("METRIC_TOTAL_CONVERSIONS", &["Total Conversions"]),
        column(
            "METRIC_REVENUE_ADVERTISER",
            &["Revenue (Adv Currency)", "Revenue (Advertiser Currency)"],
        ),
        column(
            "METRIC_MEDIA_COST_ADVERTISER",
            &[
                "Media Cost (Advertiser Currency)",
                "Media Cost (Adv Currency)",
            ],
        ),
        column(
            "METRIC_BILLABLE_COST_ADVERTISER",
            &[
                "Billable Cost (Adv Currency)",
                "Billable Cost (Advertiser Currency)",
            ],
        ),
    ],
};

/// What the footer has to say about filters.
pub(super) fn filters(request: &ReportRequest) -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("Partner ID", vec![request.partner_id.clone()]),
        ("Advertiser ID", request.advertiser_ids.clone()),
    ]
}

/// A row in our words. It must belong to what was asked for, down to the day.
pub(super) fn convert<'a>(
    row: &Row<'a>,
    request: &ReportRequest,
) -> Result<LineItemDay<'a>, Error> {
    let line = row.line;
    let refuse = |reason: String| Error::Row { line, reason };
    let text = |index: usize| row.dimensions[index];
    let id = |index: usize| {
        let text = text(index);
        let plain = !text.is_empty() && text.len() <= 20;
        if plain && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text)
        } else {
            let name = SHAPE.dimensions[index].headers[0];
            Err(refuse(format!("{text:?} in column {name:?} is not an id")))
        }
    };
    let date = numbers::parse_date(text(0))
        .ok_or_else(|| refuse(format!("{:?} is not a date", text(0))))?;
    if date < request.start || date > request.end {
        return Err(refuse(format!("{date} is outside the dates asked for")));
    }
    let advertiser_id = id(2)?;
    if !request
        .advertiser_ids
        .iter()
        .any(|asked| asked == advertiser_id)
    {
        return Err(refuse(format!(
            "advertiser {advertiser_id} was not asked for"
        )));
    }
    let currency: Currency = text(3)
        .parse()
        .map_err(|error| refuse(format!("{error}, found {:?}", text(3))))?;
    let count = |index: usize| {
        let whole = row.metrics[index].map(numbers::whole).transpose();
        whole.map_err(|NumberError| {
            let name = SHAPE.metrics[index].headers[0];
            refuse(format!("column {name:?} is not a whole number"))
        })
    };
    Ok(LineItemDay {
        line,
        advertiser_id,
        date,
        partner_id: id(1)?,
        campaign_id: id(5)?,
        insertion_order_id: id(6)?,
        line_item_id: id(7)?,
        currency,
        impressions: count(0)?,
        billable_impressions: count(1)?,
        clicks: count(2)?,
        conversions_micros: row.metrics[3],
        revenue_micros: row.metrics[4],
        media_cost_micros: row.metrics[5],
        billable_cost_micros: row.metrics[6],
    })
}

//! Every dimension, filter and metric Google knows by name, and the ones the world can answer.

use crate::world::Facts;

const FILTERS: &str = include_str!("catalogue/filters.txt");
const METRICS: &str = include_str!("catalogue/metrics.txt");

pub(crate) fn known_filter(name: &str) -> bool {
    FILTERS.lines().any(|line| line == name)
}

pub(crate) fn known_metric(name: &str) -> bool {
    METRICS.lines().any(|line| line == name)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Date,
    Month,
    Year,
    Partner,
    PartnerName,
    PartnerCurrency,
    Advertiser,
    AdvertiserName,
    AdvertiserCurrency,
    AdvertiserTimeZone,
    AdvertiserIntegrationCode,
    Campaign,
    CampaignName,
    InsertionOrder,
    InsertionOrderName,
    LineItem,
    LineItemName,
    Device,
    Country,
    TimeOfDay,
}

use Dimension as D;

const DIMENSIONS: [(Dimension, &str, &str); 20] = [
    (D::Date, "FILTER_DATE", "Date"),
    (D::Month, "FILTER_MONTH", "Month"),
    (D::Year, "FILTER_YEAR", "Year"),
    (D::Partner, "FILTER_PARTNER", "Partner ID"),
    (D::PartnerName, "FILTER_PARTNER_NAME", "Partner"),
    (
        D::PartnerCurrency,
        "FILTER_PARTNER_CURRENCY",
        "Partner Currency",
    ),
    (D::Advertiser, "FILTER_ADVERTISER", "Advertiser ID"),
    (D::AdvertiserName, "FILTER_ADVERTISER_NAME", "Advertiser"),
    (
        D::AdvertiserCurrency,
        "FILTER_ADVERTISER_CURRENCY",
        "Advertiser Currency",
    ),
    (
        D::AdvertiserTimeZone,
        "FILTER_ADVERTISER_TIMEZONE",
        "Advertiser Time Zone",
    ),
    (
        D::AdvertiserIntegrationCode,
        "FILTER_ADVERTISER_INTEGRATION_CODE",
        "Advertiser Integration Code",
    ),
    (D::Campaign, "FILTER_MEDIA_PLAN", "Campaign ID"),
    (D::CampaignName, "FILTER_MEDIA_PLAN_NAME", "Campaign"),
    (
        D::InsertionOrder,
        "FILTER_INSERTION_ORDER",
        "Insertion Order ID",
    ),
    (
        D::InsertionOrderName,
        "FILTER_INSERTION_ORDER_NAME",
        "Insertion Order",
    ),
    (D::LineItem, "FILTER_LINE_ITEM", "Line Item ID"),
    (D::LineItemName, "FILTER_LINE_ITEM_NAME", "Line Item"),
    (D::Device, "FILTER_DEVICE_TYPE", "Device Type"),
    (D::Country, "FILTER_COUNTRY", "Country"),
    (D::TimeOfDay, "FILTER_TIME_OF_DAY", "Time of Day"),
];

const DEVICES: [&str; 4] = ["Desktop", "Smart Phone", "Tablet", "Connected TV"];
const COUNTRIES: [&str; 5] = [
    "United States",
    "Germany",
    "Korea, Republic of",
    "India",
    "Unknown",
];
const HOURS: [&str; 24] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23",
];

impl Dimension {
    pub(crate) fn find(name: &str) -> Option<Self> {
        DIMENSIONS
            .iter()
            .find(|(_, api, _)| *api == name)
            .map(|(dimension, _, _)| *dimension)
    }

    pub(crate) fn header(self) -> &'static str {
        DIMENSIONS
            .iter()
            .find(|(one, _, _)| *one == self)
            .map_or("", |(_, _, header)| *header)
    }

    /// The values a line item's day is split over.
    pub(crate) fn parts(self) -> Option<&'static [&'static str]> {
        match self {
            D::Device => Some(&DEVICES),
            D::Country => Some(&COUNTRIES),
            D::TimeOfDay => Some(&HOURS),
            _ => None,
        }
    }

    /// Whether its value changes with the day rather than with the line item.
    pub(crate) fn of_time(self) -> bool {
        matches!(self, D::Date | D::Month | D::Year)
    }
}

/// How a figure is written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Count,
    /// Counts that Google writes with two decimals.
    Fraction,
    Money(Currency),
    /// Not additive: the totals row leaves it blank.
    Rate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Currency {
    Advertiser,
    Partner,
    Usd,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) header: &'static str,
    pub(crate) form: Form,
    pub(crate) value: fn(&Facts) -> u64,
}

const fn metric(
    name: &'static str,
    header: &'static str,
    form: Form,
    value: fn(&Facts) -> u64,
) -> Metric {
    Metric {
        name,
        header,
        form,
        value,
    }
}

const ADVERTISER: Form = Form::Money(Currency::Advertiser);
const PARTNER: Form = Form::Money(Currency::Partner);
const USD: Form = Form::Money(Currency::Usd);

/// The currency label is as inconsistent as Google's own.
const MODELLED: [Metric; 21] = [
    metric("METRIC_IMPRESSIONS", "Impressions", Form::Count, |f| {
        f.impressions
    }),
    metric(
        "METRIC_BILLABLE_IMPRESSIONS",
        "Billable Impressions",
        Form::Fraction,
        |f| f.impressions,
    ),
    metric("METRIC_CLICKS", "Clicks", Form::Count, |f| f.clicks),
    metric("METRIC_CTR", "Click Rate (CTR)", Form::Rate, ctr_millionths),
    metric(
        "METRIC_TOTAL_CONVERSIONS",
        "Total Conversions",
        Form::Fraction,
        |f| f.post_click_conversions + f.post_view_conversions,
    ),
    metric(
        "METRIC_LAST_CLICKS",
        "Post-Click Conversions",
        Form::Fraction,
        |f| f.post_click_conversions,
    ),
    metric(
        "METRIC_LAST_IMPRESSIONS",
        "Post-View Conversions",
        Form::Fraction,
        |f| f.post_view_conversions,
    ),
    metric(
        "METRIC_RICH_MEDIA_VIDEO_COMPLETIONS",
        "Complete Views (Video)",
        Form::Count,
        |f| f.video_completions,
    ),
    metric(
        "METRIC_ACTIVE_VIEW_VIEWABLE_IMPRESSIONS",
        "Active View: Viewable Impressions",
        Form::Count,
        |f| f.viewable_impressions,
    ),
    metric(
        "METRIC_REVENUE_ADVERTISER",
        "Revenue (Adv Currency)",
        ADVERTISER,
        |f| f.revenue_micros,
    ),
    metric(
        "METRIC_REVENUE_PARTNER",
        "Revenue (Partner Currency)",
        PARTNER,
        |f| f.revenue_micros,
    ),
    metric("METRIC_REVENUE_USD", "Revenue (USD)", USD, |f| {
        f.revenue_micros
    }),
    metric(
        "METRIC_MEDIA_COST_ADVERTISER",
        "Media Cost (Advertiser Currency)",
        ADVERTISER,
        |f| f.media_cost_micros,
    ),
    metric(
        "METRIC_MEDIA_COST_PARTNER",
        "Media Cost (Partner Currency)",
        PARTNER,
        |f| f.media_cost_micros,
    ),
    metric("METRIC_MEDIA_COST_USD", "Media Cost (USD)", USD, |f| {
        f.media_cost_micros
    }),
    metric(
        "METRIC_TOTAL_MEDIA_COST_ADVERTISER",
        "Total Media Cost (Advertiser Currency)",
        ADVERTISER,
        |f| f.total_media_cost_micros,
    ),
    metric(
        "METRIC_TOTAL_MEDIA_COST_PARTNER",
        "Total Media Cost (Partner Currency)",
        PARTNER,
        |f| f.total_media_cost_micros,
    ),
    metric(
        "METRIC_TOTAL_MEDIA_COST_USD",
        "Total Media Cost (USD)",
        USD,
        |f| f.total_media_cost_micros,
    ),
    metric(
        "METRIC_BILLABLE_COST_ADVERTISER",
        "Billable Cost (Adv Currency)",
        ADVERTISER,
        |f| f.billable_cost_micros,
    ),
    metric(
        "METRIC_BILLABLE_COST_PARTNER",
        "Billable Cost (Partner Currency)",
        PARTNER,
        |f| f.billable_cost_micros,
    ),
    metric(
        "METRIC_BILLABLE_COST_USD",
        "Billable Cost (USD)",
        USD,
        |f| f.billable_cost_micros,
    ),
];

impl Metric {
    pub(crate) fn find(name: &str) -> Option<Self> {
        MODELLED.iter().find(|metric| metric.name == name).copied()
    }
}

/// A metric in the advertiser's currency is refused without that currency as a dimension.
pub(crate) fn in_advertiser_currency(name: &str) -> bool {
    name.ends_with("_ADVERTISER")
}

fn ctr_millionths(facts: &Facts) -> u64 {
    (facts.clicks * 1_000_000)
        .checked_div(facts.impressions)
        .unwrap_or(0)
}

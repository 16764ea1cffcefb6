//! One row per insertion order: its segment, its figures, and how rows are filtered, sorted, summed.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::figures::{Figures, Spent, Status, choose_segment, compute};
use super::{Error, Order, Segment};

/// Amounts are millionths of the budget's unit: of the currency, or of impressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PacingRow {
    pub insertion_order_id: String,
    pub name: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub campaign_id: String,
    pub campaign_name: String,
    pub currency: String,
    pub entity_status: String,
    /// `daily` or `flight`.
    pub pacing_period: String,
    /// `even`, `ahead` or `asap`.
    pub pacing_type: String,
    /// The most of a day, if there is one.
    pub daily_max_micros: Option<i64>,
    pub segment: Option<PacingSegment>,
    /// `currency` or `impressions`.
    pub budget_unit: String,
    pub spend_micros: i64,
    /// Billable impressions, for a budget of impressions.
    pub delivered: Option<i64>,
    pub expected_micros: i64,
    /// A decimal with two digits, such as `98.53`.
    pub pacing_percent: Option<String>,
    pub percent_ahead: Option<String>,
    pub days_ahead: Option<String>,
    pub remaining_micros: i64,
    pub needed_per_day_micros: Option<i64>,
    pub average_per_day_micros: Option<i64>,
    pub yesterday_micros: i64,
    pub projected_end_micros: Option<i64>,
    pub underspend_at_risk_micros: i64,
    pub days_total: i64,
    pub days_elapsed: i64,
    pub status: Status,
    /// The last fourteen complete days.
    pub spark: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PacingSegment {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub budget_micros: i64,
    pub description: String,
}

impl From<&Segment> for PacingSegment {
    fn from(segment: &Segment) -> Self {
        Self {
            start: segment.start,
            end: segment.end,
            budget_micros: segment.budget_micros,
            description: segment.description.clone(),
        }
    }
}

/// Sums over rows of one currency. Budgets of impressions are not money and not in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Total {
    pub currency: String,
    pub budget_micros: i64,
    pub spend_micros: i64,
    pub expected_micros: i64,
    pub at_risk_micros: i64,
    pub count: i64,
}

/// The segment an order is shown by.
pub fn current_segment<'a>(order: &Order, segments: &'a [Segment]) -> Option<&'a Segment> {
    let dates: Vec<_> = segments.iter().map(|one| (one.start, one.end)).collect();
    choose_segment(&dates, order.through).map(|index| &segments[index])
}

/// An order without a segment has figures of nothing.
pub fn figures_of(order: &Order, segment: Option<&Segment>, spent: Spent) -> Figures {
    match segment {
        Some(segment) => compute(&order.plan(segment), order.reach(segment), spent),
        None => Figures {
            days_total: 0,
            days_elapsed: 0,
            expected: 0,
            pacing_percent: None,
            percent_ahead: None,
            days_ahead: None,
            remaining: 0,
            needed_per_day: None,
            average_per_day: None,
            projected_end: None,
            underspend_at_risk: 0,
            status: Status::NoBudget,
        },
    }
}

pub fn row(order: &Order, segment: Option<&Segment>, spent: Spent, spark: Vec<i64>) -> PacingRow {
    let figures = figures_of(order, segment, spent);
    PacingRow {
        insertion_order_id: order.insertion_order_id.clone(),
        name: order.name.clone(),
        advertiser_id: order.advertiser_id.clone(),
        advertiser_name: order.advertiser_name.clone(),
        campaign_id: order.campaign_id.clone(),
        campaign_name: order.campaign_name.clone(),
        currency: order.currency.clone(),
        entity_status: order.entity_status.clone(),
        pacing_period: order.pacing_period.clone(),
        pacing_type: order.pacing_type.clone(),
        daily_max_micros: order.daily_max_micros,
        segment: segment.map(PacingSegment::from),
        budget_unit: order.budget_unit.clone(),
        spend_micros: spent.to_date,
        delivered: order
            .counts_impressions()
            .then_some(spent.to_date / 1_000_000),
        expected_micros: figures.expected,
        pacing_percent: figures.pacing_percent,
        percent_ahead: figures.percent_ahead,
        days_ahead: figures.days_ahead,
        remaining_micros: figures.remaining,
        needed_per_day_micros: figures.needed_per_day,
        average_per_day_micros: figures.average_per_day,
        yesterday_micros: spent.yesterday,
        projected_end_micros: figures.projected_end,
        underspend_at_risk_micros: figures.underspend_at_risk,
        days_total: figures.days_total,
        days_elapsed: figures.days_elapsed,
        status: figures.status,
        spark,
    }
}

/// What people narrow the list by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub advertiser_id: Option<String>,
    pub status: Vec<Status>,
    /// Part of a name of the order, its campaign or its advertiser, or an id.
    pub search: Option<String>,
}

impl Filter {
    pub fn keeps(&self, row: &PacingRow) -> bool {
        let search = self.search.as_deref().unwrap_or_default().to_lowercase();
        let found = |text: &str| text.to_lowercase().contains(&search);
        (self.status.is_empty() || self.status.contains(&row.status))
            && (self
                .advertiser_id
                .as_ref()
                .is_none_or(|id| *id == row.advertiser_id))
            && (found(&row.name)
                || found(&row.campaign_name)
                || found(&row.advertiser_name)
                || found(&row.insertion_order_id))
    }
}

/// A column and its direction: `name`, or `-underspend_at_risk_micros` for the largest first.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    key: fn(&PacingRow) -> Key,
    descending: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(i64),
    /// Last in either direction.
    Missing,
}

impl Key {
    fn number(value: Option<i64>) -> Self {
        value.map_or(Self::Missing, Self::Number)
    }

    /// Two digits always, so the text without its point is a number of hundredths.
    fn decimal(text: Option<&str>) -> Self {
        Self::number(text.and_then(|text| text.replace('.', "").parse().ok()))
    }
}

impl Sort {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key: fn(&PacingRow) -> Key = match name {
            "name" => |row| Key::Text(row.name.to_lowercase()),
            "advertiser_name" => |row| Key::Text(row.advertiser_name.to_lowercase()),
            "campaign_name" => |row| Key::Text(row.campaign_name.to_lowercase()),
            "currency" => |row| Key::Text(row.currency.clone()),
            "entity_status" => |row| Key::Text(row.entity_status.clone()),
            "pacing_type" => |row| Key::Text(row.pacing_type.clone()),
            "pacing_period" => |row| Key::Text(row.pacing_period.clone()),
            "status" => |row| Key::Number(row.status as i64),
            "start" => |row| Key::number(row.segment.as_ref().map(|one| days(one.start))),
            "end" => |row| Key::number(row.segment.as_ref().map(|one| days(one.end))),
            "budget_micros" => |row| Key::number(row.segment.as_ref().map(|one| one.budget_micros)),
            "spend_micros" => |row| Key::Number(row.spend_micros),
            "expected_micros" => |row| Key::Number(row.expected_micros),
            "pacing_percent" => |row| Key::decimal(row.pacing_percent.as_deref()),
            "percent_ahead" => |row| Key::decimal(row.percent_ahead.as_deref()),
            "days_ahead" => |row| Key::decimal(row.days_ahead.as_deref()),
            "remaining_micros" => |row| Key::Number(row.remaining_micros),
            "needed_per_day_micros" => |row| Key::number(row.needed_per_day_micros),
            "average_per_day_micros" => |row| Key::number(row.average_per_day_micros),
            "yesterday_micros" => |row| Key::Number(row.yesterday_micros),
            "projected_end_micros" => |row| Key::number(row.projected_end_micros),
            "underspend_at_risk_micros" => |row| Key::Number(row.underspend_at_risk_micros),
            "days_total" => |row| Key::Number(row.days_total),
            "days_elapsed" => |row| Key::Number(row.days_elapsed),
            _ => return Err(Error::UnknownColumn(name.to_owned())),
        };
        Ok(Self { key, descending })
    }

    /// Ties are broken by id, so that pages never overlap.
    pub fn apply(self, rows: &mut [PacingRow]) {
        rows.sort_by_cached_key(|row| row.insertion_order_id.clone());
        rows.sort_by(|a, b| {
            let (a, b) = ((self.key)(a), (self.key)(b));
            match (a == Key::Missing, b == Key::Missing) {
                (false, false) if self.descending => b.cmp(&a),
                (false, false) => a.cmp(&b),
                (true, true) => Ordering::Equal,
                (missing, _) => missing.cmp(&!missing),
            }
        });
    }
}

fn days(date: NaiveDate) -> i64 {
    (date - NaiveDate::default()).num_days()
}

/// Currencies are never summed with each other.
pub fn totals(rows: &[PacingRow]) -> Vec<Total> {
    let mut by_currency: BTreeMap<&str, Total> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.budget_unit == "currency") {
        let total = by_currency.entry(&row.currency).or_insert_with(|| Total {
            currency: row.currency.clone(),
            budget_micros: 0,
            spend_micros: 0,
            expected_micros: 0,
            at_risk_micros: 0,
            count: 0,
        });
        let budget = row.segment.as_ref().map_or(0, |one| one.budget_micros);
        total.budget_micros = total.budget_micros.saturating_add(budget);
        total.spend_micros = total.spend_micros.saturating_add(row.spend_micros);
        total.expected_micros = total.expected_micros.saturating_add(row.expected_micros);
        let at_risk = row.underspend_at_risk_micros;
        total.at_risk_micros = total.at_risk_micros.saturating_add(at_risk);
        total.count += 1;
    }
    by_currency.into_values().collect()
}

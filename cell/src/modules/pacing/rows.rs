//! One row per insertion order: its segment, its figures, and sums over rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::exact;
use super::figures::{Figures, Spent, Status, choose_segment, compute};
use super::{Order, Segment};

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
    /// Of the budget, while the segment runs.
    pub at_risk_percent: Option<String>,
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

/// Sums over rows that count in the same: one currency, or impressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Total {
    /// `currency` or `impressions`.
    pub budget_unit: String,
    /// Absent for impressions, which are summed whatever they are paid in.
    pub currency: Option<String>,
    pub budget_micros: i64,
    pub spend_micros: i64,
    pub expected_micros: i64,
    /// A decimal with two digits; absent while nothing is expected.
    pub pacing_percent: Option<String>,
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
        None => Figures::NONE,
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
        at_risk_percent: figures.at_risk_percent,
        days_total: figures.days_total,
        days_elapsed: figures.days_elapsed,
        status: figures.status,
        spark,
    }
}

impl PacingRow {
    /// What its amounts may be compared and summed with: its currency, or nothing but impressions,
    /// which come last.
    pub fn counted_in(&self) -> (bool, &str) {
        match self.budget_unit.as_str() {
            "impressions" => (true, ""),
            _ => (false, &self.currency),
        }
    }
}

/// Currencies are never summed with each other. Orders whose first days were never read are left
/// out: what is known of their spend would stand against nothing expected.
pub fn totals(rows: &[PacingRow]) -> Vec<Total> {
    let mut by_unit: BTreeMap<(bool, &str), Total> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.status != Status::NoData) {
        let unit = row.counted_in();
        let total = by_unit.entry(unit).or_insert_with(|| Total {
            budget_unit: row.budget_unit.clone(),
            currency: (!unit.0).then(|| row.currency.clone()),
            budget_micros: 0,
            spend_micros: 0,
            expected_micros: 0,
            pacing_percent: None,
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
    let paced = |mut total: Total| {
        let (spend, expected) = (i128::from(total.spend_micros), total.expected_micros.into());
        let percent = || exact::two_digits(100 * spend, expected);
        total.pacing_percent = (expected > 0).then(percent);
        total
    };
    by_unit.into_values().map(paced).collect()
}

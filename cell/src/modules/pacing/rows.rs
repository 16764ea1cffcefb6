//! One row of the list, whatever it is about, and sums over rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::caps::CapKind;
use super::exact;
use super::figures::Status;

/// What a row is about.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = PacingLevel)]
pub enum Level {
    InsertionOrder,
    LineItem,
    Campaign,
    Advertiser,
    /// Orders that the org has put together itself.
    Portfolio,
}

impl Level {
    pub const ALL: [Self; 5] = [
        Self::InsertionOrder,
        Self::LineItem,
        Self::Campaign,
        Self::Advertiser,
        Self::Portfolio,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InsertionOrder => "insertion_order",
            Self::LineItem => "line_item",
            Self::Campaign => "campaign",
            Self::Advertiser => "advertiser",
            Self::Portfolio => "portfolio",
        }
    }
}

/// Amounts are millionths of the budget's unit: of the currency, or of impressions. A campaign, an
/// advertiser or a portfolio sums up those of its orders that run, one row for each unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PacingRow {
    pub level: Level,
    /// The source's id, or the portfolio's own.
    pub id: String,
    /// One of a kind in the list.
    pub row_key: String,
    pub name: String,
    pub dsp: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub campaign_id: String,
    pub campaign_name: String,
    pub insertion_order_id: String,
    pub insertion_order_name: String,
    /// `currency` or `impressions`.
    pub budget_unit: String,
    pub currency: String,
    pub entity_status: String,
    /// Of a line item.
    pub kind: String,
    /// Of a line item: `automatic`, `fixed` or `unlimited`.
    pub allocation: String,
    /// `daily` or `flight`.
    pub pacing_period: String,
    /// `even`, `ahead` or `asap`.
    pub pacing_type: String,
    /// The most of a day, if there is one.
    pub daily_max_micros: Option<i64>,
    /// Of the budget segment, or the line item's flight.
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    pub budget_micros: Option<i64>,
    pub description: String,
    /// Orders that are summed up.
    pub order_count: i64,
    pub spend_micros: i64,
    pub expected_micros: i64,
    /// Expected, but evenly if paced as soon as possible; what groups are summed up by.
    pub judged_by_micros: i64,
    /// Spent less expected.
    pub ahead_micros: i64,
    /// A decimal with two digits, such as `98.53`.
    pub pacing_percent: Option<String>,
    /// If the budget was edited while it ran: as if it had always been what it is now.
    pub restated_percent: Option<String>,
    pub percent_ahead: Option<String>,
    pub days_ahead: Option<String>,
    pub remaining_micros: i64,
    pub needed_per_day_micros: Option<i64>,
    /// What the next day should bring, as this paces.
    pub target_next_day_micros: Option<i64>,
    pub average_per_day_micros: Option<i64>,
    /// The mean of the last seven complete days.
    pub last_week_per_day_micros: Option<i64>,
    pub yesterday_micros: i64,
    /// If the days left are like the last seven.
    pub projected_end_micros: Option<i64>,
    pub projected_low_micros: Option<i64>,
    pub projected_high_micros: Option<i64>,
    /// The day the budget is used up at that rate, if before the last.
    pub used_up_on: Option<NaiveDate>,
    pub underspend_at_risk_micros: i64,
    /// Of the budget, while the segment runs.
    pub at_risk_percent: Option<String>,
    /// What binds first.
    pub cap_kind: Option<CapKind>,
    /// The most it still lets through.
    pub cap_left_micros: Option<i64>,
    /// So much of the budget it keeps from being reached.
    pub cap_short_micros: Option<i64>,
    pub days_total: i64,
    pub days_elapsed: i64,
    /// Of the complete days, those that the source may still change.
    pub provisional_days: i64,
    pub through: Option<NaiveDate>,
    pub status: Status,
    /// The last fourteen complete days.
    pub spark: Vec<i64>,
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

    pub const fn is_running(&self) -> bool {
        matches!(self.status, Status::OnPace | Status::Behind | Status::Ahead)
    }
}

/// Sums over rows that count in the same: one currency, or impressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PacingTotal)]
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

/// Currencies are never summed with each other. Orders whose first days were never read are left
/// out: what is known of their spend would stand against nothing expected.
pub fn totals<'a>(rows: impl Iterator<Item = &'a PacingRow>) -> Vec<Total> {
    let mut by_unit: BTreeMap<(bool, &str), Total> = BTreeMap::new();
    for row in rows.filter(|row| row.status != Status::NoData) {
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
        let budget = row.budget_micros.unwrap_or(0);
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

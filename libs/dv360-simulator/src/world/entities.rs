//! The entities of the world, holding what the APIs show and what decides delivery.
//!
//! Money is in micros of the advertiser's currency; an impression budget is counted in micros too
//! (impressions × 1,000,000), as the published description of the field says.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct User {
    pub email: String,
    pub name: String,
    pub partners: Vec<u64>,
    /// Of those partners, and yet out of this person's sight.
    pub hidden_advertisers: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    Paused,
    Draft,
    Archived,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "ENTITY_STATUS_ACTIVE",
            Status::Paused => "ENTITY_STATUS_PAUSED",
            Status::Draft => "ENTITY_STATUS_DRAFT",
            Status::Archived => "ENTITY_STATUS_ARCHIVED",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Partner {
    pub id: u64,
    pub name: String,
    pub time_zone: Tz,
    pub currency: String,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Advertiser {
    pub id: u64,
    pub partner_id: u64,
    pub name: String,
    pub status: Status,
    pub time_zone: Tz,
    pub currency: String,
    pub domain: String,
    pub integration_code: Option<String>,
    /// Nothing was delivered before this date.
    pub history_start: NaiveDate,
    pub updated_at: DateTime<Utc>,
    /// Whoever asks for it is told that it does not exist.
    pub deleted: bool,
    pub campaigns: Vec<Campaign>,
    pub insertion_orders: Vec<InsertionOrder>,
    pub line_items: Vec<LineItem>,
}

impl Advertiser {
    pub fn find_campaign(&self, id: u64) -> Option<&Campaign> {
        self.campaigns.iter().find(|campaign| campaign.id == id)
    }

    pub fn find_insertion_order(&self, id: u64) -> Option<&InsertionOrder> {
        self.insertion_orders.iter().find(|order| order.id == id)
    }

    pub fn find_line_item(&self, id: u64) -> Option<&LineItem> {
        self.line_items.iter().find(|line_item| line_item.id == id)
    }
}

#[derive(Debug, Clone)]
pub struct Campaign {
    pub id: u64,
    pub name: String,
    pub status: Status,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub planned_spend_micros: u64,
    pub goal: &'static str,
    pub updated_at: DateTime<Utc>,
    pub deleted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub amount_micros: u64,
    pub description: String,
}

impl Segment {
    pub fn days(&self) -> u64 {
        u64::try_from((self.end - self.start).num_days() + 1).unwrap_or(1)
    }
}

/// Days without delivery; without an end as long as nobody ended them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off {
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
}

impl Off {
    pub(crate) fn holds(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|last| date <= last)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Currency,
    Impressions,
}

/// How an insertion order's delivery runs against its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    On,
    Behind,
    Ahead,
    LateStart,
    Stalled,
    EndRush,
}

#[derive(Debug, Clone)]
pub struct InsertionOrder {
    pub id: u64,
    pub campaign_id: u64,
    pub name: String,
    pub status: Status,
    pub unit: Unit,
    pub segments: Vec<Segment>,
    /// The plans in force before, each through its day; delivery of a day follows its plan.
    pub earlier_plans: Vec<(NaiveDate, Vec<Segment>)>,
    pub off: Vec<Off>,
    pub pacing_period: &'static str,
    pub pacing_type: &'static str,
    pub automatic_budget: bool,
    pub kpi_type: &'static str,
    pub kpi_amount_micros: u64,
    pub integration_code: Option<String>,
    pub pace: Pace,
    /// The last day it delivered, for one that was paused.
    pub delivers_until: Option<NaiveDate>,
    pub updated_at: DateTime<Utc>,
    pub deleted: bool,
}

impl InsertionOrder {
    pub fn segments_on(&self, date: NaiveDate) -> &[Segment] {
        let earlier = self.earlier_plans.iter().find(|(last, _)| date <= *last);
        earlier.map_or(&self.segments, |(_, segments)| segments)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    Automatic,
    Fixed,
    Unlimited,
}

#[derive(Debug, Clone)]
pub struct LineItem {
    pub id: u64,
    pub campaign_id: u64,
    pub insertion_order_id: u64,
    /// Where its insertion order stands in the advertiser's list.
    pub order: usize,
    pub name: String,
    pub status: Status,
    pub kind: &'static str,
    pub off: Vec<Off>,
    /// Its own flight, if it does not inherit the insertion order's.
    pub flight: Option<(NaiveDate, NaiveDate)>,
    /// The last day it delivered, for one that was paused.
    pub delivers_until: Option<NaiveDate>,
    pub allocation: Allocation,
    pub max_amount: u64,
    /// Its share of the insertion order's daily plan; the shares of one order add up to 1000.
    pub share_permille: u64,
    pub media_cpm_micros: u64,
    pub fee_millis: u64,
    pub markup_millis: u64,
    pub clicks_per_million: u64,
    pub creative_ids: Vec<u64>,
    pub unlimited_frequency: bool,
    pub updated_at: DateTime<Utc>,
    pub deleted: bool,
}

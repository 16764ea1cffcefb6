//! What performance is measured against, in our words: partner, advertiser, campaign, insertion order,
//! line item, creative.
//!
//! Each comes twice: typed, as far as we compute with it, and whole in the source's own words, so
//! that history keeps what we have no word for yet.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::Currency;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partner {
    pub partner_id: String,
    pub name: String,
    pub entity_status: String,
    /// What its advertisers are given unless they say otherwise.
    pub currency: Option<String>,
    pub time_zone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advertiser {
    pub advertiser_id: String,
    pub partner_id: String,
    pub name: String,
    pub currency: Currency,
    pub time_zone: chrono_tz::Tz,
    pub entity_status: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    pub campaign_id: String,
    pub name: String,
    pub entity_status: String,
    pub planned: Option<(NaiveDate, Option<NaiveDate>)>,
}

/// How fast a budget is to be spent, in the source's own words without their prefixes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pacing {
    /// `daily` or `flight`.
    pub period: String,
    /// `even`, `ahead` or `asap`.
    pub kind: String,
    /// The most of a day, in millionths of the budget's unit.
    pub daily_max_micros: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InsertionOrder {
    pub insertion_order_id: String,
    pub campaign_id: String,
    pub name: String,
    pub entity_status: String,
    /// `currency` or `impressions`.
    pub budget_unit: String,
    pub pacing: Pacing,
    pub segments: Vec<BudgetSegment>,
}

/// Amounts are millionths of the order's unit, of impressions too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetSegment {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub budget_micros: i64,
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineItem {
    pub line_item_id: String,
    pub insertion_order_id: String,
    pub campaign_id: String,
    pub name: String,
    pub kind: String,
    pub entity_status: String,
    /// Its own dates; none: those of its insertion order.
    pub flight: Option<(NaiveDate, NaiveDate)>,
    /// `automatic`, `fixed` or `unlimited`.
    pub allocation: String,
    pub budget_unit: String,
    /// Only for a fixed allocation.
    pub budget_micros: Option<i64>,
    pub pacing: Pacing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Creative {
    pub creative_id: String,
    pub name: String,
    pub kind: String,
    pub entity_status: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// Where a click leads, if the source says.
    pub landing_page: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    Partner,
    Advertiser,
    Campaign,
    InsertionOrder,
    LineItem,
    Creative,
}

impl EntityKind {
    /// What can vanish when everything below an advertiser is read.
    pub const BELOW_ADVERTISER: [Self; 4] = [
        Self::Campaign,
        Self::InsertionOrder,
        Self::LineItem,
        Self::Creative,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Advertiser => "advertiser",
            Self::Campaign => "campaign",
            Self::InsertionOrder => "insertion_order",
            Self::LineItem => "line_item",
            Self::Creative => "creative",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::BELOW_ADVERTISER
            .into_iter()
            .chain([Self::Partner, Self::Advertiser]);
        all.find(|kind| kind.as_str() == text)
    }
}

/// The part of an entity that we compute with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Typed {
    Partner(Partner),
    Advertiser(Advertiser),
    Campaign(Campaign),
    InsertionOrder(InsertionOrder),
    LineItem(LineItem),
    Creative(Creative),
}

/// One entity as an answer of the source has it.
#[derive(Debug)]
pub struct Entity {
    pub kind: EntityKind,
    pub id: String,
    pub name: String,
    pub entity_status: String,
    /// When it was last changed, by the source's clock.
    pub updated_at: Option<DateTime<Utc>>,
    /// Or why it could not be put into our words; it is kept in history all the same.
    pub typed: Result<Typed, String>,
    pub source: Box<RawValue>,
}

/// One page of an answer.
#[derive(Debug)]
pub struct EntityPage {
    pub entities: Vec<Entity>,
    /// The list was left before its end, so what it lacks has not vanished.
    pub cut: Option<EntityKind>,
}

/// Which entities to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitiesRequest {
    pub partner_id: String,
    pub advertiser_id: String,
    /// Of these kinds, only what changed since then; of the others, everything.
    pub since: BTreeMap<EntityKind, DateTime<Utc>>,
}

/// Pages one after the other, so that a large advertiser is never held as a whole.
pub type EntityPages = Box<dyn Iterator<Item = Result<EntityPage, super::Error>> + Send>;

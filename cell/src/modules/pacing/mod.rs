//! Pacing: is each insertion order spending its budget as it should, and where will it end?
//!
//! Computed from silver on every request, on complete days only, in the basis the budget is kept in
//! (revenue, or billable impressions). `figures` holds the formulas, `explain` shows their numbers.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::tenancy;

pub(crate) mod exact;

pub mod figures;

pub mod explain;

pub mod rows;

pub mod sort;

pub mod detail;

pub mod http;

mod store;

use figures::{Grain, PacingType, Plan, RUN_RATE_DAYS, Spent};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such insertion order")]
    NotFound,
    #[error("{0:?} is not a column to sort by")]
    UnknownColumn(String),
    #[error("the cursor does not fit this list any more")]
    StaleCursor,
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// An insertion order as silver has it, and how far its advertiser's data reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub dsp: String,
    pub insertion_order_id: String,
    pub name: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub campaign_id: String,
    pub campaign_name: String,
    pub currency: String,
    pub entity_status: String,
    pub budget_unit: String,
    pub pacing_period: String,
    pub pacing_type: String,
    pub daily_max_micros: Option<i64>,
    pub since: Option<NaiveDate>,
    pub through: Option<NaiveDate>,
}

/// A budget and its days, in millionths of the order's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub budget_micros: i64,
    pub description: String,
}

/// What was delivered on each day, in millionths of the order's unit.
pub type ByDay = BTreeMap<NaiveDate, i64>;

impl Order {
    pub fn counts_impressions(&self) -> bool {
        self.budget_unit == "impressions"
    }

    pub fn plan(&self, segment: &Segment) -> Plan {
        self.plan_as(segment, &self.pacing_type)
    }

    /// A line item counts as its order does, and may pace in its own way.
    pub fn plan_as(&self, segment: &Segment, pacing_type: &str) -> Plan {
        Plan {
            start: segment.start,
            end: segment.end,
            budget: segment.budget_micros,
            pacing_type: match pacing_type {
                "ahead" => PacingType::Ahead,
                "asap" => PacingType::Asap,
                _ => PacingType::Even,
            },
            grain: if self.counts_impressions() {
                Grain::Whole
            } else {
                Grain::Micro
            },
        }
    }

    /// The data's reach as far as this segment is concerned: none if its first days are missing,
    /// because what was spent before would look unspent.
    pub fn reach(&self, segment: &Segment) -> Option<NaiveDate> {
        let covered = self.since.is_some_and(|since| since <= segment.start);
        self.through.filter(|_| covered)
    }
}

/// What counts for a segment, from what was delivered by day.
pub fn spent(segment: &Segment, through: Option<NaiveDate>, days: &ByDay) -> Spent {
    let last = through.map(|day| day.min(segment.end));
    let Some(last) = last.filter(|last| *last >= segment.start) else {
        return Spent::default();
    };
    let days_back = u64::try_from(RUN_RATE_DAYS - 1).unwrap_or(0);
    let week = last.checked_sub_days(Days::new(days_back));
    let week = week.map_or(segment.start, |day| day.max(segment.start));
    Spent {
        to_date: days
            .range(segment.start..=last)
            .map(|(_, value)| value)
            .sum(),
        yesterday: days.get(&last).copied().unwrap_or(0),
        last_week: days.range(week..=last).map(|(_, value)| value).sum(),
    }
}

//! Pacing: is each insertion order spending its budget as it should, and where will it end?
//!
//! Worked out from silver on complete days only, in the basis the budget is kept in (revenue, or
//! billable impressions). `figures` holds the formulas, `explain` shows their numbers; docs/pacing.md
//! has both with their sources. Nothing here knows the clock: the same silver gives the same figures.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::tenancy;

pub(crate) mod exact;

pub mod calendar;

pub mod plan;

pub mod figures;

pub mod caps;

pub mod settings;

pub mod explain;

pub mod rows;

pub mod judge;

pub mod groups;

pub mod what_if;

mod history;

pub mod sort;

pub mod detail;

mod module;

pub mod http;

mod store;

pub use module::Pacing;

use figures::{RUN_RATE_DAYS, Spent};
use plan::{Edit, Grain};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such insertion order")]
    NotFound,
    #[error("{0:?} is not a column to sort by")]
    UnknownColumn(String),
    #[error("the cursor does not fit this list any more")]
    StaleCursor,
    #[error("{0}")]
    WhatIf(String),
    #[error(transparent)]
    Module(#[from] super::Error),
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
    /// The first of its last days that the source may still change.
    pub open_from: Option<NaiveDate>,
}

impl Order {
    pub fn counts_impressions(&self) -> bool {
        self.budget_unit == "impressions"
    }

    pub fn grain(&self) -> Grain {
        if self.counts_impressions() {
            Grain::Whole
        } else {
            Grain::Micro
        }
    }

    /// The data's reach as far as days from `start` are concerned: none if the first of them are
    /// missing, because what was spent before would look unspent.
    pub fn reach(&self, start: NaiveDate) -> Option<NaiveDate> {
        let covered = self.since.is_some_and(|since| since <= start);
        self.through.filter(|_| covered)
    }
}

/// A budget and its days, in millionths of the order's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub budget_micros: i64,
    pub description: String,
    /// How it came to be so, oldest first; the last is how it is now.
    pub edits: Vec<Edit>,
}

/// A line item of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItem {
    pub line_item_id: String,
    pub name: String,
    pub kind: String,
    pub entity_status: String,
    /// Its own days; none: those of its order's segment.
    pub flight: Option<(NaiveDate, NaiveDate)>,
    /// `automatic`, `fixed` or `unlimited`; only a fixed one has a budget of its own.
    pub allocation: String,
    pub budget_micros: Option<i64>,
    pub pacing_period: String,
    pub pacing_type: String,
    pub daily_max_micros: Option<i64>,
    pub edits: Vec<Edit>,
}

impl LineItem {
    pub fn is_active(&self) -> bool {
        self.entity_status == "active"
    }
}

/// An order with all that its figures depend on, beside what was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub order: Order,
    pub segments: Vec<Segment>,
    pub line_items: Vec<LineItem>,
}

/// What was delivered on each day, in millionths of the order's unit.
pub type ByDay = BTreeMap<NaiveDate, i64>;

/// How many days a row's small chart has.
pub(crate) const SPARK_DAYS: u64 = 14;

/// What a line item delivered: in its order's segment, in its own flight, and day by day of late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    pub in_segment: Spent,
    pub in_flight: Spent,
    pub spark: Vec<i64>,
}

/// The complete days between these, both included, in which something counts.
pub(crate) type Window = Option<(NaiveDate, NaiveDate)>;

/// What counts in a window, from what was delivered by day.
pub(crate) fn spent(window: Window, days: &ByDay) -> Spent {
    let Some((first, last)) = window.filter(|(first, last)| first <= last) else {
        return Spent::default();
    };
    let week = week_from(first, last);
    Spent {
        to_date: days.range(first..=last).map(|(_, value)| value).sum(),
        yesterday: days.get(&last).copied().unwrap_or(0),
        last_week: days.range(week..=last).map(|(_, value)| value).sum(),
    }
}

/// The first day of the run rate.
pub(crate) fn week_from(first: NaiveDate, last: NaiveDate) -> NaiveDate {
    let back = Days::new(u64::try_from(RUN_RATE_DAYS - 1).unwrap_or(0));
    last.checked_sub_days(back).unwrap_or(first).max(first)
}

/// The last days up to `through`, zero where nothing was delivered.
pub(crate) fn spark(days: &ByDay, through: NaiveDate) -> Vec<i64> {
    let back = (0..SPARK_DAYS).rev();
    back.map(|back| days.get(&(through - Days::new(back))).copied().unwrap_or(0))
        .collect()
}

//! Pacing: is each insertion order spending its budget as it should, and where will it end?
//!
//! Worked out from silver on complete days only, in the basis the budget is kept in (revenue, or
//! billable impressions). `figures` holds the formulas, `explain` shows their numbers; docs/pacing.md
//! has both with their sources. Nothing here knows the clock: the same silver gives the same figures.

use chrono::NaiveDate;

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

pub mod saved;

pub mod export;

pub mod compute;

pub mod delivered;

pub mod lists;

mod history;

pub mod sort;

pub mod detail;

mod module;

pub mod http;

mod store;

pub use delivered::{ByDay, Delivered};
pub use module::Pacing;

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

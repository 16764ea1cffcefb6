//! The two sides of a replay inside one transaction: silver, and what the loader has just staged.
//! The database joins them in the order of keys and hands them on row by row.

use crate::ingestion::pipelines::spec::Dataset;

pub(super) mod store;

/// A table of facts, by which columns it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    name: &'static str,
    /// Facts are of line items, with the campaign and order above them.
    line_items: bool,
    breakdown: bool,
}

impl Table {
    pub(super) const fn of(dataset: Dataset) -> Self {
        match dataset {
            Dataset::LineItemDays => Self {
                name: "tenant.line_item_days",
                line_items: true,
                breakdown: false,
            },
            Dataset::BreakdownDays => Self {
                name: "tenant.breakdown_days",
                line_items: true,
                breakdown: true,
            },
            Dataset::AdvertiserDays => Self {
                name: "tenant.advertiser_days",
                line_items: false,
                breakdown: false,
            },
        }
    }
}

//! Silver: typed rows, the same for every source. Replaced whole by (advertiser, date), so loading
//! a file again, or a later one over it, leaves each day exactly once.

pub mod days;

pub(crate) mod entities;

pub mod facts;

pub(crate) mod store;

/// The daily facts by line item.
pub(crate) const LINE_ITEM_DAYS: &str = "line_item_days";
/// The source's own sums.
pub(crate) const ADVERTISER_DAYS: &str = "advertiser_days";

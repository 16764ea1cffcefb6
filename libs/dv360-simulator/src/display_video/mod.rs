//! Display & Video 360 API v4, reading half: partners, advertisers and their entity trees.

mod fields;

pub(crate) mod creatives;

pub(crate) mod filter;

pub(crate) mod order;

pub(crate) mod resources;

pub(crate) mod http;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

/// What a list can be filtered and ordered by, read off any kind of entity.
pub(crate) trait Entity {
    fn id(&self) -> u64;
    fn updated_at(&self) -> DateTime<Utc>;
    fn deleted(&self) -> bool {
        false
    }
    /// The value of a field with an equals filter; `None` if the kind has no such field.
    fn field(&self, name: &str) -> Option<String>;
}

/// One kind of list: its limits and its fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListRules {
    pub(crate) largest_page: i32,
    /// Fields a filter may name, besides `updateTime`.
    pub(crate) filters: &'static [&'static str],
    pub(crate) filters_update_time: bool,
    /// The first one is the default order.
    pub(crate) orders: &'static [&'static str],
}

pub(crate) const PARTNERS: ListRules = ListRules {
    largest_page: 200,
    filters: &["entityStatus"],
    filters_update_time: false,
    orders: &["displayName"],
};
pub(crate) const ADVERTISERS: ListRules = ListRules {
    largest_page: 200,
    filters: &["advertiserId", "displayName", "entityStatus"],
    filters_update_time: true,
    orders: &["advertiserId", "displayName", "entityStatus", "updateTime"],
};
pub(crate) const CAMPAIGNS: ListRules = ListRules {
    largest_page: 200,
    filters: &["campaignId", "displayName", "entityStatus"],
    filters_update_time: true,
    orders: &["displayName", "entityStatus", "updateTime"],
};
pub(crate) const INSERTION_ORDERS: ListRules = ListRules {
    largest_page: 100,
    filters: &["campaignId", "displayName", "entityStatus"],
    filters_update_time: true,
    orders: &["displayName", "entityStatus", "updateTime"],
};
pub(crate) const LINE_ITEMS: ListRules = ListRules {
    largest_page: 200,
    filters: &[
        "campaignId",
        "displayName",
        "entityStatus",
        "insertionOrderId",
        "lineItemId",
        "lineItemType",
    ],
    filters_update_time: true,
    orders: &["displayName", "entityStatus", "updateTime"],
};
/// Filtered by the time of their update, and yet not ordered by it.
pub(crate) const CREATIVES: ListRules = ListRules {
    largest_page: 200,
    filters: &["creativeId", "creativeType", "entityStatus"],
    filters_update_time: true,
    orders: &["creativeId", "createTime"],
};

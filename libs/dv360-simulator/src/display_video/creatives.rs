//! The creatives of an advertiser: whatever its line items name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::world::Advertiser;

/// Type, width, height.
const KINDS: [(&str, u32, u32); 3] = [
    ("CREATIVE_TYPE_STANDARD", 300, 250),
    ("CREATIVE_TYPE_STANDARD", 728, 90),
    ("CREATIVE_TYPE_VIDEO", 1920, 1080),
];

#[derive(Debug)]
pub(crate) struct Creative {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) size: (u32, u32),
    pub(crate) line_items: Vec<u64>,
    pub(crate) updated_at: DateTime<Utc>,
}

pub(crate) fn of(advertiser: &Advertiser) -> Vec<Creative> {
    let mut found: BTreeMap<u64, Creative> = BTreeMap::new();
    for line_item in &advertiser.line_items {
        for id in &line_item.creative_ids {
            let (kind, width, height) = KINDS[usize::try_from(id % 3).unwrap_or(0)];
            let creative = found.entry(*id).or_insert_with(|| Creative {
                id: *id,
                name: format!("{} {width}x{height} v{}", advertiser.name, id % 4 + 1),
                kind,
                size: (width, height),
                line_items: Vec::new(),
                updated_at: line_item.updated_at,
            });
            creative.line_items.push(line_item.id);
            creative.updated_at = creative.updated_at.max(line_item.updated_at);
        }
    }
    found.into_values().collect()
}

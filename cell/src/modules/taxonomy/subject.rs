//! The entity whose name is looked at, with all that a convention may compare the name with.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::convention::Attribute;

#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    pub name: &'a str,
    pub attributes: Attributes<'a>,
    /// What is one level up; none where it is not known.
    pub parent: Option<&'a Parent<'a>>,
}

/// What is not known is compared with nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attributes<'a> {
    pub entity_id: Option<&'a str>,
    pub advertiser_id: Option<&'a str>,
    pub advertiser_name: Option<&'a str>,
    pub campaign_id: Option<&'a str>,
    pub insertion_order_id: Option<&'a str>,
    pub currency: Option<&'a str>,
    pub flight: Option<(NaiveDate, NaiveDate)>,
}

/// A parent's name and what its own convention reads in it.
#[derive(Debug, Clone, Default)]
pub struct Parent<'a> {
    pub name: &'a str,
    /// Field and value.
    pub values: Vec<(&'a str, Cow<'a, str>)>,
}

impl<'a> Subject<'a> {
    pub const fn named(name: &'a str) -> Self {
        Self {
            name,
            attributes: Attributes {
                entity_id: None,
                advertiser_id: None,
                advertiser_name: None,
                campaign_id: None,
                insertion_order_id: None,
                currency: None,
                flight: None,
            },
            parent: None,
        }
    }

    pub(super) fn parent_value(&self, field: &str) -> Option<&str> {
        let values = &self.parent?.values;
        let found = values.iter().find(|(name, _)| *name == field)?;
        Some(&found.1)
    }
}

impl<'a> Attributes<'a> {
    /// Dates are not text: the convention's format says how they are written.
    pub(super) fn text(&self, attribute: Attribute) -> Option<&'a str> {
        match attribute {
            Attribute::EntityId => self.entity_id,
            Attribute::AdvertiserId => self.advertiser_id,
            Attribute::AdvertiserName => self.advertiser_name,
            Attribute::CampaignId => self.campaign_id,
            Attribute::InsertionOrderId => self.insertion_order_id,
            Attribute::Currency => self.currency,
            Attribute::FlightStart | Attribute::FlightEnd => None,
        }
    }

    pub(super) fn date(&self, attribute: Attribute) -> Option<NaiveDate> {
        match attribute {
            Attribute::FlightStart => self.flight.map(|(first, _)| first),
            Attribute::FlightEnd => self.flight.map(|(_, last)| last),
            _ => None,
        }
    }
}

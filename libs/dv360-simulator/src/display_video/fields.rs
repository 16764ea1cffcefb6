//! What lists can filter and order each kind of entity by.

use chrono::{DateTime, Utc};

use super::Entity;
use super::creatives::Creative;
use crate::world::{Advertiser, Campaign, InsertionOrder, LineItem, Partner};

impl Entity for Partner {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "displayName" => Some(self.name.clone()),
            "entityStatus" => Some("ENTITY_STATUS_ACTIVE".to_owned()),
            _ => None,
        }
    }
}

impl Entity for Advertiser {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn deleted(&self) -> bool {
        self.deleted
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "advertiserId" => Some(self.id.to_string()),
            "displayName" => Some(self.name.clone()),
            "entityStatus" => Some(self.status.as_str().to_owned()),
            _ => None,
        }
    }
}

impl Entity for Campaign {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn deleted(&self) -> bool {
        self.deleted
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "campaignId" => Some(self.id.to_string()),
            "displayName" => Some(self.name.clone()),
            "entityStatus" => Some(self.status.as_str().to_owned()),
            _ => None,
        }
    }
}

impl Entity for InsertionOrder {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn deleted(&self) -> bool {
        self.deleted
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "campaignId" => Some(self.campaign_id.to_string()),
            "displayName" => Some(self.name.clone()),
            "entityStatus" => Some(self.status.as_str().to_owned()),
            _ => None,
        }
    }
}

impl Entity for LineItem {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn deleted(&self) -> bool {
        self.deleted
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "campaignId" => Some(self.campaign_id.to_string()),
            "displayName" => Some(self.name.clone()),
            "entityStatus" => Some(self.status.as_str().to_owned()),
            "insertionOrderId" => Some(self.insertion_order_id.to_string()),
            "lineItemId" => Some(self.id.to_string()),
            "lineItemType" => Some(self.kind.to_owned()),
            _ => None,
        }
    }
}

impl Entity for Creative {
    fn id(&self) -> u64 {
        self.id
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn field(&self, name: &str) -> Option<String> {
        match name {
            "creativeId" => Some(self.id.to_string()),
            "creativeType" => Some(self.kind.to_owned()),
            "entityStatus" => Some("ENTITY_STATUS_ACTIVE".to_owned()),
            "createTime" => Some(self.updated_at.to_rfc3339()),
            _ => None,
        }
    }
}

//! A naming convention as a document: which fields a name is made of, in which order, and what must
//! hold between them.
//!
//! A convention is data. What is not in this vocabulary cannot be said, so a convention is checked
//! before it is used, and compiled once before it checks names.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Display & Video 360 takes no longer name (`displayName` of API v4).
pub const MOST_NAME_BYTES: u16 = 240;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Convention {
    /// What people call it.
    pub title: String,
    /// The level of entities whose names it is for.
    pub level: Level,
    #[serde(default)]
    pub scope: Scope,
    /// What stands between two fields: one to three characters, such as `_` or ` | `.
    pub delimiter: String,
    /// Before a delimiter that belongs to a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escape: Option<char>,
    #[serde(default)]
    pub case: Case,
    /// Whether letters with accents and other signs beyond ASCII are refused.
    #[serde(default)]
    pub ascii_only: bool,
    #[serde(default = "most_name_bytes")]
    pub max_bytes: u16,
    #[serde(default)]
    pub unique: Unique,
    pub fields: Vec<Field>,
    #[serde(default)]
    pub rules: Vec<Rule>,
}

const fn most_name_bytes() -> u16 {
    MOST_NAME_BYTES
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = NamingLevel)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Campaign,
    InsertionOrder,
    LineItem,
    Creative,
}

/// Which entities of the level it is for; empty: all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingScope)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    pub advertiser_ids: Vec<String>,
    pub campaign_ids: Vec<String>,
    /// Entities made from this day on, in the advertiser's zone.
    pub from: Option<NaiveDate>,
    /// Entities made up to this day.
    pub to: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingCase)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// `us` is not `US`.
    #[default]
    Exact,
    /// Capital letters do not matter.
    Any,
}

/// Among which names a name may occur once only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingUnique)]
#[serde(rename_all = "snake_case")]
pub enum Unique {
    #[default]
    No,
    InParent,
    InAdvertiser,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingField)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Lower case letters, digits and `_`; unique within the convention.
    pub name: String,
    #[serde(default)]
    pub presence: Presence,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingPresence)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    #[default]
    Required,
    /// May be left out together with its delimiter.
    Optional,
    /// Once or several times in a row, each with its delimiter.
    Repeated,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingKind)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    Picklist {
        values: Vec<Choice>,
    },
    /// A regular expression for the whole value, matched in linear time.
    Pattern {
        pattern: String,
    },
    /// `YYYYMMDD`, `DDMMMYY`, `YYYY-MM-DD`, `YYYYQQ` and whatever else those letters can say.
    Date {
        format: String,
    },
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u64>,
        /// Exactly so many digits, with zeros in front.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digits: Option<u8>,
    },
    /// The entity's own figure, such as its advertiser's id.
    Reference {
        attribute: Attribute,
    },
    Text {
        #[serde(default = "one")]
        min: u16,
        #[serde(default = "most_name_bytes")]
        max: u16,
    },
}

const fn one() -> u16 {
    1
}

/// A value of a picklist: its code stands in the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingChoice)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub code: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Known wrong spellings; each is suggested to become the code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// What an entity says of itself outside its name.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = NamingAttribute)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    EntityId,
    AdvertiserId,
    AdvertiserName,
    CampaignId,
    InsertionOrderId,
    Currency,
    FlightStart,
    FlightEnd,
}

impl Attribute {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EntityId => "entity id",
            Self::AdvertiserId => "advertiser id",
            Self::AdvertiserName => "advertiser name",
            Self::CampaignId => "campaign id",
            Self::InsertionOrderId => "insertion order id",
            Self::Currency => "currency",
            Self::FlightStart => "first flight day",
            Self::FlightEnd => "last flight day",
        }
    }

    pub const fn is_date(self) -> bool {
        matches!(self, Self::FlightStart | Self::FlightEnd)
    }
}

/// What must hold besides each field for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingRule)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// If a field has one of these codes, another must have one of those.
    Implies {
        field: String,
        codes: Vec<String>,
        then_field: String,
        then_codes: Vec<String>,
    },
    /// If a field has one of these codes, another must be there.
    Needs {
        field: String,
        codes: Vec<String>,
        then_field: String,
    },
    /// If a field has one of these codes, another must be left out.
    Excludes {
        field: String,
        codes: Vec<String>,
        then_field: String,
    },
    /// The field says what the parent's name says in its field of that name.
    SameAsParent { field: String, parent_field: String },
    /// The whole name begins with the parent's.
    BeginsWithParent,
    /// The field agrees with what the entity says of itself: a date with a flight, a code with a
    /// currency.
    Agrees { field: String, attribute: Attribute },
}

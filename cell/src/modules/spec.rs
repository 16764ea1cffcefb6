//! What a module says of itself in its `spec.json`: what it reads, who may do what, and the settings
//! an org begins with, by the kind of agency it is.

use std::collections::BTreeMap;

use contracts::Action;
use contracts::config_docs::overlay;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The name of its folder, of its routes and of its tag in the API's description.
    pub module: String,
    /// One higher with each change that gives other results from the same data: all is run again.
    pub version: u32,
    pub title: String,
    pub description: String,
    pub inputs: Vec<Input>,
    pub permissions: Permissions,
    pub on_from_the_start: bool,
    /// The settings, whole.
    pub defaults: Value,
    /// What is different for whom.
    #[serde(default)]
    pub templates: BTreeMap<Template, Value>,
}

/// What the results are made from. A module runs again when one of them has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModuleInput)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Daily facts by line item.
    LineItemDays,
    /// Campaigns, orders, line items and creatives, with their history.
    Entities,
}

/// Who may see the results, and who may change what they depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    pub read: Action,
    pub configure: Action,
}

/// Kinds of agencies that want different settings.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = ModuleTemplate)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// Buys for reach and presence: budgets are promises.
    Brand,
    /// Buys for results: budgets follow them.
    Performance,
    /// Buys for itself.
    InHouse,
}

impl Template {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Performance => "performance",
            Self::InHouse => "in_house",
        }
    }

    pub(super) fn find(text: &str) -> Option<Self> {
        let all = [Self::Brand, Self::Performance, Self::InHouse];
        all.into_iter().find(|one| one.as_str() == text)
    }
}

impl Spec {
    /// Written by us; the tests read every one.
    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).expect("the tests read the spec of every module")
    }

    /// What an org's own settings are laid over.
    pub fn base(&self, template: Option<Template>) -> Value {
        let differs = template.and_then(|template| self.templates.get(&template));
        differs.map_or_else(
            || self.defaults.clone(),
            |differs| overlay(&self.defaults, differs),
        )
    }

    pub fn reads(&self, input: Input) -> bool {
        self.inputs.contains(&input)
    }
}

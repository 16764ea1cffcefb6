//! Which names are held to their convention.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NamingSettings)]
pub struct Settings {
    /// Also names of what is paused.
    pub check_paused: bool,
    /// Also names of what was never started.
    pub check_drafts: bool,
    /// Also names of what is archived.
    pub check_archived: bool,
    /// Say of each wrong name what was probably meant.
    pub suggest: bool,
}

impl Settings {
    pub(super) fn checks(self, entity_status: &str) -> bool {
        match entity_status {
            "paused" => self.check_paused,
            "draft" => self.check_drafts,
            "archived" | "scheduled_for_deletion" => self.check_archived,
            _ => true,
        }
    }
}

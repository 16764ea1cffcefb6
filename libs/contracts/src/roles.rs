//! Who may do what in an org: a closed set of roles and actions and one table between them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A member's role in an org.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Analyst,
    Admin,
    Owner,
}

/// Something a member may be allowed to do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read dashboards, results and their explanations.
    Read,
    /// Start a sync by hand.
    StartSync,
    /// Connect, change and remove connections.
    ManageConnections,
    /// Change pipelines, and switch them on and off.
    ManagePipelines,
    /// Change settings of modules and of the org.
    ManageSettings,
    /// Invite and remove members, change roles below one's own.
    ManageMembers,
    /// Give the org to somebody else or end it.
    OwnOrg,
}

impl Action {
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::StartSync,
        Self::ManageConnections,
        Self::ManagePipelines,
        Self::ManageSettings,
        Self::ManageMembers,
        Self::OwnOrg,
    ];

    /// The least role that may do this; every role above it may too.
    pub const fn least_role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::StartSync => Role::Analyst,
            Self::ManageConnections
            | Self::ManagePipelines
            | Self::ManageSettings
            | Self::ManageMembers => Role::Admin,
            Self::OwnOrg => Role::Owner,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::StartSync => "start_sync",
            Self::ManageConnections => "manage_connections",
            Self::ManagePipelines => "manage_pipelines",
            Self::ManageSettings => "manage_settings",
            Self::ManageMembers => "manage_members",
            Self::OwnOrg => "own_org",
        }
    }
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Analyst, Self::Admin, Self::Owner];

    pub fn allows(self, action: Action) -> bool {
        self >= action.least_role()
    }

    pub fn actions(self) -> Vec<Action> {
        Action::ALL
            .into_iter()
            .filter(|action| self.allows(*action))
            .collect()
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Analyst => "analyst",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of owner, admin, analyst, viewer")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(RoleError)
    }
}

#[cfg(test)]
mod tests;

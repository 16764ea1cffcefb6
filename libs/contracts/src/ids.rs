//! Typed ids: UUIDv7 inside, a prefix and 32 hex digits in print (`org_0192f3…`).
//!
//! The prefix is part of the text form on every wire, so an id of the wrong kind never parses.
//! Databases keep the plain `uuid`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id like {expected}_0192f3a4b5c67d8e9fa0b1c2d3e4f506")]
pub struct IdError {
    expected: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id; ids made later sort later.
            #[expect(clippy::new_without_default, reason = "a default id would hide a missing one")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::deserialize(deserializer)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

/// Only the one canonical spelling is accepted: lower-case hex without hyphens.
fn parse(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let error = IdError { expected: prefix };
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(error.clone())?;
    let canonical = digits.len() == 32
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !canonical {
        return Err(error);
    }
    Uuid::try_parse(digits).map_err(|_| error)
}

id!(/// A tenant: the unit of isolation, placement and moving.
    OrgId, "org");
id!(/// One full copy of the app with its own Postgres and Redis.
    CellId, "cell");
id!(/// A person; belongs to any number of orgs.
    UserId, "user");
id!(/// A signed-in browser.
    SessionId, "session");
id!(/// A durable operation of global-control.
    OperationId, "operation");
id!(/// One org from a source cell to a target cell.
    MoveId, "move");
id!(/// One router process.
    RouterId, "router");
id!(/// An org's configured connector.
    ConnectionId, "connection");
id!(/// One run that brings data in.
    SyncId, "sync");
id!(/// A range of days that is brought in on demand.
    BackfillId, "backfill");
id!(/// Queued work.
    JobId, "job");
id!(/// Calls of a provider's quota that a cell has borrowed.
    LeaseId, "lease");
id!(/// A stored raw file.
    BronzeId, "bronze");
id!(/// Stored files read once more.
    ReplayId, "replay");
id!(/// An entry of an audit log.
    AuditId, "audit");
id!(/// One request, from the router to the last log line.
    RequestId, "request");

#[cfg(test)]
mod tests;

//! Conventions as the API tells of them.

use chrono::{DateTime, Utc};
use contracts::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kept, try_document};
use crate::documents::{Change, Document, Finding, diff};
use crate::modules::taxonomy::convention::Convention;
use crate::modules::taxonomy::names::http::NameAnswer;

#[derive(Debug, Serialize, ToSchema)]
pub struct NamingConventionList {
    pub items: Vec<ConventionAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamingConventionEntry)]
pub struct ConventionAnswer {
    pub convention_id: Uuid,
    /// Raised by each change; also the etag, which a change is made on.
    pub version: u32,
    /// As it was written; absent: it was taken away.
    pub document: Option<Document>,
    /// As it is read; absent if this version cannot use it.
    pub convention: Option<Convention>,
    pub problems: Vec<Finding>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NamingConventionVersionList {
    pub items: Vec<NamingConventionVersion>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NamingConventionVersion {
    pub version: u32,
    pub document: Option<Document>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
    /// From the version before.
    pub diff: Vec<Change>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NamingConventionTrial {
    pub valid: bool,
    pub problems: Vec<Finding>,
    /// On the org's own names; absent if the document cannot be used.
    pub preview: Option<NamingPreview>,
}

/// How names of the level would stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamingPreview {
    /// Names that it would be for.
    pub names: u64,
    pub compliant: u64,
    /// Of the same names, those that keep to what is in force for them now.
    pub compliant_now: u64,
    /// Those that would be wrong, or some of them.
    pub wrong: Vec<NameAnswer>,
    /// Some of those that would be right.
    pub right: Vec<String>,
}

impl ConventionAnswer {
    pub(super) fn new(kept: Kept) -> Self {
        let tried = kept
            .document
            .as_ref()
            .map(|one| try_document(one, None, &[]));
        let (convention, problems) = tried.unwrap_or_default();
        Self {
            convention_id: kept.convention_id,
            version: kept.version,
            document: kept.document.map(Document),
            convention,
            problems,
            comment: kept.comment,
            changed_by: kept.changed_by,
            changed_at: kept.changed_at,
        }
    }
}

impl NamingConventionVersion {
    pub(super) fn new(this: &Kept, before: Option<&Kept>) -> Self {
        let whole = |kept: Option<&Kept>| {
            kept.and_then(|one| one.document.clone())
                .unwrap_or_default()
        };
        Self {
            version: this.version,
            document: this.document.clone().map(Document),
            comment: this.comment.clone(),
            changed_by: this.changed_by,
            changed_at: this.changed_at,
            diff: diff(&whole(before), &whole(Some(this))),
        }
    }
}

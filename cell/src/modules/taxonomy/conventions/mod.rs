//! The conventions of an org: documents with a history, each for some of its entities. Nothing is
//! overwritten, and no two in force say equally much about one entity.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::compiled::Compiled;
use super::convention::{Convention, Level, Scope};
use super::examine::examine;
use crate::documents::finding::first_error;
use crate::documents::{self, Finding, Findings, prevents};
use crate::modules::run;
use crate::tenancy::{self, OrgTx};

pub mod http;

mod answers;

pub(super) mod store;

#[cfg(test)]
mod tests;

/// Ten fields of five hundred codes with labels and aliases.
pub const MOST_BYTES: usize = 512 << 10;
const MOST_CONVENTIONS: usize = 100;

/// A version, as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub convention_id: Uuid,
    pub version: u32,
    /// Nothing: it was taken away.
    pub document: Option<Value>,
    pub comment: String,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
}

/// One that holds.
#[derive(Debug)]
pub struct InForce {
    pub convention_id: Uuid,
    pub version: u32,
    pub compiled: Compiled,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such convention")]
    NotFound,
    #[error("somebody changed it in the meantime: its version is {0}")]
    Changed(u32),
    #[error("the convention cannot be used like this: {}", first_error(.0))]
    Invalid(Vec<Finding>),
    #[error("an org has at most {MOST_CONVENTIONS} conventions")]
    TooMany,
    #[error(transparent)]
    Module(#[from] crate::modules::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// A wish to change a convention.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewVersion<'a> {
    pub(super) convention_id: Uuid,
    /// Nothing: take it away.
    pub(super) document: Option<&'a Value>,
    pub(super) comment: &'a str,
    /// Which version the person saw; 0: it is new.
    pub(super) expected_version: u32,
    pub(super) changed_by: UserId,
}

impl Scope {
    /// Whether it is for an entity of this advertiser and campaign, made on this day.
    pub fn holds(
        &self,
        advertiser: &str,
        campaign: Option<&str>,
        made_on: Option<NaiveDate>,
    ) -> bool {
        let lists = |ids: &[String], id: Option<&str>| {
            ids.is_empty() || id.is_some_and(|id| ids.iter().any(|one| one == id))
        };
        let from = self
            .from
            .is_none_or(|from| made_on.is_some_and(|made| from <= made));
        let to = self
            .to
            .is_none_or(|to| made_on.is_none_or(|made| made <= to));
        lists(&self.advertiser_ids, Some(advertiser))
            && lists(&self.campaign_ids, campaign)
            && from
            && to
    }

    /// One that names campaigns says more than one that names advertisers.
    pub fn nearness(&self) -> u8 {
        match (self.campaign_ids.is_empty(), self.advertiser_ids.is_empty()) {
            (false, _) => 2,
            (true, false) => 1,
            (true, true) => 0,
        }
    }

    /// Whether some entity could be in both, with nothing to tell which counts.
    pub fn overlaps(&self, other: &Self) -> bool {
        let meet = |one: &[String], other: &[String]| {
            one.is_empty() || other.is_empty() || one.iter().any(|id| other.contains(id))
        };
        let first = self.from.max(other.from);
        let last = [self.to, other.to].into_iter().flatten().min();
        let days = first.zip(last).is_none_or(|(first, last)| first <= last);
        self.nearness() == other.nearness()
            && meet(&self.advertiser_ids, &other.advertiser_ids)
            && meet(&self.campaign_ids, &other.campaign_ids)
            && days
    }
}

/// Reads a document and says what is wrong with it, by itself and beside the others in force.
pub(super) fn try_document(
    document: &Value,
    id: Option<Uuid>,
    others: &[InForce],
) -> (Option<Convention>, Vec<Finding>) {
    let convention: Convention = match documents::read(document, MOST_BYTES) {
        Ok(convention) => convention,
        Err(finding) => return (None, vec![finding]),
    };
    let mut found = Findings::default();
    found.extend(examine(&convention));
    for other in others
        .iter()
        .filter(|other| Some(other.convention_id) != id)
    {
        let theirs = &other.compiled.convention;
        if theirs.level == convention.level && theirs.scope.overlaps(&convention.scope) {
            let message = format!(
                "{:?} is for some of the same entities; name other ones or other days",
                theirs.title
            );
            found.error("/scope", message);
        }
    }
    (Some(convention), found.into_vec())
}

/// Everything that holds, compiled. A document that this version cannot use holds no more, which its
/// page tells.
pub(super) async fn list_in_force(tx: &mut OrgTx) -> Result<Vec<InForce>, sqlx::Error> {
    let kept = store::list_newest(tx).await?;
    Ok(kept.iter().filter_map(compile).collect())
}

fn compile(kept: &Kept) -> Option<InForce> {
    let convention = documents::read(kept.document.as_ref()?, usize::MAX).ok()?;
    Some(InForce {
        convention_id: kept.convention_id,
        version: kept.version,
        compiled: Compiled::new(convention).ok()?,
    })
}

/// Keeps a new version, and has all names looked at again.
pub(super) async fn put(tx: &mut OrgTx, new: NewVersion<'_>) -> Result<Kept, Error> {
    store::lock(tx).await?;
    let all = store::list_newest(tx).await?;
    let known = all
        .iter()
        .find(|one| one.convention_id == new.convention_id);
    let version = known.map_or(0, |one| one.version);
    if known.is_none() && new.expected_version > 0 {
        return Err(Error::NotFound);
    }
    if new.expected_version != version {
        return Err(Error::Changed(version));
    }
    if let Some(document) = new.document {
        let others: Vec<InForce> = all.iter().filter_map(compile).collect();
        let (_, found) = try_document(document, Some(new.convention_id), &others);
        if prevents(&found) {
            return Err(Error::Invalid(found));
        }
        if known.is_none() && others.len() >= MOST_CONVENTIONS {
            return Err(Error::TooMany);
        }
    }
    let kept = store::insert(tx, &new, version + 1).await?;
    run::enqueue(tx).await?;
    Ok(kept)
}

/// What results depend on: every convention in force, by version.
pub(super) async fn setup(tx: &mut OrgTx) -> Result<String, sqlx::Error> {
    let kept = store::list_newest(tx).await?;
    let in_force = kept.iter().filter(|one| one.document.is_some());
    let named = in_force.map(|one| format!("{}@{}", one.convention_id, one.version));
    Ok(named.collect::<Vec<_>>().join(" "))
}

impl Level {
    pub const ALL: [Self; 4] = [
        Self::Campaign,
        Self::InsertionOrder,
        Self::LineItem,
        Self::Creative,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::InsertionOrder => "insertion_order",
            Self::LineItem => "line_item",
            Self::Creative => "creative",
        }
    }

    pub(super) fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

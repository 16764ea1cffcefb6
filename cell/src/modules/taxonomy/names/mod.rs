//! The org's own names against its conventions: which convention a name is for, what is wrong with
//! it, and how names stood at the end of each day. Pure; `store` reads and keeps.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::check::{Code, Issue};
use super::compiled::Compiled;
use super::convention::{Case, Level, Unique};
use super::conventions::InForce;
use super::settings::Settings;
use super::subject::{Attributes, Parent, Subject};
use super::suggest::Suggestion;

pub mod http;

pub mod export;

pub(super) mod store;

mod trend;

#[cfg(test)]
mod tests;

pub(super) use trend::{Day, Past, trend};

/// An entity with all that a convention may compare its name with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub dsp: String,
    pub level: Level,
    pub entity_id: String,
    pub name: String,
    pub entity_status: String,
    pub advertiser_id: String,
    pub advertiser_name: String,
    pub currency: String,
    pub campaign_id: Option<String>,
    pub insertion_order_id: Option<String>,
    pub flight: Option<(NaiveDate, NaiveDate)>,
    /// The day it was first seen, in the advertiser's zone.
    pub made_on: Option<NaiveDate>,
}

impl Named {
    /// Ids are unique within a platform and level.
    pub(super) fn key(&self) -> String {
        format!("{}/{}/{}", self.dsp, self.level.as_str(), self.entity_id)
    }

    /// What is not known is held against no name.
    fn attributes(&self) -> Attributes<'_> {
        fn known(text: &str) -> Option<&str> {
            (!text.is_empty()).then_some(text)
        }
        Attributes {
            entity_id: known(&self.entity_id),
            advertiser_id: known(&self.advertiser_id),
            advertiser_name: known(&self.advertiser_name),
            campaign_id: self.campaign_id.as_deref(),
            insertion_order_id: self.insertion_order_id.as_deref(),
            currency: known(&self.currency),
            flight: self.flight,
        }
    }

    /// What it is in: the level and id of its parent.
    pub(super) fn parent(&self) -> Option<(Level, &str)> {
        match self.level {
            Level::InsertionOrder => Some((Level::Campaign, self.campaign_id.as_deref()?)),
            Level::LineItem => Some((Level::InsertionOrder, self.insertion_order_id.as_deref()?)),
            Level::Campaign | Level::Creative => None,
        }
    }

    /// Of a campaign, itself.
    fn campaign(&self) -> Option<&str> {
        match self.level {
            Level::Campaign => Some(&self.entity_id),
            _ => self.campaign_id.as_deref(),
        }
    }
}

/// A name as it was found.
#[derive(Debug, Clone)]
pub struct Judged<'e> {
    pub entity: &'e Named,
    /// None: no convention is for it.
    pub by: Option<&'e InForce>,
    pub issues: Vec<Issue>,
    pub suggestions: Vec<Suggestion>,
}

impl Judged<'_> {
    pub fn compliant(&self) -> Option<bool> {
        self.by.map(|_| self.issues.is_empty())
    }
}

/// All names of an advertiser, or of several, with the conventions that may be for them.
pub struct Names<'e> {
    entities: &'e [Named],
    conventions: &'e [InForce],
    settings: Settings,
    /// What stands above names is read, whether or not it is checked.
    parents: Parents<'e>,
}

type Parents<'e> = HashMap<(Level, &'e str), Parent<'e>>;

impl<'e> Names<'e> {
    pub fn new(entities: &'e [Named], conventions: &'e [InForce], settings: Settings) -> Self {
        Self {
            parents: parents(entities, conventions),
            entities,
            conventions,
            settings,
        }
    }

    pub fn judge(&self) -> Vec<Judged<'e>> {
        let mut judged: Vec<Judged<'e>> = self
            .entities
            .iter()
            .filter(|one| self.settings.checks(&one.entity_status))
            .map(|entity| self.judge_one(entity))
            .collect();
        find_same(&mut judged);
        judged
    }

    /// What a name was probably meant to be.
    pub fn suggest(&self, one: &Judged<'_>) -> Vec<Suggestion> {
        let subject = self.subject(one.entity, &one.entity.name);
        one.by
            .map_or_else(Vec::new, |by| by.compiled.suggest(&subject))
    }

    /// The entity as its convention sees it, under this name.
    pub(super) fn subject<'s>(&'s self, entity: &'s Named, name: &'s str) -> Subject<'s> {
        Subject {
            name,
            attributes: entity.attributes(),
            parent: entity.parent().and_then(|parent| self.parents.get(&parent)),
        }
    }

    fn judge_one(&self, entity: &'e Named) -> Judged<'e> {
        let by = choose(self.conventions, entity);
        let mut judged = Judged {
            entity,
            by,
            issues: Vec::new(),
            suggestions: Vec::new(),
        };
        let Some(by) = by else { return judged };
        judged.issues = by.compiled.check(&self.subject(entity, &entity.name));
        if self.settings.suggest && !judged.issues.is_empty() {
            judged.suggestions = self.suggest(&judged);
        }
        judged
    }
}

/// What names say by the conventions of their own.
fn parents<'e>(entities: &'e [Named], conventions: &'e [InForce]) -> Parents<'e> {
    let above = entities
        .iter()
        .filter(|one| matches!(one.level, Level::Campaign | Level::InsertionOrder));
    let read = above.map(|entity| {
        let name = entity.name.as_str();
        let values = choose(conventions, entity).map_or_else(Vec::new, |by| {
            by.compiled.read(&Subject {
                name,
                attributes: entity.attributes(),
                parent: None,
            })
        });
        (
            (entity.level, entity.entity_id.as_str()),
            Parent { name, values },
        )
    });
    read.collect()
}

/// The convention that says most about where the entity is. No two say equally much: that is
/// refused when they are kept.
pub(super) fn choose<'c>(conventions: &'c [InForce], entity: &Named) -> Option<&'c InForce> {
    let fits = |one: &&InForce| {
        let convention = &one.compiled.convention;
        convention.level == entity.level
            && convention
                .scope
                .holds(&entity.advertiser_id, entity.campaign(), entity.made_on)
    };
    let fitting = conventions.iter().filter(fits);
    fitting.max_by_key(|one| one.compiled.convention.scope.nearness())
}

/// Names that may occur once only, and do not.
fn find_same(judged: &mut [Judged<'_>]) {
    let mut first: HashMap<(Level, &str, &str, Cow<'_, str>), usize> = HashMap::new();
    let mut same: Vec<(usize, usize)> = Vec::new();
    for (at, one) in judged.iter().enumerate() {
        let Some(key) = unique_key(one.by.map(|by| &by.compiled), one.entity, &one.entity.name)
        else {
            continue;
        };
        match first.get(&key) {
            Some(other) => same.push((*other, at)),
            None => _ = first.insert(key, at),
        }
    }
    let say = |judged: &mut [Judged<'_>], at: usize, other: usize| {
        let message = format!("{} has the same name", judged[other].entity.entity_id);
        // Both of a pair are told of; of many, each of the first one.
        let known = judged[at]
            .issues
            .iter()
            .any(|one| one.code == Code::NotUnique);
        if !known {
            judged[at].issues.push(Issue {
                code: Code::NotUnique,
                field: None,
                position: None,
                value: None,
                message,
            });
        }
    };
    for (one, other) in same {
        say(judged, one, other);
        say(judged, other, one);
    }
}

/// Names that are equal by this key are the same; none where that is allowed.
pub(super) fn unique_key<'n>(
    compiled: Option<&Compiled>,
    entity: &'n Named,
    name: &'n str,
) -> Option<(Level, &'n str, &'n str, Cow<'n, str>)> {
    let convention = &compiled?.convention;
    let within = match convention.unique {
        Unique::No => return None,
        Unique::InAdvertiser => "",
        Unique::InParent => entity.parent().map_or("", |(_, id)| id),
    };
    let name = match convention.case {
        Case::Exact => Cow::Borrowed(name),
        Case::Any => Cow::Owned(name.to_lowercase()),
    };
    Some((convention.level, &entity.advertiser_id, within, name))
}

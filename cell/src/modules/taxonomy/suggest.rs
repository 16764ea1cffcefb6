//! What a wrong name was probably meant to be: at most three whole names that keep to the
//! convention, the likeliest first, each with what was changed and how sure that is.
//!
//! The name is cut into parts in several ways (as it is, cleaned, at other separators, with a lost
//! delimiter put back, in another order); each way is laid along the fields by the cost of the
//! repairs it needs. Nothing is ever applied: sources are read only.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::align::{Alignment, EXTRA, MISSING, MISSING_AND_KNOWN, Slot, WRONG, align};
use super::compiled::{Compiled, Matcher};
use super::convention::{Attribute, Kind, Presence, Rule};
use super::repair::{Repair, repairs};
use super::subject::Subject;

mod cuts;

use cuts::Cut;

/// So many names are suggested.
const MOST: usize = 3;
/// Longer names are not cut any further; nobody has made them by a slip.
const LONGEST: usize = 1_000;
/// With more parts than this a name is of no convention.
const MOST_PARTS: usize = 48;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = NamingConfidence)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess among others.
    Low,
    Medium,
    /// Nothing else comes near.
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingRepair)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Spaces, quotes or unseen signs are gone.
    Cleaned,
    /// Capital letters, accents or signs.
    Case,
    /// A spelling that is known to mean this.
    Alias,
    /// The nearest value by letters.
    Nearest,
    /// The same date or number, as the convention writes it.
    Rewritten,
    /// What the entity says of itself.
    OfTheEntity,
    /// What the parent's name says.
    OfTheParent,
    /// It can be nothing else.
    OnlyChoice,
    /// It belongs to no field.
    Removed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingSuggestion)]
pub struct Suggestion {
    pub name: String,
    pub confidence: Confidence,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingChange)]
pub struct Change {
    /// None where a part is removed.
    pub field: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub why: Why,
}

/// What is known to repair a part as a field: most ways to cut a name share most parts.
type Known = HashMap<(usize, String), Vec<Repair>>;

/// A way to read the name, with what it costs.
struct Reading<'n> {
    cut: Cut<'n>,
    laid: Alignment,
    /// For each part its repairs as the field it was laid along.
    repairs: Vec<Vec<Repair>>,
    cost: u32,
}

impl Compiled {
    /// Nothing for a name that is right, and nothing where no whole name can be told.
    pub fn suggest(&self, subject: &Subject<'_>) -> Vec<Suggestion> {
        if subject.name.len() > LONGEST || self.check(subject).is_empty() {
            return Vec::new();
        }
        let mut known = Known::new();
        let mut readings: Vec<Reading<'_>> = cuts::ways(self, subject)
            .into_iter()
            .filter(|cut| cut.parts.len() <= MOST_PARTS)
            .map(|cut| self.lay_with_repairs(cut, subject, &mut known))
            .collect();
        readings.sort_by_key(|reading| reading.cost);
        let mut found: Vec<Suggestion> = Vec::new();
        for reading in &readings {
            for choice in reading.choices() {
                if found.len() == MOST {
                    return found;
                }
                let Some(one) = self.compose(reading, &choice, subject) else {
                    continue;
                };
                let new = found.iter().all(|other| other.name != one.name);
                if new && self.keeps_to(&one.name, subject) {
                    found.push(one);
                }
            }
        }
        doubt(&readings, &mut found);
        found
    }

    fn keeps_to(&self, name: &str, subject: &Subject<'_>) -> bool {
        let renamed = Subject { name, ..*subject };
        name != subject.name && self.check(&renamed).is_empty()
    }

    fn lay_with_repairs<'n>(
        &self,
        cut: Cut<'n>,
        subject: &Subject<'_>,
        known: &mut Known,
    ) -> Reading<'n> {
        let slots = self.fields.iter().enumerate().map(|(at, field)| Slot {
            presence: field.presence,
            missing: match self.known_value(at, subject) {
                Some(_) => MISSING_AND_KNOWN,
                None => MISSING,
            },
        });
        let slots: Vec<Slot> = slots.collect();
        let drift = cut.parts.len().abs_diff(slots.len()) + 1;
        let parts = &cut.parts;
        let laid = align(parts.len(), &slots, |part, field| {
            if self.fit(field, &parts[part], subject).fits() {
                return 0;
            }
            // Far from its place a part counts only if it is right as it is.
            let far = self.fixed && part.abs_diff(field) > drift;
            if far {
                return WRONG;
            }
            let found = known
                .entry((field, parts[part].to_string()))
                .or_insert_with(|| repairs(self, field, &parts[part], subject));
            found.first().map_or(WRONG, |repair| repair.cost)
        });
        let placed = laid.places.iter().zip(parts);
        let found = placed.map(|(place, part)| match place {
            Some(field) => repairs(self, *field, part, subject),
            None => Vec::new(),
        });
        Reading {
            repairs: found.collect(),
            cost: cut.cost + laid.cost,
            cut,
            laid,
        }
    }

    /// The name that comes of a reading; none if a field stays empty.
    fn compose(
        &self,
        reading: &Reading<'_>,
        choice: &[usize],
        subject: &Subject<'_>,
    ) -> Option<Suggestion> {
        let mut confidence = reading.cut.confidence;
        let mut changes = Vec::new();
        let mut values: Vec<Vec<String>> = vec![Vec::new(); self.fields.len()];
        for (at, part) in reading.cut.parts.iter().enumerate() {
            let Some(field) = reading.laid.places[at] else {
                confidence = Confidence::Low;
                changes.push(Change {
                    field: None,
                    from: Some(part.clone().into_owned()),
                    to: None,
                    why: Why::Removed,
                });
                continue;
            };
            let repair = reading.repairs[at].get(choice[at])?;
            if let Some(why) = repair.why {
                confidence = confidence.min(repair.confidence);
                changes.push(Change {
                    field: Some(self.convention.fields[field].name.clone()),
                    from: Some(part.clone().into_owned()),
                    to: Some(repair.value.clone()),
                    why,
                });
            }
            values[field].push(repair.value.clone());
        }
        for (field, values) in values.iter_mut().enumerate() {
            let optional = self.fields[field].presence == Presence::Optional;
            if !values.is_empty() || optional {
                continue;
            }
            let (value, why) = self.known_value(field, subject)?;
            confidence = confidence.min(Confidence::Medium);
            changes.push(Change {
                field: Some(self.convention.fields[field].name.clone()),
                from: None,
                to: Some(value.clone()),
                why,
            });
            values.push(value);
        }
        if changes.len() > 3 {
            confidence = confidence.min(Confidence::Medium);
        }
        let name = self.join(values.iter().flatten().map(String::as_str))?;
        Some(Suggestion {
            name,
            confidence,
            changes,
        })
    }

    /// The name of these values; none if one of them cannot stand in it.
    pub(super) fn join<'v>(&self, values: impl Iterator<Item = &'v str>) -> Option<String> {
        let mut name = String::new();
        for (at, value) in values.enumerate() {
            if at > 0 {
                name.push_str(&self.convention.delimiter);
            }
            name.push_str(&self.escape(value)?);
        }
        Some(name)
    }

    /// What a field that is missing must say, if something else says it.
    pub(super) fn known_value(&self, field: usize, subject: &Subject<'_>) -> Option<(String, Why)> {
        let name = &self.convention.fields[field].name;
        let dated = |attribute: Attribute| {
            let date = subject.attributes.date(attribute)?;
            match &self.fields[field].matcher {
                Matcher::Date(format) => Some(format.write(date)),
                _ => None,
            }
        };
        for rule in &self.convention.rules {
            match rule {
                Rule::SameAsParent {
                    field,
                    parent_field,
                } if field == name => {
                    if let Some(value) = subject.parent_value(parent_field) {
                        return Some((value.to_owned(), Why::OfTheParent));
                    }
                }
                Rule::Agrees { field, attribute } if field == name => {
                    let text = subject.attributes.text(*attribute).map(str::to_owned);
                    if let Some(value) = text.or_else(|| dated(*attribute)) {
                        return Some((value, Why::OfTheEntity));
                    }
                }
                _ => {}
            }
        }
        match &self.convention.fields[field].kind {
            Kind::Reference { attribute } => {
                let value = subject.attributes.text(*attribute)?;
                Some((value.to_owned(), Why::OfTheEntity))
            }
            Kind::Picklist { values } if values.len() == 1 => {
                Some((values[0].code.clone(), Why::OnlyChoice))
            }
            _ => None,
        }
    }
}

/// Where two readings cost nearly the same and come to different names, neither is sure. Nothing but
/// the first is ever sure.
fn doubt(readings: &[Reading<'_>], found: &mut [Suggestion]) {
    let Some((first, rest)) = found.split_first_mut() else {
        return;
    };
    let cheapest = readings.first().map_or(0, |reading| reading.cost);
    let near = readings.iter().filter(|one| one.cost <= cheapest + 1);
    let as_sure = rest.iter().any(|one| one.confidence >= first.confidence);
    if near.count() > 1 && as_sure {
        first.confidence = first.confidence.min(Confidence::Medium);
    }
    for one in rest {
        one.confidence = one.confidence.min(Confidence::Medium);
    }
}

impl Reading<'_> {
    /// Which repair to take for each part: the best of each first, then, one part at a time, the
    /// others.
    fn choices(&self) -> Vec<Vec<usize>> {
        let best = vec![0; self.repairs.len()];
        if self.laid.cost >= MISSING.min(EXTRA) * 3 {
            return Vec::new();
        }
        let mut choices = vec![best.clone()];
        for (at, repairs) in self.repairs.iter().enumerate() {
            for other in 1..repairs.len() {
                let mut choice = best.clone();
                choice[at] = other;
                choices.push(choice);
            }
        }
        choices
    }
}

//! How names stood at the end of each of the last days, told from the history of entities by the
//! conventions of now: who mends names sees it at once, and nobody has to have been watching.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::{InForce, Level, Named, Names, choose, unique_key};

/// So far back.
const DAYS: u64 = 90;

/// A name that an entity had at the end of these days, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::modules::taxonomy) struct Past {
    pub(in crate::modules::taxonomy) level: Level,
    pub(in crate::modules::taxonomy) entity_id: String,
    pub(in crate::modules::taxonomy) name: String,
    pub(in crate::modules::taxonomy) entity_status: String,
    pub(in crate::modules::taxonomy) from: NaiveDate,
    /// None: still.
    pub(in crate::modules::taxonomy) to: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(in crate::modules::taxonomy) struct Day {
    pub(in crate::modules::taxonomy) level: Level,
    pub(in crate::modules::taxonomy) date: NaiveDate,
    pub(in crate::modules::taxonomy) checked: u32,
    pub(in crate::modules::taxonomy) compliant: u32,
}

/// Days up to `last`. A name of the past is compared with what its entity says of itself now.
pub(in crate::modules::taxonomy) fn trend(
    names: &Names<'_>,
    past: &[Past],
    last: NaiveDate,
) -> Vec<Day> {
    let entities: HashMap<(Level, &str), &Named> = names
        .entities
        .iter()
        .map(|one| ((one.level, one.entity_id.as_str()), one))
        .collect();
    let mut checked: Vec<Checked<'_>> = Vec::new();
    for one in past
        .iter()
        .filter(|one| names.settings.checks(&one.entity_status))
    {
        let entity = entities.get(&(one.level, one.entity_id.as_str()));
        let Some(entity) = entity.copied() else {
            continue;
        };
        let Some(by) = choose(names.conventions, entity) else {
            continue;
        };
        let right = by
            .compiled
            .check(&names.subject(entity, &one.name))
            .is_empty();
        checked.push(Checked {
            past: one,
            entity,
            by,
            right,
        });
    }
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let begun = checked.iter().map(|one| one.past.from).min();
    let Some(begun) = begun else {
        return Vec::new();
    };
    let first = first.max(begun);
    // Between two changes every day is like the one before.
    let changes: BTreeSet<NaiveDate> = checked
        .iter()
        .flat_map(|one| {
            [
                Some(one.past.from),
                one.past.to.and_then(|to| to.succ_opt()),
            ]
        })
        .flatten()
        .collect();
    let mut days = Vec::new();
    let mut now: BTreeMap<Level, (u32, u32)> = BTreeMap::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        if date == first || changes.contains(&date) {
            now = count(&checked, date);
        }
        days.extend(now.iter().map(|(level, (checked, compliant))| Day {
            level: *level,
            date,
            checked: *checked,
            compliant: *compliant,
        }));
    }
    days
}

struct Checked<'p> {
    past: &'p Past,
    entity: &'p Named,
    by: &'p InForce,
    right: bool,
}

/// By level, how many there were at the end of the day and how many kept to their convention.
fn count(checked: &[Checked<'_>], date: NaiveDate) -> BTreeMap<Level, (u32, u32)> {
    let there =
        |one: &&Checked<'_>| one.past.from <= date && one.past.to.is_none_or(|to| date <= to);
    let mut seen = HashSet::new();
    let mut twice = HashSet::new();
    for one in checked.iter().filter(there) {
        let key = unique_key(Some(&one.by.compiled), one.entity, &one.past.name);
        if let Some(key) = key
            && !seen.insert(key.clone())
        {
            twice.insert(key);
        }
    }
    let mut counts: BTreeMap<Level, (u32, u32)> = BTreeMap::new();
    for one in checked.iter().filter(there) {
        let key = unique_key(Some(&one.by.compiled), one.entity, &one.past.name);
        let alone = key.is_none_or(|key| !twice.contains(&key));
        let count = counts.entry(one.past.level).or_default();
        count.0 += 1;
        count.1 += u32::from(one.right && alone);
    }
    counts
}

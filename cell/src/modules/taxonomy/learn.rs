//! A convention learned from names that are in use, as a proposal: people read it, change it and
//! keep it, or do not.
//!
//! The delimiter is the one that cuts most names into the same number of parts. A field is what
//! stands in one place: a date, a number, a list of values, a pattern. Names that are one part
//! shorter and right otherwise show which field may be left out.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use strsim::osa_distance;
use utoipa::ToSchema;

use super::align;
use super::compiled::{Compiled, fold};
use super::convention::{
    Case, Choice, Convention, Field, Level, MOST_NAME_BYTES, Presence, Scope, Unique,
};
use super::examine::MOST_FIELDS;
use super::subject::Subject;

mod columns;

/// Fewer names show no habit.
const FEWEST: usize = 10;
/// More are not looked at: the habit shows in these.
const MOST_NAMES: usize = 20_000;
/// Longer first, so that ` | ` is not taken for `|`.
const DELIMITERS: [&str; 13] = [
    " | ", " - ", " _ ", " / ", " > ", "_", "|", "/", ":", "~", ".", "-", " ",
];
/// A count of parts that this many names have is a habit, not a slip.
const HABIT: f64 = 0.05;
/// A field that so many names leave out may be left out.
const LEFT_OUT: f64 = 0.02;
const MOST_EXAMPLES: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = NamingProposal)]
pub struct Proposal {
    pub convention: Convention,
    /// Names that were looked at.
    pub names: u32,
    /// Those that keep to the proposal.
    pub keep: u32,
    pub fields: Vec<FieldSupport>,
    /// Some of the names that do not keep to it.
    pub exceptions: Vec<String>,
}

/// What a field was learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NamingFieldSupport)]
pub struct FieldSupport {
    pub name: String,
    /// Different values seen.
    pub distinct: u32,
    /// Names without the field.
    pub left_out: u32,
    /// The most frequent values.
    pub examples: Vec<String>,
}

/// None where the names show no convention.
pub fn learn(names: &[&str], level: Level) -> Option<Proposal> {
    let names = &names[..names.len().min(MOST_NAMES)];
    if names.len() < FEWEST {
        return None;
    }
    let (delimiter, count) = find_delimiter(names)?;
    let cut: Vec<Vec<&str>> = names
        .iter()
        .map(|name| name.split(delimiter).collect())
        .collect();
    let whole: Vec<&Vec<&str>> = cut.iter().filter(|parts| parts.len() == count).collect();
    let columns: Vec<columns::Column> = (0..count)
        .map(|at| columns::Column::learn(whole.iter().map(|parts| parts[at])))
        .collect();
    let fields = named(&columns);
    let mut convention = Convention {
        title: format!("Learned from {} names", names.len()),
        level,
        scope: Scope::default(),
        delimiter: delimiter.to_owned(),
        escape: None,
        case: Case::Exact,
        ascii_only: names.iter().all(|name| name.is_ascii()),
        max_bytes: MOST_NAME_BYTES,
        unique: Unique::No,
        fields,
        rules: Vec::new(),
    };
    let left_out = count_left_out(&convention, &cut)?;
    for (field, times) in convention.fields.iter_mut().zip(&left_out) {
        if f64::from(*times) >= LEFT_OUT * names.len() as f64 {
            field.presence = Presence::Optional;
        }
    }
    Some(proposal(convention, names, &columns, &left_out))
}

fn proposal(
    convention: Convention,
    names: &[&str],
    columns: &[columns::Column],
    left_out: &[u32],
) -> Proposal {
    let compiled = Compiled::new(convention).expect("what is learned keeps to the limits");
    let mut checker = compiled.checker();
    let (mut keep, mut exceptions) = (0, Vec::new());
    for name in names {
        if checker.check(&Subject::named(name)).is_empty() {
            keep += 1;
        } else if exceptions.len() < MOST_EXAMPLES {
            exceptions.push((*name).to_owned());
        }
    }
    let supports = compiled.convention.fields.iter().zip(columns).zip(left_out);
    let fields = supports.map(|((field, column), left_out)| FieldSupport {
        name: field.name.clone(),
        distinct: column.distinct,
        left_out: *left_out,
        examples: column.examples.clone(),
    });
    Proposal {
        fields: fields.collect(),
        names: u32::try_from(names.len()).unwrap_or(u32::MAX),
        keep,
        exceptions,
        convention: compiled.convention,
    }
}

/// The delimiter, and into how many parts it cuts a name that leaves nothing out.
fn find_delimiter<'d>(names: &[&str]) -> Option<(&'d str, usize)> {
    let mut best: Option<(f64, &str, usize)> = None;
    for delimiter in DELIMITERS {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for name in names {
            *counts
                .entry(name.matches(delimiter).count() + 1)
                .or_default() += 1;
        }
        counts.retain(|parts, _| (2..=MOST_FIELDS).contains(parts));
        let Some((modal, times)) = counts.iter().max_by_key(|(_, times)| **times) else {
            continue;
        };
        let share = *times as f64 / names.len() as f64;
        // Two counts close to each other are one habit with a field that may be left out.
        let enough = |times: usize| times as f64 >= HABIT * names.len() as f64;
        let near = counts.range(*modal..=modal + 3);
        let whole = near.rev().find(|(_, times)| enough(**times));
        let whole = whole.map_or(*modal, |(parts, _)| *parts);
        let score = share * (whole as f64).ln();
        if share >= 0.4 && best.is_none_or(|(known, ..)| score > known + 1e-9) {
            best = Some((score, delimiter, whole));
        }
    }
    best.map(|(_, delimiter, count)| (delimiter, count))
}

/// Each field by what it seems to be, or by its place.
fn named(columns: &[columns::Column]) -> Vec<Field> {
    let mut taken: HashMap<String, u32> = HashMap::new();
    let fields = columns.iter().enumerate().map(|(at, column)| {
        let name = match column.name {
            Some(name) => name.to_owned(),
            None => format!("field_{}", at + 1),
        };
        let times = taken.entry(name.clone()).or_insert(0);
        *times += 1;
        Field {
            name: match times {
                1 => name,
                times => format!("{name}_{times}"),
            },
            presence: Presence::Required,
            kind: column.kind.clone(),
        }
    });
    fields.collect()
}

/// How often each field is left out by names that are right in all other fields.
fn count_left_out(convention: &Convention, names: &[Vec<&str>]) -> Option<Vec<u32>> {
    let compiled = Compiled::new(convention.clone()).ok()?;
    let count = convention.fields.len();
    let mut left_out = vec![0; count];
    let slots = vec![Presence::Optional.into(); count];
    let nobody = Subject::default();
    for parts in names.iter().filter(|parts| parts.len() < count) {
        let laid = align::align(parts.len(), &slots, |part, field| {
            let fits = compiled.fit(field, parts[part], &nobody).fits();
            if fits { 0 } else { align::WRONG }
        });
        if laid.cost > 0 || parts.len() + 3 < count {
            continue;
        }
        for (field, times) in left_out.iter_mut().enumerate() {
            *times += u32::from(!laid.places.contains(&Some(field)));
        }
    }
    Some(left_out)
}

/// Spellings that are seldom beside one that is frequent are its aliases.
fn with_aliases(counts: &BTreeMap<&str, u32>) -> Vec<Choice> {
    let mut ordered: Vec<(&str, u32)> = counts
        .iter()
        .map(|(value, times)| (*value, *times))
        .collect();
    ordered.sort_by(|(left, one), (right, other)| other.cmp(one).then_with(|| left.cmp(right)));
    let mut choices: Vec<(Choice, u32)> = Vec::new();
    for (value, times) in ordered {
        let meant = choices.iter_mut().find(|(choice, frequent)| {
            let slip = || value.len() >= 5 && osa_distance(value, &choice.code) == 1;
            *frequent >= times.saturating_mul(20)
                && (fold(value) == fold(&choice.code)
                    || (slip() && !value.bytes().any(|one| one.is_ascii_digit())))
        });
        match meant {
            Some((choice, _)) => choice.aliases.push(value.to_owned()),
            None => choices.push((
                Choice {
                    code: value.to_owned(),
                    label: String::new(),
                    aliases: Vec::new(),
                },
                times,
            )),
        }
    }
    let mut choices: Vec<Choice> = choices.into_iter().map(|(choice, _)| choice).collect();
    choices.sort_by(|one, other| one.code.cmp(&other.code));
    choices
}

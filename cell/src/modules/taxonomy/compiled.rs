//! A convention made ready to check names with: every value is looked up or matched in linear time,
//! and nothing is allocated for a name that is right.

use std::borrow::Cow;
use std::collections::HashMap;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::convention::{Attribute, Case, Convention, Field, Kind, Presence};
use super::date_format::DateFormat;
use super::examine::{compile_pattern, examine};
use super::rules::CompiledRule;
use super::subject::Subject;
use crate::documents::{Finding, prevents};

#[derive(Debug)]
pub struct Compiled {
    pub convention: Convention,
    pub(super) fields: Vec<CompiledField>,
    pub(super) rules: Vec<CompiledRule>,
    /// Whether every field is there exactly once, so that position alone says which is which.
    pub(super) fixed: bool,
}

#[derive(Debug)]
pub(super) struct CompiledField {
    pub(super) presence: Presence,
    pub(super) matcher: Matcher,
}

#[derive(Debug)]
pub(super) enum Matcher {
    Codes(Codes),
    Pattern(Regex),
    Date(DateFormat),
    Number {
        min: u64,
        max: u64,
        digits: Option<usize>,
    },
    Reference(Attribute),
    Text {
        min: usize,
        max: usize,
    },
}

/// A picklist by its codes, and by everything that is known to mean one of them.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) codes: Vec<String>,
    /// Each code folded, for the distance to what somebody typed.
    pub(super) folded: Vec<String>,
    by_code: HashMap<Box<str>, u32>,
    /// Codes, labels and aliases without case, accents and signs; where two codes fold to the same,
    /// neither can be told.
    by_folded: HashMap<String, Option<u32>>,
    any_case: bool,
}

/// How a value fits its field: the code's number where it is of a picklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Code(u32),
    Other,
    No,
}

impl Fit {
    pub(super) fn fits(self) -> bool {
        self != Self::No
    }
}

impl Compiled {
    /// Refused with everything that is wrong with it.
    pub fn new(convention: Convention) -> Result<Self, Vec<Finding>> {
        let findings = examine(&convention);
        if prevents(&findings) {
            return Err(findings);
        }
        let any_case = convention.case == Case::Any;
        let fields: Vec<CompiledField> = convention
            .fields
            .iter()
            .map(|field| CompiledField::new(field, any_case))
            .collect();
        let fixed = fields
            .iter()
            .all(|field| field.presence == Presence::Required);
        let rules = convention
            .rules
            .iter()
            .map(|rule| CompiledRule::new(rule, &convention, &fields))
            .collect();
        Ok(Self {
            fields,
            rules,
            fixed,
            convention,
        })
    }

    /// The parts between delimiters, as they stand in the name.
    pub(super) fn split<'n>(&self, name: &'n str, parts: &mut Vec<&'n str>) {
        parts.clear();
        let delimiter = self.convention.delimiter.as_str();
        match (self.convention.escape, delimiter.as_bytes()) {
            (None, [byte]) => {
                let mut start = 0;
                for at in memchr::memchr_iter(*byte, name.as_bytes()) {
                    parts.push(&name[start..at]);
                    start = at + 1;
                }
                parts.push(&name[start..]);
            }
            (None, _) => parts.extend(name.split(delimiter)),
            (Some(escape), _) => split_escaped(name, delimiter, escape, parts),
        }
    }

    /// A value without its escapes.
    pub(super) fn unescape<'v>(&self, value: &'v str) -> Cow<'v, str> {
        match self.convention.escape {
            Some(escape) if value.contains(escape) => {
                let mut plain = String::with_capacity(value.len());
                let mut characters = value.chars();
                while let Some(one) = characters.next() {
                    let one = if one == escape {
                        characters.next().unwrap_or(one)
                    } else {
                        one
                    };
                    plain.push(one);
                }
                Cow::Owned(plain)
            }
            _ => Cow::Borrowed(value),
        }
    }

    /// A value as it stands in a name; none if it cannot, for want of an escape.
    pub(super) fn escape<'v>(&self, value: &'v str) -> Option<Cow<'v, str>> {
        let delimiter = &self.convention.delimiter;
        let Some(escape) = self.convention.escape else {
            return (!value.contains(delimiter)).then_some(Cow::Borrowed(value));
        };
        if !value.contains(escape) && !value.contains(delimiter) {
            return Some(Cow::Borrowed(value));
        }
        let mut escaped = String::with_capacity(value.len() + 4);
        for one in value.chars() {
            if one == escape || delimiter.contains(one) {
                escaped.push(escape);
            }
            escaped.push(one);
        }
        Some(Cow::Owned(escaped))
    }

    pub(super) fn fit(&self, field: usize, part: &str, subject: &Subject<'_>) -> Fit {
        let value = self.unescape(part);
        if value.is_empty() {
            return Fit::No;
        }
        self.fields[field].matcher.fit(&value, subject)
    }
}

fn split_escaped<'n>(name: &'n str, delimiter: &str, escape: char, parts: &mut Vec<&'n str>) {
    let (mut start, mut at) = (0, 0);
    while at < name.len() {
        let rest = &name[at..];
        let one = rest.chars().next().expect("there is a rest");
        if one == escape {
            at += one.len_utf8();
            at += name[at..].chars().next().map_or(0, char::len_utf8);
        } else if rest.starts_with(delimiter) {
            parts.push(&name[start..at]);
            at += delimiter.len();
            start = at;
        } else {
            at += one.len_utf8();
        }
    }
    parts.push(&name[start..]);
}

impl CompiledField {
    fn new(field: &Field, any_case: bool) -> Self {
        let matcher = match &field.kind {
            Kind::Picklist { .. } => Matcher::Codes(Codes::new(&field.kind, any_case)),
            Kind::Pattern { pattern } => {
                Matcher::Pattern(compile_pattern(pattern).expect("it was examined"))
            }
            Kind::Date { format } => {
                Matcher::Date(DateFormat::parse(format).expect("it was examined"))
            }
            Kind::Number { min, max, digits } => Matcher::Number {
                min: min.unwrap_or(0),
                max: max.unwrap_or(u64::MAX),
                digits: digits.map(usize::from),
            },
            Kind::Reference { attribute } => Matcher::Reference(*attribute),
            Kind::Text { min, max } => Matcher::Text {
                min: usize::from(*min),
                max: usize::from(*max),
            },
        };
        Self {
            presence: field.presence,
            matcher,
        }
    }
}

impl Matcher {
    pub(super) fn fit(&self, value: &str, subject: &Subject<'_>) -> Fit {
        let fits = match self {
            Self::Codes(codes) => return codes.find(value).map_or(Fit::No, Fit::Code),
            Self::Pattern(pattern) => pattern.is_match(value),
            Self::Date(format) => format.matches(value),
            Self::Number { min, max, digits } => {
                let number = parse_number(value).filter(|number| (min..=max).contains(&number));
                number.is_some() && digits.is_none_or(|digits| value.len() == digits)
            }
            // What is not known cannot be held against the name.
            Self::Reference(attribute) => {
                let known = subject.attributes.text(*attribute);
                known.is_none_or(|known| known == value)
            }
            Self::Text { min, max } => {
                let length = value.chars().count();
                (min..=max).contains(&&length) && value.trim() == value
            }
        };
        if fits { Fit::Other } else { Fit::No }
    }
}

/// Digits alone, at most eighteen.
fn parse_number(value: &str) -> Option<u64> {
    let digits = (1..=18).contains(&value.len()) && value.bytes().all(|one| one.is_ascii_digit());
    digits.then(|| value.parse().ok())?
}

impl Codes {
    fn new(kind: &Kind, any_case: bool) -> Self {
        let Kind::Picklist { values } = kind else {
            unreachable!("only picklists have codes");
        };
        let codes: Vec<String> = values.iter().map(|value| value.code.clone()).collect();
        let mut by_code = HashMap::with_capacity(codes.len());
        for (number, value) in (0..).zip(values) {
            let key = if any_case {
                value.code.to_lowercase()
            } else {
                value.code.clone()
            };
            by_code.insert(key.into_boxed_str(), number);
        }
        let numbered = || (0..).zip(values);
        let said = numbered().flat_map(|(number, value)| {
            let spellings = value.aliases.iter().chain([&value.code]);
            spellings.map(move |one| (number, one.as_str()))
        });
        // What is said outright counts before what a label only sounds like.
        let mut by_folded = fold_all(numbered().map(|(number, value)| (number, &*value.label)));
        by_folded.extend(fold_all(said));
        Self {
            folded: codes.iter().map(|code| fold(code)).collect(),
            codes,
            by_code,
            by_folded,
            any_case,
        }
    }

    pub(super) fn find(&self, value: &str) -> Option<u32> {
        if self.any_case {
            return self.by_code.get(value.to_lowercase().as_str()).copied();
        }
        self.by_code.get(value).copied()
    }

    /// By any spelling that is known to mean one code, without regard to case, accents and signs.
    pub(super) fn find_folded(&self, value: &str) -> Option<u32> {
        self.by_folded.get(&fold(value)).copied().flatten()
    }
}

/// Two that fold to the same and mean different codes mean none.
fn fold_all<'v>(spellings: impl Iterator<Item = (u32, &'v str)>) -> HashMap<String, Option<u32>> {
    let mut folded = HashMap::new();
    for (number, spelling) in spellings {
        let key = fold(spelling);
        if key.is_empty() {
            continue;
        }
        let known = folded.entry(key).or_insert(Some(number));
        if *known != Some(number) {
            *known = None;
        }
    }
    folded
}

/// Letters and digits only, in lower case and without accents.
pub(super) fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|one| !is_combining_mark(*one) && one.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

//! What one part of a name was probably meant to be, as a value of one field.
//!
//! Each repair says what it costs, so that the cheapest reading of the whole name wins, and how sure
//! it is. Sure means: no other value of the field is anywhere near.

use strsim::{jaro_winkler, osa_distance};

use super::align::WRONG;
use super::check::is_unseen;
use super::compiled::{Codes, Compiled, Matcher, fold};
use super::date_format::{self, DateFormat};
use super::subject::Subject;
use super::suggest::{Confidence, Why};

/// So many are told for one part.
const MOST: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repair {
    /// Without escapes.
    pub(super) value: String,
    pub(super) cost: u32,
    pub(super) confidence: Confidence,
    /// None where the part is right as it is.
    pub(super) why: Option<Why>,
}

impl Repair {
    fn new(value: impl Into<String>, cost: u32, confidence: Confidence, why: Why) -> Self {
        Self {
            value: value.into(),
            cost,
            confidence,
            why: Some(why),
        }
    }
}

/// The likeliest first; empty where nothing comes near.
pub(super) fn repairs(
    compiled: &Compiled,
    field: usize,
    part: &str,
    subject: &Subject<'_>,
) -> Vec<Repair> {
    let value = compiled.unescape(part);
    let matcher = &compiled.fields[field].matcher;
    let fits = |value: &str| !value.is_empty() && matcher.fit(value, subject).fits();
    if fits(&value) {
        return vec![Repair {
            value: value.into_owned(),
            cost: 0,
            confidence: Confidence::High,
            why: None,
        }];
    }
    let clean: String = value.chars().filter(|one| !is_unseen(*one)).collect();
    let clean = clean.trim_matches(|one: char| one.is_whitespace() || "\"'`".contains(one));
    if clean.is_empty() {
        return Vec::new();
    }
    if fits(clean) {
        return vec![Repair::new(clean, 2, Confidence::High, Why::Cleaned)];
    }
    match matcher {
        Matcher::Codes(codes) => codes_near(codes, clean),
        Matcher::Date(format) => dates_meant(format, clean),
        Matcher::Number { digits, .. } => number_meant(clean, *digits)
            .filter(|number| fits(number))
            .map(|number| Repair::new(number, 4, Confidence::High, Why::Rewritten))
            .into_iter()
            .collect(),
        Matcher::Reference(attribute) => {
            let known = subject.attributes.text(*attribute).unwrap_or_default();
            let (cost, confidence) = match fold(known) == fold(clean) {
                true => (3, Confidence::High),
                false => (WRONG, Confidence::Medium),
            };
            let repair = Repair::new(known, cost, confidence, Why::OfTheEntity);
            (!known.is_empty()).then_some(repair).into_iter().collect()
        }
        Matcher::Pattern(_) | Matcher::Text { .. } => [clean.to_uppercase(), clean.to_lowercase()]
            .into_iter()
            .filter(|other| fits(other))
            .map(|other| Repair::new(other, 4, Confidence::Medium, Why::Case))
            .collect(),
    }
}

fn codes_near(codes: &Codes, value: &str) -> Vec<Repair> {
    if let Some(number) = codes.find_folded(value) {
        let code = &codes.codes[number as usize];
        let same = fold(code) == fold(value);
        let why = if same { Why::Case } else { Why::Alias };
        return vec![Repair::new(code, 3, Confidence::High, why)];
    }
    let folded = fold(value);
    let length = folded.chars().count();
    // A typo is one slip in four letters; more is another word.
    let bound = length.div_ceil(4);
    // One that is two slips away still makes the nearest less sure.
    let looked_at = bound.max(2);
    let mut near: Vec<(usize, &str, &str)> = Vec::new();
    for (code, other) in codes.codes.iter().zip(&codes.folded) {
        if other.chars().count().abs_diff(length) <= looked_at {
            let distance = osa_distance(&folded, other);
            if distance <= looked_at {
                near.push((distance, code, other));
            }
        }
    }
    let alike = |other: &str| jaro_winkler(&folded, other);
    near.sort_by(|(left, _, one), (right, _, other)| {
        left.cmp(right)
            .then_with(|| alike(other).total_cmp(&alike(one)))
    });
    let second = near.get(1).map_or(usize::MAX, |(distance, ..)| *distance);
    let within = near.iter().filter(|(distance, ..)| *distance <= bound);
    within
        .take(MOST)
        .enumerate()
        .map(|(rank, (distance, code, _))| {
            let confidence = match (rank, distance) {
                (0, 1) if length >= 4 && second >= 3 => Confidence::High,
                (0, distance) if second > *distance => Confidence::Medium,
                _ => Confidence::Low,
            };
            let cost = 6 + 3 * u32::try_from(distance + rank).unwrap_or(0);
            Repair::new(*code, cost.min(WRONG - 1), confidence, Why::Nearest)
        })
        .collect()
}

/// The same day written in the format that is wanted. A day and a month that can be told from each
/// other by nothing but a guess are two repairs.
fn dates_meant(wanted: &DateFormat, value: &str) -> Vec<Repair> {
    let value = without_ordinals(&capitalised(value));
    let formats = date_format::DAYS.iter().chain(if wanted.has_day() {
        [].iter()
    } else {
        date_format::LONGER.iter()
    });
    let mut days = Vec::new();
    for format in formats {
        let format = DateFormat::parse(format).expect("these are formats");
        if let Some(span) = format.read(&value)
            && span.is_plausible()
        {
            let written = wanted.write(span.first);
            if !days.contains(&written) {
                days.push(written);
            }
        }
    }
    if let Some(span) = wanted.read(&value) {
        days = vec![wanted.write(span.first)];
    }
    let sure = days.len() == 1;
    days.into_iter()
        .take(MOST)
        .map(|day| match sure {
            true => Repair::new(day, 4, Confidence::High, Why::Rewritten),
            false => Repair::new(day, 8, Confidence::Low, Why::Rewritten),
        })
        .collect()
}

/// `01APR26` and `01apr26` as `01Apr26`, with `Q` left as it is.
fn capitalised(value: &str) -> String {
    let mut after_letter = false;
    value
        .chars()
        .map(|one| {
            let cased = if after_letter {
                one.to_ascii_lowercase()
            } else {
                one.to_ascii_uppercase()
            };
            after_letter = one.is_ascii_alphabetic();
            cased
        })
        .collect()
}

/// `1stApr` as `1Apr`; both are capitalised by now.
fn without_ordinals(value: &str) -> String {
    let mut text = value.to_owned();
    for ordinal in ["St", "Nd", "Rd", "Th"] {
        if let Some(at) = text.find(ordinal)
            && text[..at].ends_with(|one: char| one.is_ascii_digit())
        {
            text.replace_range(at..at + ordinal.len(), "");
            let rest = text.split_off(at);
            text.push_str(&capitalised(&rest));
        }
    }
    text
}

/// Without separators of thousands, with as many zeros in front as are wanted.
fn number_meant(value: &str, digits: Option<usize>) -> Option<String> {
    let plain: String = value
        .chars()
        .filter(|one| !matches!(one, ',' | '.' | '\'' | ' ' | '\u{a0}'))
        .collect();
    let plain = plain.trim_start_matches('#');
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let short = plain.trim_start_matches('0');
    let width = digits.unwrap_or(1);
    Some(format!("{short:0>width$}"))
}

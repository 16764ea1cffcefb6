//! What stands in one place of many names: a date, a number, one of a few values, a pattern, or text.

use std::collections::BTreeMap;

use contracts::Currency;

use super::super::convention::{Kind, MOST_NAME_BYTES};
use super::super::date_format::{DateFormat, LEARNED, Span};
use super::with_aliases;

/// So much of a column must be of one kind.
const NEARLY_ALL: f64 = 0.98;
const FEW_VALUES: usize = 12;
const MOST_VALUES: usize = 500;
/// Values of a list come again.
const USES: usize = 4;
const EXAMPLES: usize = 5;

/// Which part of the names has a value in the column that fits.
type Share<'s> = &'s dyn Fn(&dyn Fn(&str) -> bool) -> f64;

pub(super) struct Column {
    pub(super) kind: Kind,
    /// What it seems to be.
    pub(super) name: Option<&'static str>,
    pub(super) distinct: u32,
    pub(super) examples: Vec<String>,
}

impl Column {
    pub(super) fn learn<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut all = 0_u32;
        for value in values {
            *counts.entry(value).or_default() += 1;
            all += 1;
        }
        let mut frequent: Vec<(&str, u32)> =
            counts.iter().map(|(one, times)| (*one, *times)).collect();
        frequent.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let examples = frequent.iter().take(EXAMPLES);
        let (kind, name) = kind_of(&counts, all);
        Self {
            kind,
            name,
            distinct: u32::try_from(counts.len()).unwrap_or(u32::MAX),
            examples: examples.map(|(value, _)| (*value).to_owned()).collect(),
        }
    }
}

fn kind_of(counts: &BTreeMap<&str, u32>, all: u32) -> (Kind, Option<&'static str>) {
    let share = |fits: &dyn Fn(&str) -> bool| {
        let fitting = counts.iter().filter(|(value, _)| fits(value));
        f64::from(fitting.map(|(_, times)| times).sum::<u32>()) / f64::from(all.max(1))
    };
    if let Some(format) = date_format(&share) {
        let name = if format.contains('Q') {
            "quarter"
        } else {
            "date"
        };
        let format = format.to_owned();
        return (Kind::Date { format }, Some(name));
    }
    let usable = |value: &str| !value.is_empty() && value == value.trim();
    let listed = counts.len() <= FEW_VALUES
        || (counts.len() <= MOST_VALUES && counts.len() * USES <= all as usize);
    let digits = |value: &str| {
        (1..=18).contains(&value.len()) && value.bytes().all(|one| one.is_ascii_digit())
    };
    if share(&digits) >= NEARLY_ALL && !listed {
        let lengths: Vec<usize> = counts.keys().map(|value| value.len()).collect();
        let same = lengths.iter().all(|length| *length == lengths[0]);
        let digits = same.then(|| u8::try_from(lengths[0]).unwrap_or(18));
        let number = Kind::Number {
            min: None,
            max: None,
            digits,
        };
        return (number, Some("number"));
    }
    if listed {
        let usable: BTreeMap<&str, u32> = counts
            .iter()
            .filter(|(value, _)| usable(value))
            .map(|(value, times)| (*value, *times))
            .collect();
        if !usable.is_empty() {
            let values = with_aliases(&usable);
            let name = list_name(&usable);
            return (Kind::Picklist { values }, name);
        }
    }
    if let Some(pattern) = pattern_of(counts, &share) {
        return (Kind::Pattern { pattern }, None);
    }
    let longest = counts.keys().map(|value| value.chars().count()).max();
    let roomy = longest.unwrap_or(1).saturating_mul(2).max(10);
    let max = u16::try_from(roomy)
        .unwrap_or(MOST_NAME_BYTES)
        .min(MOST_NAME_BYTES);
    (Kind::Text { min: 1, max }, None)
}

fn date_format(share: Share<'_>) -> Option<&'static str> {
    LEARNED.into_iter().find(|format| {
        let parsed = DateFormat::parse(format).expect("these are formats");
        let plausible = |value: &str| parsed.read(value).as_ref().is_some_and(Span::is_plausible);
        share(&plausible) >= NEARLY_ALL
    })
}

fn list_name(counts: &BTreeMap<&str, u32>) -> Option<&'static str> {
    let all = |fits: &dyn Fn(&str) -> bool| counts.keys().all(|value| fits(value));
    let upper = |value: &str, length| {
        value.len() == length && value.bytes().all(|one| one.is_ascii_uppercase())
    };
    const COMMON: [&str; 12] = [
        "EUR", "USD", "GBP", "CHF", "INR", "JPY", "SEK", "NOK", "DKK", "PLN", "AUD", "CAD",
    ];
    if all(&|value| upper(value, 3) && value.parse::<Currency>().is_ok())
        && counts.keys().any(|value| COMMON.contains(value))
    {
        return Some("currency");
    }
    all(&|value| upper(value, 2)).then_some("market")
}

/// Runs of capitals, small letters and digits, if nearly all values have the same runs.
fn pattern_of(counts: &BTreeMap<&str, u32>, share: Share<'_>) -> Option<String> {
    let first = counts.keys().next()?;
    let shape = shape_of(first)?;
    if share(&|value| shape_of(value).as_ref() == Some(&shape)) < NEARLY_ALL {
        return None;
    }
    let alike: Vec<Vec<usize>> = counts
        .keys()
        .filter(|value| shape_of(value).as_ref() == Some(&shape))
        .map(|value| run_lengths(value))
        .collect();
    let mut pattern = String::new();
    for (at, class) in shape.iter().enumerate() {
        let lengths = alike.iter().map(|lengths| lengths[at]);
        let (least, most) = (lengths.clone().min()?, lengths.max()?);
        pattern.push_str(class);
        pattern.push_str(&match (least, most) {
            (1, 1) => String::new(),
            (least, most) if least == most => format!("{{{least}}}"),
            _ => "+".to_owned(),
        });
    }
    Some(pattern)
}

fn class_of(one: char) -> Option<&'static str> {
    match one {
        'A'..='Z' => Some("[A-Z]"),
        'a'..='z' => Some("[a-z]"),
        '0'..='9' => Some("[0-9]"),
        '-' => Some("-"),
        _ => None,
    }
}

/// Six runs at most: more is no pattern but text.
fn shape_of(value: &str) -> Option<Vec<&'static str>> {
    let mut shape: Vec<&'static str> = Vec::new();
    for one in value.chars() {
        let class = class_of(one)?;
        if shape.last() != Some(&class) {
            shape.push(class);
        }
    }
    (1..=6).contains(&shape.len()).then_some(shape)
}

fn run_lengths(value: &str) -> Vec<usize> {
    let mut lengths: Vec<usize> = Vec::new();
    let mut last = None;
    for one in value.chars() {
        let class = class_of(one);
        match lengths.last_mut() {
            Some(length) if class == last => *length += 1,
            _ => lengths.push(1),
        }
        last = class;
    }
    lengths
}

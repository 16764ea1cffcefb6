//! Whether a name keeps to its convention, and each thing that is wrong with it.
//!
//! A right name costs a lookup per field and allocates nothing. A name whose parts do not stand one
//! after the other is laid along the fields first, so that one part left out is said once and does
//! not make every part after it wrong.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::align::{self, Slot, align};
use super::compiled::{Compiled, Fit, Matcher};
use super::convention::{Kind, Presence};
use super::rules::Values;
use super::subject::Subject;

/// No convention has so many parts; what comes after them is not looked at.
const MOST_PARTS: usize = 64;
/// So much of a value is repeated in an issue.
const SHOWN: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingIssue)]
pub struct Issue {
    pub code: Code,
    /// The field of the convention, where there is one.
    pub field: Option<String>,
    /// Which part of the name, from 1.
    pub position: Option<u32>,
    /// What stands there.
    pub value: Option<String>,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = NamingIssueCode)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    Empty,
    TooLong,
    NotAscii,
    /// A line break or another sign that is not seen.
    ControlCharacter,
    TooManyParts,
    MissingField,
    ExtraPart,
    NotInList,
    PatternMismatch,
    NotADate,
    NotANumber,
    WrongReference,
    TextLength,
    RuleBroken,
    /// Another name is the same, where each may occur once.
    NotUnique,
}

/// Checks one name after the other with memory that it keeps.
#[derive(Debug)]
pub struct Checker<'c> {
    compiled: &'c Compiled,
    fits: Vec<Fit>,
}

impl Compiled {
    pub fn checker(&self) -> Checker<'_> {
        Checker {
            compiled: self,
            fits: Vec::with_capacity(MOST_PARTS),
        }
    }

    /// What is wrong with the name; nothing where nothing is.
    pub fn check(&self, subject: &Subject<'_>) -> Vec<Issue> {
        self.checker().check(subject)
    }

    /// The fields of a name as this convention reads it, right or wrong.
    pub fn read<'n>(&self, subject: &Subject<'n>) -> Vec<(&str, std::borrow::Cow<'n, str>)> {
        let mut parts = Vec::new();
        self.split(subject.name, &mut parts);
        parts.truncate(MOST_PARTS);
        let laid = self.lay(&parts, subject);
        let placed = laid.places.iter().zip(&parts);
        placed
            .filter_map(|(place, part)| {
                let field = self.convention.fields.get((*place)?)?;
                Some((field.name.as_str(), self.unescape(part)))
            })
            .collect()
    }

    fn lay(&self, parts: &[&str], subject: &Subject<'_>) -> align::Alignment {
        let slots: Vec<Slot> = self.fields.iter().map(|one| one.presence.into()).collect();
        align(parts.len(), &slots, |part, field| {
            match self.fit(field, parts[part], subject) {
                Fit::Code(_) | Fit::Other => 0,
                Fit::No if self.sounds_like(field, parts[part]) => align::WRONG / 2,
                Fit::No => align::WRONG,
            }
        })
    }

    fn sounds_like(&self, field: usize, part: &str) -> bool {
        match &self.fields[field].matcher {
            Matcher::Codes(codes) => codes.find_folded(part).is_some(),
            _ => false,
        }
    }
}

impl Checker<'_> {
    pub fn check(&mut self, subject: &Subject<'_>) -> Vec<Issue> {
        let (compiled, name) = (self.compiled, subject.name);
        let mut issues = check_text(compiled, name);
        let mut parts: [&str; MOST_PARTS] = [""; MOST_PARTS];
        let Some(count) = split_into(compiled, name, &mut parts) else {
            let message = format!("the name has more than {MOST_PARTS} parts");
            issues.push(Issue::of_name(Code::TooManyParts, message));
            return issues;
        };
        let parts = &parts[..count];
        if self.fit_in_place(parts, subject) {
            self.check_rules_in_place(parts, subject, &mut issues);
            return issues;
        }
        check_laid(compiled, parts, subject, &mut issues);
        issues
    }

    /// Whether each part is right for the field at its place.
    fn fit_in_place(&mut self, parts: &[&str], subject: &Subject<'_>) -> bool {
        self.fits.clear();
        if parts.len() != self.compiled.fields.len() {
            return false;
        }
        for (field, part) in parts.iter().enumerate() {
            let fit = self.compiled.fit(field, part, subject);
            if !fit.fits() {
                return false;
            }
            self.fits.push(fit);
        }
        true
    }

    fn check_rules_in_place(&self, parts: &[&str], subject: &Subject<'_>, issues: &mut Vec<Issue>) {
        if self.compiled.rules.is_empty() {
            return;
        }
        let values = parts.iter().zip(&self.fits).enumerate();
        let values: Vec<(usize, &str, Fit)> = values
            .map(|(field, (part, fit))| (field, *part, *fit))
            .collect();
        check_rules(self.compiled, subject, &values, issues);
    }
}

/// None if there are more parts than there is room for.
fn split_into<'n>(
    compiled: &Compiled,
    name: &'n str,
    parts: &mut [&'n str; MOST_PARTS],
) -> Option<usize> {
    let delimiter = compiled.convention.delimiter.as_bytes();
    if let (None, [byte]) = (compiled.convention.escape, delimiter) {
        let (mut start, mut count) = (0, 0);
        for at in memchr::memchr_iter(*byte, name.as_bytes()) {
            *parts.get_mut(count)? = &name[start..at];
            (start, count) = (at + 1, count + 1);
        }
        *parts.get_mut(count)? = &name[start..];
        return Some(count + 1);
    }
    let mut all = Vec::new();
    compiled.split(name, &mut all);
    parts.get_mut(..all.len())?.copy_from_slice(&all);
    Some(all.len())
}

fn check_text(compiled: &Compiled, name: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    let convention = &compiled.convention;
    if name.trim().is_empty() {
        issues.push(Issue::of_name(Code::Empty, "there is no name".to_owned()));
    }
    let most = usize::from(convention.max_bytes);
    if name.len() > most {
        let message = format!("the name has {} bytes and may have {most}", name.len());
        issues.push(Issue::of_name(Code::TooLong, message));
    }
    if !name.is_ascii() {
        if convention.ascii_only {
            let message = "the name has letters or signs beyond ASCII".to_owned();
            issues.push(Issue::of_name(Code::NotAscii, message));
        }
        if name.chars().any(is_unseen) {
            issues.push(Issue::of_name(Code::ControlCharacter, unseen()));
        }
    } else if name.bytes().any(|byte| byte.is_ascii_control()) {
        issues.push(Issue::of_name(Code::ControlCharacter, unseen()));
    }
    issues
}

fn unseen() -> String {
    "the name has a sign in it that is not seen, such as a line break".to_owned()
}

/// Control characters and those that only change how others look.
pub(super) fn is_unseen(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

fn check_laid(compiled: &Compiled, parts: &[&str], subject: &Subject<'_>, issues: &mut Vec<Issue>) {
    let laid = compiled.lay(parts, subject);
    let mut values = Vec::with_capacity(parts.len());
    for (at, (part, place)) in parts.iter().zip(&laid.places).enumerate() {
        let position = u32::try_from(at + 1).ok();
        let Some(field) = *place else {
            let message = format!("{:?} belongs to no field", shown(part));
            issues.push(Issue {
                field: None,
                position,
                value: Some(shown(part)),
                code: Code::ExtraPart,
                message,
            });
            continue;
        };
        let fit = compiled.fit(field, part, subject);
        values.push((field, *part, fit));
        if !fit.fits() {
            let (code, message) = wrong_value(compiled, field, part, subject);
            issues.push(Issue {
                field: Some(compiled.convention.fields[field].name.clone()),
                position,
                value: Some(shown(part)),
                code,
                message,
            });
        }
    }
    for (at, field) in compiled.convention.fields.iter().enumerate() {
        let there = laid.places.contains(&Some(at));
        if !there && field.presence != Presence::Optional {
            issues.push(Issue {
                code: Code::MissingField,
                field: Some(field.name.clone()),
                position: None,
                value: None,
                message: format!("{} is missing", field.name),
            });
        }
    }
    // Rules about what cannot be read would only say the same again.
    if values.iter().all(|(.., fit)| fit.fits()) {
        check_rules(compiled, subject, &values, issues);
    }
}

fn wrong_value(
    compiled: &Compiled,
    field: usize,
    part: &str,
    subject: &Subject<'_>,
) -> (Code, String) {
    let name = &compiled.convention.fields[field].name;
    if part.is_empty() {
        return (Code::MissingField, format!("{name} is empty"));
    }
    let value = shown(part);
    match &compiled.convention.fields[field].kind {
        Kind::Picklist { values } => {
            let message = format!("{value:?} is none of the {} values of {name}", values.len());
            (Code::NotInList, message)
        }
        Kind::Pattern { pattern } => {
            let message = format!("{value:?} does not match {pattern}, the pattern of {name}");
            (Code::PatternMismatch, message)
        }
        Kind::Date { format } => {
            let message = format!("{value:?} is no date written as {format}, as {name} is");
            (Code::NotADate, message)
        }
        Kind::Number { min, max, digits } => {
            let mut wants = digits.map_or("a number".to_owned(), |count| {
                format!("a number of {count} digits")
            });
            if let Some(min) = min {
                wants.push_str(&format!(" from {min}"));
            }
            if let Some(max) = max {
                wants.push_str(&format!(" up to {max}"));
            }
            (
                Code::NotANumber,
                format!("{value:?} is not {wants}, as {name} is"),
            )
        }
        Kind::Reference { attribute } => {
            let known = subject.attributes.text(*attribute).unwrap_or_default();
            let said = attribute.as_str();
            let message = format!("{name} says {value:?} and the {said} is {known:?}");
            (Code::WrongReference, message)
        }
        Kind::Text { min, max } => {
            let message = format!("{name} has {min} to {max} characters and no space around them");
            (Code::TextLength, message)
        }
    }
}

fn check_rules(
    compiled: &Compiled,
    subject: &Subject<'_>,
    values: &[(usize, &str, Fit)],
    issues: &mut Vec<Issue>,
) {
    let all = Values {
        subject,
        delimiter: &compiled.convention.delimiter,
        fields: &compiled.fields,
        values,
    };
    for (rule, said) in compiled.rules.iter().zip(&compiled.convention.rules) {
        if rule.holds(&all) {
            continue;
        }
        let field = rule.field();
        let value = values.iter().find(|(one, ..)| Some(*one) == field);
        issues.push(Issue {
            code: Code::RuleBroken,
            field: field.map(|field| compiled.convention.fields[field].name.clone()),
            position: None,
            value: value.map(|(_, value, _)| shown(value)),
            message: said.say(subject),
        });
    }
}

impl Issue {
    fn of_name(code: Code, message: String) -> Self {
        Self {
            code,
            field: None,
            position: None,
            value: None,
            message,
        }
    }
}

fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}

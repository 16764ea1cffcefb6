//! What must hold between fields, and between a name and the rest of its entity.

use super::compiled::{CompiledField, Fit, Matcher};
use super::convention::{Attribute, Case, Convention, Rule};
use super::subject::Subject;

#[derive(Debug)]
pub(super) enum CompiledRule {
    Implies {
        field: usize,
        codes: Vec<u32>,
        then_field: usize,
        then_codes: Vec<u32>,
    },
    Needs {
        field: usize,
        codes: Vec<u32>,
        then_field: usize,
    },
    Excludes {
        field: usize,
        codes: Vec<u32>,
        then_field: usize,
    },
    SameAsParent {
        field: usize,
        parent_field: String,
        any_case: bool,
    },
    BeginsWithParent,
    Agrees {
        field: usize,
        attribute: Attribute,
    },
}

/// The values of a name by field, in the order of the parts.
pub(super) struct Values<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) delimiter: &'a str,
    pub(super) fields: &'a [CompiledField],
    /// Field, value, and how it fits.
    pub(super) values: &'a [(usize, &'a str, Fit)],
}

impl CompiledRule {
    /// The convention has been examined: every name in it is known.
    pub(super) fn new(rule: &Rule, convention: &Convention, fields: &[CompiledField]) -> Self {
        let number = |name: &String| {
            let found = convention.fields.iter().position(|one| one.name == *name);
            found.expect("rules name fields of the convention")
        };
        let numbers = |field: usize, codes: &[String]| {
            let Matcher::Codes(known) = &fields[field].matcher else {
                unreachable!("rules with codes name picklists");
            };
            codes.iter().filter_map(|code| known.find(code)).collect()
        };
        match rule {
            Rule::Implies {
                field,
                codes,
                then_field,
                then_codes,
            } => {
                let (field, then_field) = (number(field), number(then_field));
                Self::Implies {
                    field,
                    codes: numbers(field, codes),
                    then_field,
                    then_codes: numbers(then_field, then_codes),
                }
            }
            Rule::Needs {
                field,
                codes,
                then_field,
            } => Self::Needs {
                field: number(field),
                codes: numbers(number(field), codes),
                then_field: number(then_field),
            },
            Rule::Excludes {
                field,
                codes,
                then_field,
            } => Self::Excludes {
                field: number(field),
                codes: numbers(number(field), codes),
                then_field: number(then_field),
            },
            Rule::SameAsParent {
                field,
                parent_field,
            } => Self::SameAsParent {
                field: number(field),
                parent_field: parent_field.clone(),
                any_case: convention.case == Case::Any,
            },
            Rule::BeginsWithParent => Self::BeginsWithParent,
            Rule::Agrees { field, attribute } => Self::Agrees {
                field: number(field),
                attribute: *attribute,
            },
        }
    }

    /// The field that a broken rule is held against.
    pub(super) fn field(&self) -> Option<usize> {
        match self {
            Self::Implies { then_field, .. }
            | Self::Needs { then_field, .. }
            | Self::Excludes { then_field, .. } => Some(*then_field),
            Self::SameAsParent { field, .. } | Self::Agrees { field, .. } => Some(*field),
            Self::BeginsWithParent => None,
        }
    }

    pub(super) fn holds(&self, values: &Values<'_>) -> bool {
        match self {
            Self::Implies {
                field,
                codes,
                then_field,
                then_codes,
            } => !values.has(*field, codes) || values.has(*then_field, then_codes),
            Self::Needs {
                field,
                codes,
                then_field,
            } => !values.has(*field, codes) || values.of(*then_field).next().is_some(),
            Self::Excludes {
                field,
                codes,
                then_field,
            } => !values.has(*field, codes) || values.of(*then_field).next().is_none(),
            Self::SameAsParent {
                field,
                parent_field,
                any_case,
            } => values
                .subject
                .parent_value(parent_field)
                .is_none_or(|known| {
                    let same = |value: &str| {
                        value == known
                            || (*any_case && value.to_lowercase() == known.to_lowercase())
                    };
                    values.of(*field).any(same)
                }),
            Self::BeginsWithParent => values.begin_with_parent(),
            Self::Agrees { field, attribute } => values.agree(*field, *attribute),
        }
    }
}

impl<'a> Values<'a> {
    fn of(&self, field: usize) -> impl Iterator<Item = &'a str> {
        let wanted = self.values.iter().filter(move |(one, ..)| *one == field);
        wanted.map(|(_, value, _)| *value)
    }

    fn has(&self, field: usize, codes: &[u32]) -> bool {
        self.values.iter().any(|(one, _, fit)| {
            *one == field && matches!(fit, Fit::Code(code) if codes.contains(code))
        })
    }

    fn begin_with_parent(&self) -> bool {
        let Some(parent) = self.subject.parent else {
            return true;
        };
        let rest = self.subject.name.strip_prefix(parent.name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(self.delimiter))
    }

    /// What is not known, or is no date, breaks no rule: a wrong date is an issue of its own.
    fn agree(&self, field: usize, attribute: Attribute) -> bool {
        match &self.fields[field].matcher {
            Matcher::Date(format) => {
                let Some(date) = self.subject.attributes.date(attribute) else {
                    return true;
                };
                let mut said = self.of(field).filter_map(|value| format.read(value));
                said.all(|span| span.contains(date))
            }
            _ => {
                let known = self.subject.attributes.text(attribute);
                known.is_none_or(|known| {
                    let mut said = self.of(field);
                    said.all(|value| value.eq_ignore_ascii_case(known))
                })
            }
        }
    }
}

impl Rule {
    /// The rule in words, with what the name is compared with.
    pub(super) fn say(&self, subject: &Subject<'_>) -> String {
        let list = |codes: &[String]| {
            let shown: Vec<&str> = codes.iter().take(5).map(String::as_str).collect();
            let more = if codes.len() > 5 { ", …" } else { "" };
            format!("{}{more}", shown.join(", "))
        };
        match self {
            Self::Implies {
                field,
                codes,
                then_field,
                then_codes,
            } => format!(
                "with {field} {}, {then_field} is one of {}",
                list(codes),
                list(then_codes)
            ),
            Self::Needs {
                field,
                codes,
                then_field,
            } => format!("with {field} {}, {then_field} is needed", list(codes)),
            Self::Excludes {
                field,
                codes,
                then_field,
            } => format!("with {field} {}, there is no {then_field}", list(codes)),
            Self::SameAsParent {
                field,
                parent_field,
            } => {
                let known = subject.parent_value(parent_field).unwrap_or_default();
                format!("{field} says what the parent says, {known:?}")
            }
            Self::BeginsWithParent => {
                let known = subject.parent.map(|parent| parent.name).unwrap_or_default();
                format!("the name begins with its parent's, {known:?}")
            }
            Self::Agrees { field, attribute } => {
                let known = subject.attributes.text(*attribute).map(str::to_owned);
                let date = subject.attributes.date(*attribute);
                let known = known.or(date.map(|date| date.to_string()));
                let said = attribute.as_str();
                format!(
                    "{field} agrees with the {said}, {}",
                    known.unwrap_or_default()
                )
            }
        }
    }
}

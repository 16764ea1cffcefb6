//! What is wrong with a convention itself, and where in the document: looked at before it is kept,
//! so that compiling it cannot fail and a hostile one costs nothing.

use std::collections::{HashMap, HashSet};

use regex::Regex;

use super::convention::{
    Attribute, Choice, Convention, Field, Kind, MOST_NAME_BYTES, Presence, Rule,
};
use super::date_format::DateFormat;
use crate::documents::{Finding, Findings, is_name};

pub const MOST_FIELDS: usize = 32;
pub(super) const MOST_VALUES: usize = 5_000;
const MOST_ALIASES: usize = 50;
const MOST_RULES: usize = 100;
const LONGEST_TITLE: usize = 120;
const LONGEST_PATTERN: usize = 500;
const MOST_IDS: usize = 1_000;
/// Memory that one compiled pattern may take.
const PATTERN_BYTES: usize = 256 * 1024;

/// Everything a person should know before the convention is used.
pub fn examine(convention: &Convention) -> Vec<Finding> {
    let mut found = Findings::default();
    check_head(convention, &mut found);
    let fields = &convention.fields;
    if !(1..=MOST_FIELDS).contains(&fields.len()) {
        found.error("/fields", format!("there are 1 to {MOST_FIELDS} fields"));
    }
    let mut names = HashSet::new();
    for (at, field) in fields.iter().enumerate().take(MOST_FIELDS) {
        let path = format!("/fields/{at}");
        if !is_name(&field.name) {
            let message = "a name has up to 63 lower case letters, digits and _, a letter first";
            found.error(format!("{path}/name"), message);
        }
        if !names.insert(field.name.as_str()) {
            let message = format!("there is another field {}", field.name);
            found.error(format!("{path}/name"), message);
        }
        check_kind(convention, field, &format!("{path}/kind"), &mut found);
    }
    check_neighbours(fields, &mut found);
    check_rules(convention, &mut found);
    found.into_vec()
}

fn check_head(convention: &Convention, found: &mut Findings) {
    let title = convention.title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        let message = format!("a title has 1 to {LONGEST_TITLE} characters");
        found.error("/title", message);
    }
    let delimiter = &convention.delimiter;
    let length = delimiter.chars().count();
    let word = |one: char| one.is_alphanumeric() || one.is_control();
    if !(1..=3).contains(&length) || delimiter.chars().any(word) {
        let message = "a delimiter is one to three characters, none of them a letter or a digit";
        found.error("/delimiter", message);
    }
    if let Some(escape) = convention.escape
        && (escape.is_alphanumeric() || delimiter.contains(escape) || !escape.is_ascii_graphic())
    {
        let message = "an escape is a sign of ASCII that is not part of the delimiter";
        found.error("/escape", message);
    }
    if !(1..=MOST_NAME_BYTES).contains(&convention.max_bytes) {
        let message = format!("a name has 1 to {MOST_NAME_BYTES} bytes");
        found.error("/max_bytes", message);
    }
    let scope = &convention.scope;
    if scope.advertiser_ids.len() > MOST_IDS || scope.campaign_ids.len() > MOST_IDS {
        found.error("/scope", format!("a scope lists at most {MOST_IDS} ids"));
    }
    if let (Some(from), Some(to)) = (scope.from, scope.to)
        && to < from
    {
        found.error("/scope/to", "the last day is before the first");
    }
}

fn check_kind(convention: &Convention, field: &Field, path: &str, found: &mut Findings) {
    match &field.kind {
        Kind::Picklist { values } => check_values(convention, values, path, found),
        Kind::Pattern { pattern } => {
            if let Err(reason) = compile_pattern(pattern) {
                found.error(format!("{path}/pattern"), reason);
            }
        }
        Kind::Date { format } => match DateFormat::parse(format) {
            Err(error) => found.error(format!("{path}/format"), error.to_string()),
            Ok(_) if convention.escape.is_none() && format.contains(&convention.delimiter) => {
                let message = "the format has the delimiter in it, and there is no escape";
                found.error(format!("{path}/format"), message);
            }
            Ok(_) => {}
        },
        Kind::Number { min, max, digits } => {
            if min.zip(*max).is_some_and(|(min, max)| max < min) {
                found.error(format!("{path}/max"), "the largest is below the smallest");
            }
            if digits.is_some_and(|digits| !(1..=18).contains(&digits)) {
                found.error(format!("{path}/digits"), "a number has 1 to 18 digits");
            }
        }
        Kind::Reference { attribute } => {
            if attribute.is_date() {
                let message = "a day needs a format: use a date and the rule agrees";
                found.error(format!("{path}/attribute"), message);
            }
        }
        Kind::Text { min, max } => {
            if *min == 0 || max < min || *max > MOST_NAME_BYTES {
                let message = format!("a text has 1 to {MOST_NAME_BYTES} characters");
                found.error(format!("{path}/max"), message);
            }
        }
    }
}

fn check_values(convention: &Convention, values: &[Choice], path: &str, found: &mut Findings) {
    if !(1..=MOST_VALUES).contains(&values.len()) {
        let message = format!("a picklist has 1 to {MOST_VALUES} values");
        found.error(format!("{path}/values"), message);
    }
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for (at, value) in values.iter().enumerate().take(MOST_VALUES) {
        let path = format!("{path}/values/{at}");
        let code = value.code.as_str();
        if code.is_empty() || code != code.trim() || code.chars().any(char::is_control) {
            let message = "a code is not empty and has no space around it";
            found.error(format!("{path}/code"), message);
        }
        if convention.escape.is_none() && code.contains(&convention.delimiter) {
            let message = "the code has the delimiter in it, and there is no escape";
            found.error(format!("{path}/code"), message);
        }
        if convention.ascii_only && !code.is_ascii() {
            found.error(format!("{path}/code"), "only ASCII is allowed here");
        }
        if owners.insert(code, code).is_some_and(|other| other == code) {
            found.error(
                format!("{path}/code"),
                format!("{code} is there more than once"),
            );
        }
        if value.aliases.len() > MOST_ALIASES {
            let message = format!("a value has at most {MOST_ALIASES} aliases");
            found.error(format!("{path}/aliases"), message);
        }
    }
    for (at, value) in values.iter().enumerate().take(MOST_VALUES) {
        for (number, alias) in value.aliases.iter().enumerate().take(MOST_ALIASES) {
            let owner = owners.insert(alias, &value.code);
            if owner.is_some_and(|owner| owner != value.code) {
                let message = format!("{alias} already means {}", owner.unwrap_or_default());
                found.error(format!("{path}/values/{at}/aliases/{number}"), message);
            }
        }
    }
}

/// Anchored at both ends.
pub(super) fn compile_pattern(pattern: &str) -> Result<Regex, String> {
    if pattern.is_empty() || pattern.len() > LONGEST_PATTERN {
        return Err(format!("a pattern has 1 to {LONGEST_PATTERN} bytes"));
    }
    // Alone first, so that `a)|(b` does not get out of what is put around it.
    let build = |pattern: &str| {
        regex::RegexBuilder::new(pattern)
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES)
            .nest_limit(20)
            .build()
    };
    build(pattern)
        .and_then(|_| build(&format!("^(?:{pattern})$")))
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            other => other.to_string(),
        })
}

/// Where a field may be left out, its neighbour should not be able to take its value.
fn check_neighbours(fields: &[Field], found: &mut Findings) {
    let free = |field: &Field| matches!(field.kind, Kind::Text { .. } | Kind::Pattern { .. });
    for (at, pair) in fields.windows(2).enumerate() {
        let loose = |field: &Field| field.presence != Presence::Required;
        if (loose(&pair[0]) && free(&pair[1])) || (loose(&pair[1]) && free(&pair[0])) {
            let message = format!(
                "{} and {} can be mistaken for each other: one may be left out and the other \
                 takes almost anything",
                pair[0].name, pair[1].name
            );
            found.warn(format!("/fields/{at}"), message);
        }
    }
    let repeated = |field: &&Field| field.presence == Presence::Repeated;
    if fields.iter().filter(repeated).count() > 1 {
        found.error("/fields", "one field at most is repeated");
    }
}

fn check_rules(convention: &Convention, found: &mut Findings) {
    if convention.rules.len() > MOST_RULES {
        found.error("/rules", format!("there are at most {MOST_RULES} rules"));
    }
    for (at, rule) in convention.rules.iter().enumerate().take(MOST_RULES) {
        let path = format!("/rules/{at}");
        match rule {
            Rule::Implies {
                field,
                codes,
                then_field,
                then_codes,
            } => {
                check_codes(convention, (field, codes), &path, "", found);
                check_codes(convention, (then_field, then_codes), &path, "then_", found);
            }
            Rule::Needs {
                field,
                codes,
                then_field,
            }
            | Rule::Excludes {
                field,
                codes,
                then_field,
            } => {
                check_codes(convention, (field, codes), &path, "", found);
                let then = find_field(convention, then_field, &format!("{path}/then_field"), found);
                if then.is_some_and(|then| then.presence == Presence::Required) {
                    let message = format!("{then_field} is always there");
                    found.error(format!("{path}/then_field"), message);
                }
            }
            Rule::SameAsParent { field, .. } => {
                find_field(convention, field, &format!("{path}/field"), found);
            }
            Rule::BeginsWithParent => {}
            Rule::Agrees { field, attribute } => {
                let field = find_field(convention, field, &format!("{path}/field"), found);
                if field.is_some_and(|field| !agrees(field, *attribute)) {
                    let message = format!(
                        "a {} cannot be compared with this field",
                        attribute.as_str()
                    );
                    found.error(format!("{path}/attribute"), message);
                }
            }
        }
    }
}

fn agrees(field: &Field, attribute: Attribute) -> bool {
    attribute.is_date() == matches!(field.kind, Kind::Date { .. })
}

fn find_field<'c>(
    convention: &'c Convention,
    name: &str,
    path: &str,
    found: &mut Findings,
) -> Option<&'c Field> {
    let field = convention.fields.iter().find(|field| field.name == name);
    if field.is_none() {
        found.error(path, format!("there is no field {name}"));
    }
    field
}

fn check_codes(
    convention: &Convention,
    (name, codes): (&str, &[String]),
    path: &str,
    prefix: &str,
    found: &mut Findings,
) {
    let Some(field) = find_field(convention, name, &format!("{path}/{prefix}field"), found) else {
        return;
    };
    let Kind::Picklist { values } = &field.kind else {
        let message = format!("{name} is no picklist, so it has no codes");
        found.error(format!("{path}/{prefix}field"), message);
        return;
    };
    if codes.is_empty() {
        found.error(format!("{path}/{prefix}codes"), "name one code at least");
    }
    for (at, code) in codes.iter().enumerate() {
        if !values.iter().any(|value| value.code == *code) {
            let message = format!("{code} is no code of {name}");
            found.error(format!("{path}/{prefix}codes/{at}"), message);
        }
    }
}

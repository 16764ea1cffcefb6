//! The name builder: a whole name from the values of its fields, or what is wrong with them.

use std::collections::BTreeMap;

use super::check::{Code, Issue};
use super::compiled::Compiled;
use super::convention::Presence;
use super::subject::Subject;

impl Compiled {
    /// Fields that are left out and known from elsewhere are filled in. A name that comes of it
    /// keeps to the convention.
    pub fn build(
        &self,
        values: &BTreeMap<String, Vec<String>>,
        subject: &Subject<'_>,
    ) -> Result<String, Vec<Issue>> {
        let mut issues: Vec<Issue> = values
            .keys()
            .filter(|name| !self.convention.fields.iter().any(|one| one.name == **name))
            .map(|name| issue(Code::ExtraPart, name, format!("there is no field {name}")))
            .collect();
        let mut parts: Vec<String> = Vec::new();
        for (at, field) in self.convention.fields.iter().enumerate() {
            let given = values.get(&field.name).map_or(&[][..], Vec::as_slice);
            let given: Vec<&String> = given.iter().filter(|value| !value.is_empty()).collect();
            match (given.as_slice(), field.presence) {
                ([], Presence::Optional) => {}
                ([], Presence::Required | Presence::Repeated) => {
                    match self.known_value(at, subject) {
                        Some((value, _)) => parts.push(value),
                        None => {
                            let message = format!("{} is missing", field.name);
                            issues.push(issue(Code::MissingField, &field.name, message));
                        }
                    }
                }
                ([_, _, ..], Presence::Required | Presence::Optional) => {
                    let message = format!("{} has one value", field.name);
                    issues.push(issue(Code::ExtraPart, &field.name, message));
                }
                (given, _) => parts.extend(given.iter().map(|value| (*value).clone())),
            }
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let Some(name) = self.join(parts.iter().map(String::as_str)) else {
            let message = "a value has the delimiter in it".to_owned();
            return Err(vec![issue(Code::ExtraPart, "", message)]);
        };
        let built = Subject {
            name: &name,
            ..*subject
        };
        let issues = self.check(&built);
        if issues.is_empty() {
            Ok(name)
        } else {
            Err(issues)
        }
    }
}

fn issue(code: Code, field: &str, message: String) -> Issue {
    Issue {
        code,
        field: (!field.is_empty()).then(|| field.to_owned()),
        position: None,
        value: None,
        message,
    }
}

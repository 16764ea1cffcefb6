//! Whether a document keeps to its schema: every part that does not, not just the first one.
//!
//! For schemas made from our own types, so it knows the words those use and no others.

use serde_json::Value;

use super::{Findings, step};

/// What the schema says is wrong with the value.
pub fn check(schema: &Value, value: &Value, found: &mut Findings) {
    Check {
        definitions: schema.get("$defs").unwrap_or(&Value::Null),
    }
    .value(schema, value, "", found);
}

struct Check<'s> {
    definitions: &'s Value,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, path: &str, found: &mut Findings) {
        let target = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = target.and_then(|target| target.strip_prefix("#/$defs/")) {
            return self.value(&self.definitions[name], value, path, found);
        }
        if let Some(either) = schema.get("oneOf").and_then(Value::as_array) {
            return self.either(either, value, path, found);
        }
        if !is_of_type(&schema["type"], value) {
            let message = format!("this is {}, not {}", kind_of(value), kinds(&schema["type"]));
            return found.error(path, message);
        }
        let choices = schema.get("enum").and_then(Value::as_array);
        if let Some(choices) = choices.filter(|choices| !choices.contains(value)) {
            let said: Vec<String> = choices.iter().map(Value::to_string).collect();
            return found.error(path, format!("this is none of {}", said.join(", ")));
        }
        match value {
            Value::Number(_) => within(schema, value, path, found),
            Value::String(text) => long_enough(schema, text, path, found),
            Value::Array(items) => self.items(schema, items, path, found),
            Value::Object(_) => self.fields(schema, value, path, found),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Of several, the one it comes nearest to says what is wrong.
    fn either(&self, either: &[Value], value: &Value, path: &str, found: &mut Findings) {
        let mut fewest: Option<Vec<super::Finding>> = None;
        for one in either {
            let mut wrong = Findings::default();
            self.value(one, value, path, &mut wrong);
            let wrong = wrong.into_vec();
            if wrong.is_empty() {
                return;
            }
            if fewest
                .as_ref()
                .is_none_or(|known| wrong.len() < known.len())
            {
                fewest = Some(wrong);
            }
        }
        found.extend(fewest.unwrap_or_default());
    }

    fn items(&self, schema: &Value, items: &[Value], path: &str, found: &mut Findings) {
        if let Some(most) = schema.get("maxItems").and_then(Value::as_u64)
            && items.len() as u64 > most
        {
            return found.error(path, format!("there are at most {most}"));
        }
        for (at, item) in items.iter().enumerate() {
            self.value(&schema["items"], item, &format!("{path}/{at}"), found);
        }
    }

    fn fields(&self, schema: &Value, value: &Value, path: &str, found: &mut Findings) {
        let Some(fields) = value.as_object() else {
            return;
        };
        let known = &schema["properties"];
        for (name, value) in fields {
            let path = format!("{path}/{}", step(name));
            let named = schema.pointer("/propertyNames").map(|names| {
                let mut wrong = Findings::default();
                self.value(names, &Value::from(name.as_str()), &path, &mut wrong);
                wrong.is_empty()
            });
            match (known.get(name), &schema["additionalProperties"]) {
                (Some(schema), _) => self.value(schema, value, &path, found),
                (None, any @ Value::Object(_)) if named != Some(false) => {
                    self.value(any, value, &path, found);
                }
                (None, _) => found.error(path, format!("there is no {name}")),
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                found.error(format!("{path}/{}", step(name)), "this is missing");
            }
        }
    }
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    match wanted {
        Value::String(wanted) => kind_of(value) == wanted || wanted == "number" && value.is_i64(),
        Value::Array(several) => several.iter().any(|one| is_of_type(one, value)),
        _ => true,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn kinds(wanted: &Value) -> String {
    match wanted {
        Value::Array(several) => {
            let several: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            several.join(" or ")
        }
        one => one.as_str().unwrap_or_default().to_owned(),
    }
}

fn within(schema: &Value, value: &Value, path: &str, found: &mut Findings) {
    let (Some(number), bound) = (value.as_f64(), |name: &str| schema[name].as_f64()) else {
        return;
    };
    if let Some(least) = bound("minimum").filter(|least| number < *least) {
        found.error(path, format!("{value} is less than {least}"));
    }
    if let Some(most) = bound("maximum").filter(|most| number > *most) {
        found.error(path, format!("{value} is more than {most}"));
    }
}

fn long_enough(schema: &Value, text: &str, path: &str, found: &mut Findings) {
    let length = text.chars().count() as u64;
    if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
        found.error(path, format!("this has more than {most} characters"));
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
        found.error(path, format!("this has less than {least} characters"));
    }
    let is_date = schema["format"] == "date";
    if is_date && text.parse::<chrono::NaiveDate>().is_err() {
        found.error(path, "this is no day, such as 2026-12-24");
    }
}

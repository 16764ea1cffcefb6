//! What differs between two documents.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::step;

/// A difference between two documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentChange)]
pub struct Change {
    /// Like a JSON pointer, with named things of a list by their name: `/columns/revenue/headers`.
    pub path: String,
    /// Absent: it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Absent: it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The smallest parts that differ. Lists are compared whole, unless all their items have a `name`,
/// each its own.
pub fn diff(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", before, after, &mut changes);
    changes
}

fn compare(path: &str, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    if let (Some(before), Some(after)) = (by_name(before), by_name(after)) {
        return compare_fields(path, &before, &after, changes);
    }
    if let (Value::Object(before), Value::Object(after)) = (before, after) {
        return compare_fields(path, before, after, changes);
    }
    let there = |value: &Value| (!value.is_null()).then(|| value.clone());
    changes.push(Change {
        path: path.to_owned(),
        before: there(before),
        after: there(after),
    });
}

fn compare_fields(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    changes: &mut Vec<Change>,
) {
    let added = after.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(added) {
        let of = |fields: &Map<String, Value>| fields.get(key).cloned().unwrap_or(Value::Null);
        let path = format!("{path}/{}", step(key));
        compare(&path, &of(before), &of(after), changes);
    }
}

/// A list as an object; none where its items have no names of their own.
fn by_name(list: &Value) -> Option<Map<String, Value>> {
    let mut named = Map::new();
    for item in list.as_array()? {
        let name = item.get("name")?.as_str()?;
        if named.insert(name.to_owned(), item.clone()).is_some() {
            return None;
        }
    }
    Some(named)
}

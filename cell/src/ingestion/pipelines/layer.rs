//! An org's changes over a shipped spec. Pure.
//!
//! A layer is a JSON merge patch (RFC 7396), except that `columns` are merged one by one, by `name`:
//! one that is known is changed, one that is not is added, and `{"name": …, "remove": true}` takes
//! one away. So a shipped column that is corrected later is corrected for every org that did not
//! change just that.

use contracts::config_docs::overlay;
use serde_json::{Value, json};

use crate::documents::{Change, Findings, diff};

/// What a layer over a shipped spec must leave alone, because rows are kept by it.
const FIXED: [&str; 3] = ["pipeline", "version", "dataset"];

/// Lays `layer` over `base`; without a base the layer is the whole.
pub fn lay(base: &Value, layer: &Value) -> Value {
    let Value::Object(layer) = layer else {
        return base.clone();
    };
    let mut others = layer.clone();
    let columns = others.remove("columns");
    let mut merged = overlay(base, &Value::Object(others));
    if let (Some(columns), Some(merged)) = (columns, merged.as_object_mut()) {
        let below = base.get("columns").unwrap_or(&Value::Null);
        merged.insert("columns".to_owned(), lay_columns(below, &columns));
    }
    merged
}

fn lay_columns(below: &Value, above: &Value) -> Value {
    let (Some(below), Some(above)) = (below.as_array(), above.as_array()) else {
        return overlay(below, above);
    };
    let mut merged = below.clone();
    for change in above {
        let place = merged.iter().position(|one| same_name(one, change));
        let removed = change.get("remove") == Some(&Value::Bool(true));
        match place {
            Some(place) if removed => _ = merged.remove(place),
            Some(place) => merged[place] = overlay(&merged[place], change),
            None if removed => {}
            None => merged.push(overlay(&json!({}), change)),
        }
    }
    Value::Array(merged)
}

fn same_name(one: &Value, other: &Value) -> bool {
    let name = one.get("name").and_then(Value::as_str);
    name.is_some() && name == other.get("name").and_then(Value::as_str)
}

/// Has a layer say which headers a column has, and leaves the rest of it alone.
pub(super) fn set_headers(layer: &mut Value, column: &str, headers: &[String]) {
    let change = json!({"name": column, "headers": headers});
    let columns = layer.get("columns").unwrap_or(&Value::Null);
    layer["columns"] = match columns {
        Value::Array(_) => lay_columns(columns, &json!([change])),
        _ => json!([change]),
    };
}

/// What is wrong with a layer as such, whatever lies below it.
pub fn check(layer: &Value, shipped: Option<&Value>, found: &mut Findings) {
    let Some(fields) = layer.as_object() else {
        return found.error("", "a layer is a JSON object");
    };
    if let Some(columns) = fields.get("columns") {
        check_columns(columns, found);
    }
    let Some(shipped) = shipped else { return };
    for field in FIXED {
        if fields
            .get(field)
            .is_some_and(|value| Some(value) != shipped.get(field))
        {
            found.error(
                format!("/{field}"),
                "this is the shipped spec's own; make a pipeline under a new name instead",
            );
        }
    }
    let connector = |value: &Value| value.pointer("/source/connector").cloned();
    if connector(layer).is_some_and(|wish| Some(wish) != connector(shipped)) {
        found.error("/source/connector", "a shipped pipeline keeps its source");
    }
}

/// Two changes of one column would depend on their order.
fn check_columns(columns: &Value, found: &mut Findings) {
    let Some(columns) = columns.as_array() else {
        return found.error("/columns", "columns are a list");
    };
    let mut seen = std::collections::BTreeSet::new();
    for (at, column) in columns.iter().enumerate() {
        match column.get("name").and_then(Value::as_str) {
            None => found.error(format!("/columns/{at}/name"), "each column has a name"),
            Some(name) if !seen.insert(name) => {
                found.error(
                    format!("/columns/{at}/name"),
                    format!("{name:?} is there twice"),
                );
            }
            Some(_) => {}
        }
    }
}

/// Where an upgraded shipped spec changed just what the layer changes, too: the layer still wins,
/// and somebody should look.
pub fn conflicts(layer: &Value, shipped_then: &Value, shipped_now: &Value) -> Vec<Change> {
    let ours = diff(shipped_then, &lay(shipped_then, layer));
    let touched = |theirs: &Change| {
        ours.iter().any(|one| {
            one.path == theirs.path
                || within(&one.path, &theirs.path)
                || within(&theirs.path, &one.path)
        })
    };
    let theirs = diff(shipped_then, shipped_now);
    theirs.into_iter().filter(touched).collect()
}

fn within(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests;

//! Versioned configuration documents: made in global-control, copied by cells, layered per org.

use serde::{Deserialize, Serialize};

use crate::OrgId;

/// Whose layer a document is. A later layer overrides an earlier one, key by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "layer", rename_all = "snake_case")]
pub enum Layer {
    /// For everybody.
    Platform,
    /// For one org.
    Org { org: OrgId },
}

/// One version of one document in one layer. `value: null` removes the layer's document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigDocument {
    /// Gap-free over the whole service; a cell asks for what comes after the last it has.
    pub version: i64,
    /// What kind of document: `modules`, `pacing.settings`, …
    pub name: String,
    #[serde(flatten)]
    pub layer: Layer,
    pub value: serde_json::Value,
}

/// `GET /internal/cells/{cell_id}/config?after=N`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigBatch {
    pub documents: Vec<ConfigDocument>,
    /// The newest version there is.
    pub version: i64,
}

/// Lays `upper` over `lower`: objects are merged key by key, anything else is replaced (RFC 7396).
pub fn overlay(lower: &serde_json::Value, upper: &serde_json::Value) -> serde_json::Value {
    match (lower, upper) {
        (serde_json::Value::Object(lower), serde_json::Value::Object(upper)) => {
            let mut merged = lower.clone();
            for (key, value) in upper {
                if value.is_null() {
                    merged.remove(key);
                } else {
                    let below = merged.get(key).unwrap_or(&serde_json::Value::Null);
                    let value = overlay(below, value);
                    merged.insert(key.clone(), value);
                }
            }
            serde_json::Value::Object(merged)
        }
        (_, upper) => strip_nulls(upper),
    }
}

/// A patch laid over something that is not an object still drops its nulls (RFC 7396).
fn strip_nulls(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), strip_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    //! Layers merge as RFC 7396 says.

    use serde_json::json;

    use super::overlay;

    #[test]
    fn layers_merge_key_by_key() {
        let lower = json!({"band": {"low": 90, "high": 110}, "days": 7});
        let upper = json!({"band": {"low": 85}, "days": null, "note": {"a": null, "b": 1}});
        assert_eq!(
            overlay(&lower, &upper),
            json!({"band": {"low": 85, "high": 110}, "note": {"b": 1}})
        );
    }
}

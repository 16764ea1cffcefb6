//! The published schema: every part of it is there, and what we ship is within it.

use serde_json::{Value, json};

use crate::pipelines::{Org, manifest};

/// Every reference leads somewhere, and what we ship is within what is published.
#[tokio::test]
async fn the_schema_describes_what_is_shipped() {
    let org = Org::start().await;
    let answer = org
        .cell
        .get(&org.org, "/api/pipelines/schema", &org.cookie)
        .await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/schema+json")
    );
    let schema = answer.json();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    for target in references(&schema) {
        assert!(
            schema.pointer(&target[1..]).is_some(),
            "{target} leads nowhere"
        );
    }
    for name in [
        "dv360_line_item_days",
        "dv360_device_days",
        "dv360_advertiser_days",
    ] {
        let spec = org.json(&format!("/api/pipelines/{name}")).await["built_in"].clone();
        assert_eq!(fits(&schema, &schema, &spec), Ok(()), "{name}");
    }
    assert_eq!(fits(&schema, &schema, &manifest("ttd_days")), Ok(()));
    for (path, wrong) in [
        ("/surprise", json!(1)),
        ("/dataset", json!("campaign_days")),
        ("/version", json!("one")),
        ("/source/connector", json!("ftp")),
        ("/source/file/url", json!("http://10.0.0.1/")),
    ] {
        let mut spec = manifest("ttd_days");
        let (parent, key) = path.rsplit_once('/').unwrap();
        spec.pointer_mut(parent).unwrap()[key] = wrong;
        assert!(fits(&schema, &schema, &spec).is_err(), "{path}");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields
                .get("$ref")
                .and_then(Value::as_str)
                .map(str::to_owned);
            own.into_iter()
                .chain(fields.values().flat_map(references))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// As much of JSON Schema as ours uses.
fn fits(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(target) = schema["$ref"].as_str() {
        return fits(root, root.pointer(&target[1..]).unwrap(), value);
    }
    for (word, all) in [("allOf", true), ("oneOf", false), ("anyOf", false)] {
        if let Some(parts) = schema[word].as_array() {
            let fitting = parts
                .iter()
                .filter(|part| fits(root, part, value).is_ok())
                .count();
            if if all {
                fitting < parts.len()
            } else {
                fitting == 0
            } {
                return Err(format!("{word}: {value}"));
            }
        }
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{value} is not one of {words:?}"));
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        Value::Null => Vec::new(),
        kind => vec![kind.clone()],
    };
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other}"),
    };
    if !kinds.is_empty() && !kinds.iter().any(is) {
        return Err(format!("{value} is no {kinds:?}"));
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        items.iter().try_for_each(|item| fits(root, schema, item))?;
    }
    let Some(fields) = value.as_object() else {
        return Ok(());
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            return Err(format!("{name} is missing"));
        }
    }
    for (name, field) in fields {
        match schema["properties"].get(name) {
            Some(part) => fits(root, part, field)?,
            None if schema["additionalProperties"] == false => {
                return Err(format!("{name} is unknown"));
            }
            None => {}
        }
    }
    Ok(())
}

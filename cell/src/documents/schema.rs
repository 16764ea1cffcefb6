//! A vocabulary as a JSON Schema (2020-12), made from the Rust types: what can be said is what can
//! be read. Rules between fields are the slices' checks, which say why.

use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

const REFERENCE: &str = "#/components/schemas/";

/// The schema of a whole document, under the address it is published at.
pub fn schema_of<T: ToSchema>(id: &str, title: &str) -> Value {
    let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut parts);
    let mut definitions = serde_json::Map::new();
    for (name, part) in parts {
        definitions.insert(name, to_json(&part));
    }
    let mut schema = to_json(&T::schema());
    if let Some(fields) = schema.as_object_mut() {
        let head = [
            (
                "$schema",
                json!("https://json-schema.org/draft/2020-12/schema"),
            ),
            ("$id", json!(id)),
            ("title", json!(title)),
        ];
        for (name, value) in head {
            fields.insert(name.to_owned(), value);
        }
        fields.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

fn to_json(part: &RefOr<Schema>) -> Value {
    let mut value = serde_json::to_value(part).unwrap_or_default();
    point_to_definitions(&mut value);
    value
}

/// In OpenAPI the parts are components.
fn point_to_definitions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(name) = target.strip_prefix(REFERENCE)
            {
                *target = format!("#/$defs/{name}");
            }
            fields.values_mut().for_each(point_to_definitions);
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_definitions),
        _ => {}
    }
}

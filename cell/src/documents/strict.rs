//! JSON that strangers send, read without trust: every key once, not deep, not long, and nothing that
//! the database could not keep.
//!
//! serde's own `Value` keeps the last of two equal keys, so a reviewer and the machine could see two
//! different documents in one text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use utoipa::openapi::schema::AdditionalProperties;

/// A pipeline is four levels deep, a convention six.
const DEEPEST: usize = 12;
/// Picklists of published vocabularies are the longest lists.
const MOST_ITEMS: usize = 5_000;
const LONGEST_TEXT: usize = 4_000;

/// A JSON value that keeps to the limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Document(pub Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Level(0).deserialize(deserializer).map(Self)
    }
}

impl utoipa::PartialSchema for Document {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .description(Some("A JSON object."))
            .into()
    }
}

impl utoipa::ToSchema for Document {
    fn name() -> std::borrow::Cow<'static, str> {
        "JsonDocument".into()
    }
}

#[derive(Clone, Copy)]
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0 > DEEPEST {
            return Err(D::Error::custom(format!(
                "nothing in a document is more than {DEEPEST} levels deep"
            )));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number is too large"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        checked::<E>(text).map(|()| Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self(self.0 + 1))? {
            if list.len() == MOST_ITEMS {
                return Err(A::Error::custom(format!(
                    "no list of a document has more than {MOST_ITEMS} items"
                )));
            }
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            checked::<A::Error>(&key)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} is there twice")));
            }
            if map.len() == MOST_ITEMS {
                return Err(A::Error::custom(format!(
                    "no object of a document has more than {MOST_ITEMS} keys"
                )));
            }
            let value = fields.next_value_seed(Self(self.0 + 1))?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Postgres cannot keep a NUL, and no document has a use for other control characters.
fn checked<E: serde::de::Error>(text: &str) -> Result<(), E> {
    if text.len() > LONGEST_TEXT {
        return Err(E::custom(format!(
            "no text of a document is longer than {LONGEST_TEXT} bytes"
        )));
    }
    // A tab is a delimiter.
    if text.chars().any(|one| one.is_control() && one != '\t') {
        return Err(E::custom("no text of a document holds control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    //! What is refused before anybody looks at what it means.

    use super::Document;

    #[test]
    fn a_document_keeps_to_its_limits() {
        let deep = format!("{}1{}", "[".repeat(14), "]".repeat(14));
        let very_deep = "[".repeat(100_000);
        let long = format!("{:?}", "x".repeat(4_001));
        let wide = format!("[{}1]", "1,".repeat(5_000));
        for (text, said) in [
            (r#"{"a":1,"a":2}"#, "twice"),
            (r#"{"a":{"b":1,"b":1}}"#, "twice"),
            (&deep, "levels deep"),
            (&very_deep, "levels deep"),
            (&long, "longer than"),
            (&wide, "more than 5000 items"),
            (r#"{"a":"\u0000"}"#, "control characters"),
            (r#"{"a\u001b":1}"#, "control characters"),
            (r#"{"a":"\ud800"}"#, "hex escape"),
            ("1e999", "out of range"),
        ] {
            let error = serde_json::from_str::<Document>(text).unwrap_err();
            assert!(error.to_string().contains(said), "{said}: {error}");
        }
        assert!(serde_json::from_slice::<Document>(b"\"\xff\"").is_err());
        let kept = r#"{"a":[1,-2,0.5,true,null,"\t;"],"b":{"c":{}}}"#;
        let read: Document = serde_json::from_str(kept).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), kept);
    }
}

//! Which documents there are and what they may hold. An org's layer may be partial.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("there is no kind of document with this name")]
    UnknownName,
    #[error("the document does not fit its schema: {0}")]
    Shape(#[source] serde_json::Error),
    #[error("the document does not fit its schema: {0}")]
    Rule(&'static str),
}

/// `modules`: which product areas are on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Modules {
    pacing: Option<Module>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    enabled: Option<bool>,
}

/// `pacing.settings`: from which to which percentage spend counts as on pace.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PacingSettings {
    band: Option<Band>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    low: Option<u32>,
    high: Option<u32>,
}

pub(super) fn check(name: &str, value: &Value, of_org: bool) -> Result<(), SchemaError> {
    if value.is_null() && of_org {
        return known(name);
    }
    match name {
        "modules" => {
            let modules: Modules = read(value)?;
            let pacing = modules.pacing.and_then(|module| module.enabled);
            complete(of_org, pacing.is_some())
        }
        "pacing.settings" => {
            let settings: PacingSettings = read(value)?;
            let band = settings.band;
            let low = band.as_ref().and_then(|band| band.low);
            let high = band.as_ref().and_then(|band| band.high);
            let fits = low.unwrap_or(0) <= 100 && (100..=1_000).contains(&high.unwrap_or(100));
            if !fits {
                return Err(SchemaError::Rule(
                    "band.low is 0 to 100, band.high 100 to 1000",
                ));
            }
            complete(of_org, low.is_some() && high.is_some())
        }
        _ => Err(SchemaError::UnknownName),
    }
}

fn known(name: &str) -> Result<(), SchemaError> {
    if matches!(name, "modules" | "pacing.settings") {
        Ok(())
    } else {
        Err(SchemaError::UnknownName)
    }
}

/// The platform's layer is the lowest: it must say everything.
fn complete(of_org: bool, complete: bool) -> Result<(), SchemaError> {
    if of_org || complete {
        Ok(())
    } else {
        Err(SchemaError::Rule(
            "the platform's layer must set every value",
        ))
    }
}

fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, SchemaError> {
    T::deserialize(value).map_err(SchemaError::Shape)
}

#[cfg(test)]
mod tests {
    //! Documents are checked before they are written.

    use serde_json::json;

    use super::check;

    #[test]
    fn what_we_ship_fits() {
        check("modules", &json!({"pacing": {"enabled": true}}), false).unwrap();
        check(
            "pacing.settings",
            &json!({"band": {"low": 90, "high": 110}}),
            false,
        )
        .unwrap();
    }

    #[test]
    fn an_org_may_change_a_part_or_take_its_layer_away() {
        check("pacing.settings", &json!({"band": {"low": 80}}), true).unwrap();
        check("modules", &json!(null), true).unwrap();
        check("modules", &json!({}), true).unwrap();
    }

    #[test]
    fn anything_else_is_refused() {
        for (name, value) in [
            ("colours", json!({})),
            ("modules", json!(null)),
            ("modules", json!({})),
            ("modules", json!([])),
            ("modules", json!({"pacing": {"enabled": "yes"}})),
            ("modules", json!({"pacing": {"enabled": true}, "x": 1})),
            ("pacing.settings", json!({"band": {"low": 90}})),
            (
                "pacing.settings",
                json!({"band": {"low": 101, "high": 110}}),
            ),
            ("pacing.settings", json!({"band": {"low": -1, "high": 110}})),
            ("pacing.settings", json!({"band": {"low": 90, "high": 99}})),
            (
                "pacing.settings",
                json!({"band": {"low": 90.5, "high": 110}}),
            ),
        ] {
            assert!(check(name, &value, false).is_err(), "{name} {value}");
        }
        assert!(check("colours", &json!(null), true).is_err());
    }
}

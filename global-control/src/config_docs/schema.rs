//! Which documents there are and what they may hold. An org's layer may be partial.

use std::collections::BTreeMap;

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

/// `budgets`: what bringing data in costs, and how much of it an org may use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budgets {
    weight: Option<u32>,
    limits: Option<BTreeMap<String, Limit>>,
    prices: Option<BTreeMap<String, u64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    soft: Option<u64>,
    hard: Option<u64>,
}

const RESOURCES: [&str; 4] = ["calls", "rows", "bytes", "cost_micros_usd"];
const MOST: u64 = 1_000_000_000_000_000;

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
        "budgets" => check_budgets(&read(value)?, of_org),
        _ => Err(SchemaError::UnknownName),
    }
}

fn check_budgets(budgets: &Budgets, of_org: bool) -> Result<(), SchemaError> {
    if !budgets
        .weight
        .is_none_or(|weight| (1..=1_000).contains(&weight))
    {
        return Err(SchemaError::Rule("weight is 1 to 1000"));
    }
    for (resource, limit) in budgets.limits.iter().flatten() {
        if !RESOURCES.contains(&resource.as_str()) {
            return Err(SchemaError::Rule(
                "limits are of calls, rows, bytes and cost_micros_usd",
            ));
        }
        let numbers = [limit.soft, limit.hard];
        let ordered = limit
            .soft
            .zip(limit.hard)
            .is_none_or(|(soft, hard)| soft <= hard);
        if !ordered || numbers.into_iter().flatten().any(|number| number > MOST) {
            return Err(SchemaError::Rule(
                "a soft limit is at most the hard one, that 10^15",
            ));
        }
    }
    let prices = budgets.prices.iter().flatten();
    if prices.into_iter().any(|(_, price)| *price > MOST) {
        return Err(SchemaError::Rule("a price is at most 10^15"));
    }
    let all = budgets.weight.is_some() && budgets.limits.is_some() && budgets.prices.is_some();
    complete(of_org, all)
}

fn known(name: &str) -> Result<(), SchemaError> {
    if matches!(name, "modules" | "pacing.settings" | "budgets") {
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
        check("budgets", &json!({"limits": {"calls": {"hard": 5}}}), true).unwrap();
    }

    #[test]
    fn anything_else_is_refused() {
        for (name, value) in [
            ("colours", json!({})),
            ("modules", json!(null)),
            ("modules", json!({})),
            ("budgets", json!({})),
            ("budgets", json!({"weight": 0, "limits": {}, "prices": {}})),
            (
                "budgets",
                json!({"weight": 1, "limits": {"tea": {}}, "prices": {}}),
            ),
            (
                "budgets",
                json!({"weight": 1, "limits": {"rows": {"soft": 2, "hard": 1}}, "prices": {}}),
            ),
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

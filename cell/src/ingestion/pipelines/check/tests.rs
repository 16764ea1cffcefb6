//! Each way a spec can be wrong, and where that is said to be.

use serde_json::{Value, json};

use super::super::{layer, shipped};
use super::{check, read};
use crate::documents::{Weight, prevents};

/// A spec that is right, to bend one part at a time.
fn good() -> Value {
    shipped("dv360_line_item_days").unwrap().clone()
}

fn drop() -> Value {
    json!({
        "pipeline": "ttd_days", "version": 1, "title": "T", "description": "",
        "dataset": "line_item_days",
        "source": {"connector": "file_drop", "file": {
            "dsp": "ttd", "name_pattern": "*.csv", "format": "csv", "currency": "EUR"}},
        "columns": [
            {"name": "date", "headers": ["Date"], "role": "dimension", "kind": "date", "to": "date"},
            {"name": "advertiser", "headers": ["Adv"], "role": "dimension", "kind": "text", "to": "advertiser_id"},
            {"name": "ad_group", "headers": ["AdGroup"], "role": "dimension", "kind": "text", "to": "line_item_id"},
            {"name": "imps", "headers": ["Imps"], "role": "metric", "kind": "count", "to": "impressions"},
        ],
        "schedule": {"every_hours": 24},
        "window": {"first_days": 90, "look_back_days": 7, "month_close_day": 3},
        "contract": {"new_column": "freeze", "missing_column": "quarantine", "retyped_column": "quarantine"},
        "retention": {"bronze_days": 400, "silver_days": 400},
    })
}

/// Where the spec is said to be wrong.
fn paths(spec: &Value) -> Vec<String> {
    let found = match read(spec) {
        Ok(spec) => check(&spec),
        Err(finding) => vec![finding],
    };
    assert!(found.iter().all(|one| !one.message.is_empty()));
    found.into_iter().map(|one| one.path).collect()
}

#[test]
fn what_we_ship_and_a_small_drop_are_right() {
    for spec in super::super::built_in() {
        assert_eq!(check(&spec), [], "{}", spec.pipeline);
    }
    assert_eq!(paths(&drop()), [""; 0]);
}

/// Where it is said, and the layer that makes it wrong.
const WRONG: &str = r#"
/pipeline {"pipeline": "Upper"}
/pipeline {"pipeline": "schema"}
/pipeline {"pipeline": "../../etc/passwd"}
/version {"version": 0}
/version {"version": -1}
/title {"title": "  "}
/dataset {"dataset": "campaign_days"}
/surprise {"surprise": 1}
/source/connector {"source": {"connector": "ftp"}}
/schedule/every_hours {"schedule": {"every_hours": 0}}
/schedule/not_before_hour {"schedule": {"not_before_hour": 24}}
/window/month_close_day {"window": {"month_close_day": 31}}
/window/look_back_days {"window": {"look_back_days": 91}}
/window/first_days {"window": {"first_days": 4000000000}}
/retention/bronze_days {"retention": {"bronze_days": 30}}
/budget/calls_per_day {"budget": {"calls_per_day": 0}}
/quality/0/check {"quality": [{"check": "regex", "column": "clicks"}]}
/quality/0/column {"quality": [{"check": "not_null", "column": "x", "severity": "warn"}]}
/quality/0/column {"quality": [{"check": "not_negative", "column": "date", "severity": "warn"}]}
/quality/0/percent {"quality": [{"check": "fewer_rows", "percent": 100, "severity": "warn"}]}
/columns/10/surprise {"columns": [{"name": "clicks", "surprise": 1}]}
/columns/10/headers {"columns": [{"name": "clicks", "headers": []}]}
/columns/10/headers/0 {"columns": [{"name": "clicks", "headers": [" Clicks"]}]}
/columns/10/headers/0 {"columns": [{"name": "clicks", "headers": ["Impressions"]}]}
/columns/10/kind {"columns": [{"name": "clicks", "kind": "money"}]}
/columns/10/role {"columns": [{"name": "clicks", "role": "dimension"}]}
/columns/10/to {"columns": [{"name": "clicks", "to": "impressions"}]}
/columns/10/to {"columns": [{"name": "clicks", "to": "breakdown"}]}
/columns/0/required {"columns": [{"name": "date", "required": false}]}
/columns {"columns": [{"name": "date", "remove": true}]}
/columns {"columns": [{"name": "currency", "remove": true}]}
/columns/15/name {"columns": [{"name": "A;b", "headers": ["X"], "role": "metric", "kind": "count", "to": "extra"}]}
"#;

#[test]
fn every_part_that_is_wrong_is_named() {
    let long = |field: &str, length| json!({ field: "x".repeat(length) });
    let told = WRONG.lines().filter_map(|line| line.split_once(' '));
    let mut wrong: Vec<(&str, Value)> = told
        .map(|(path, change)| (path, serde_json::from_str(change).unwrap()))
        .collect();
    wrong.push(("/title", long("title", 121)));
    wrong.push(("/description", long("description", 2_001)));
    assert_eq!(wrong.len(), 34);
    for (path, change) in wrong {
        let found = paths(&layer::lay(&good(), &change));
        let named = found.iter().any(|one| one == path);
        assert!(named, "{change}: {path} is not in {found:?}");
    }
}

#[test]
fn a_table_gets_exactly_what_it_has() {
    let mut days = good();
    days["dataset"] = json!("advertiser_days");
    let found = paths(&days);
    assert_eq!(found, ["/columns/5/to", "/columns/6/to", "/columns/7/to"]);
    days["dataset"] = json!("breakdown_days");
    assert_eq!(
        paths(&days),
        ["/columns"],
        "there is nothing to break down by"
    );
    let mut evolving = drop();
    evolving["contract"]["new_column"] = json!("evolve");
    assert_eq!(paths(&evolving), [""; 0]);
    evolving["dataset"] = json!("advertiser_days");
    assert_eq!(paths(&evolving), ["/columns/2/to", "/contract/new_column"]);
    let mut twice = drop();
    twice["columns"].as_array_mut().unwrap().push(json!({
        "name": "money", "headers": ["Cur"], "role": "dimension", "kind": "currency", "to": "currency"}));
    assert_eq!(paths(&twice), ["/source/file/currency"]);
    twice["source"]["file"]["currency"] = Value::Null;
    assert_eq!(paths(&twice), [""; 0]);
}

#[test]
fn a_spec_of_any_size_gets_a_short_answer() {
    let mut many = drop();
    let columns = many["columns"].as_array_mut().unwrap();
    for number in 0..300 {
        columns.push(
            json!({"name": format!("c{number}"), "headers": ["same"], "role": "metric",
            "kind": "count", "to": "extra"}),
        );
    }
    assert_eq!(paths(&many), ["/columns"]);
    many["columns"].as_array_mut().unwrap().truncate(200);
    assert_eq!(paths(&many).len(), 100);
    many["description"] = json!("x".repeat(70_000));
    assert_eq!(paths(&many), [""]);
    let found = check(&read(&good()).unwrap());
    assert!(!prevents(&found) && found.iter().all(|one| one.weight == Weight::Warning));
}

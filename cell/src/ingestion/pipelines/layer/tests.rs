//! Layers over shipped specs, and what differs.

use serde_json::{Value, json};

use super::{check, conflicts, lay};
use crate::documents::{Findings, diff};

fn shipped() -> Value {
    json!({
        "pipeline": "p", "version": 1, "title": "P",
        "columns": [
            {"name": "date", "headers": ["Date"], "kind": "date"},
            {"name": "clicks", "headers": ["Clicks"], "kind": "count"},
        ],
        "quality": [{"check": "not_null"}],
        "window": {"first_days": 90, "look_back_days": 7},
    })
}

#[test]
fn columns_are_merged_by_name_and_everything_else_as_a_merge_patch() {
    let layer = json!({
        "title": "Ours",
        "columns": [
            {"name": "clicks", "headers": ["Clicks", "Klicks"]},
            {"name": "views", "headers": ["Views"], "kind": "count"},
            {"name": "date", "remove": true},
        ],
        "quality": [],
        "window": {"look_back_days": 14, "first_days": null},
    });
    assert_eq!(
        lay(&shipped(), &layer),
        json!({
            "pipeline": "p", "version": 1, "title": "Ours",
            "columns": [
                {"name": "clicks", "headers": ["Clicks", "Klicks"], "kind": "count"},
                {"name": "views", "headers": ["Views"], "kind": "count"},
            ],
            "quality": [],
            "window": {"look_back_days": 14},
        })
    );
    assert_eq!(lay(&shipped(), &json!({})), shipped());
    assert_eq!(lay(&json!({}), &shipped()), shipped());
}

#[test]
fn a_difference_is_named_by_its_smallest_part() {
    let layer = json!({
        "columns": [{"name": "clicks", "headers": ["Klicks"]}, {"name": "date", "remove": true}],
        "window": {"look_back_days": 14}, "note": "a",
    });
    let changes = diff(&shipped(), &lay(&shipped(), &layer));
    let found: Vec<Value> = changes
        .iter()
        .map(|one| serde_json::to_value(one).unwrap())
        .collect();
    assert_eq!(
        found,
        [
            json!({"path": "/columns/clicks/headers", "before": ["Clicks"], "after": ["Klicks"]}),
            json!({"path": "/columns/date", "before": {"name": "date", "headers": ["Date"], "kind": "date"}}),
            json!({"path": "/window/look_back_days", "before": 7, "after": 14}),
            json!({"path": "/note", "after": "a"}),
        ]
    );
    assert_eq!(diff(&shipped(), &shipped()), []);
}

#[test]
fn only_what_both_changed_is_a_conflict() {
    let layer = json!({"title": "Ours", "columns": [{"name": "clicks", "headers": ["Klicks"]}]});
    let mut newer = shipped();
    newer["version"] = json!(2);
    newer["window"]["look_back_days"] = json!(10);
    newer["columns"][1]["headers"] = json!(["Clicks", "Click count"]);
    let found = conflicts(&layer, &shipped(), &newer);
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/columns/clicks/headers"]);
    // A column that we change and that is shipped no more.
    newer["columns"] = json!([newer["columns"][0]]);
    let found = conflicts(&layer, &shipped(), &newer);
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/columns/clicks"]);
}

#[test]
fn a_layer_leaves_alone_what_rows_are_kept_by() {
    let said = |layer: Value, shipped: Option<&Value>| {
        let mut found = Findings::default();
        check(&layer, shipped, &mut found);
        let found = found.into_vec();
        found.into_iter().map(|one| one.path).collect::<Vec<_>>()
    };
    let shipped = shipped();
    assert_eq!(
        said(
            json!({"pipeline": "q", "version": 2, "dataset": "x"}),
            Some(&shipped)
        ),
        ["/pipeline", "/version", "/dataset"]
    );
    assert_eq!(
        said(json!({"pipeline": "p", "version": 1}), Some(&shipped)),
        [""; 0]
    );
    assert_eq!(said(json!([]), None), [""]);
    assert_eq!(said(json!({"columns": {}}), None), ["/columns"]);
    let twice = json!({"columns": [{"name": "a"}, {"name": "a"}, {}, 7]});
    assert_eq!(
        said(twice, None),
        ["/columns/1/name", "/columns/2/name", "/columns/3/name"]
    );
    let moved = json!({"source": {"connector": "file_drop"}});
    assert_eq!(said(moved, Some(&shipped)), ["/source/connector"]);
}

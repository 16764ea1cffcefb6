//! What runs of what was shipped and what an org changed.

use chrono::Utc;
use contracts::UserId;
use serde_json::{Value, json};

use super::{Layer, Pipeline, built_in, shipped};
use crate::documents;
/// A pipeline whose layer was made over what `then` is.
fn changed(layer: Value, then: Value) -> Pipeline {
    Pipeline {
        name: "dv360_line_item_days".into(),
        shipped: shipped("dv360_line_item_days"),
        layer: Some(Layer {
            pipeline: "dv360_line_item_days".into(),
            version: 3,
            value: Some(layer),
            made_over: Some(then),
            comment: String::new(),
            changed_by: UserId::new(),
            changed_at: Utc::now(),
        }),
        enabled: true,
    }
}

#[test]
fn every_shipped_spec_is_one() {
    let names: Vec<String> = built_in().into_iter().map(|spec| spec.pipeline).collect();
    assert_eq!(
        names,
        [
            "dv360_line_item_days",
            "dv360_device_days",
            "dv360_advertiser_days"
        ]
    );
}

#[test]
fn a_layer_follows_the_newest_shipped_spec_unless_it_breaks() {
    let now = shipped("dv360_line_item_days").unwrap().clone();
    let mut then = now.clone();
    then["version"] = json!(0);
    then["window"]["look_back_days"] = json!(5);
    let layer = json!({"window": {"first_days": 40}});
    let followed = changed(layer, then.clone()).resolve().unwrap();
    assert_eq!(followed.spec.window.look_back_days, 7);
    assert_eq!(followed.spec.window.first_days, 40);
    assert_eq!(followed.version(), "dv360_line_item_days@1+3/2");
    assert!(!followed.held_back);
    // The column that the layer changes is shipped no more, so what is left of it is none.
    let mut column = now["columns"][9].clone();
    column["name"] = json!("old");
    column["headers"] = json!(["Old"]);
    column["to"] = json!("extra");
    column["ask"] = json!("METRIC_LAST_CLICKS");
    then["version"] = json!(1);
    then["columns"].as_array_mut().unwrap().push(column);
    let broken = changed(
        json!({"columns": [{"name": "old", "headers": ["Older"]}]}),
        then,
    );
    let kept = broken.resolve().unwrap();
    assert!(kept.held_back);
    assert_eq!(kept.spec.window.look_back_days, 5);
    assert_eq!(kept.spec.columns.last().unwrap().headers, ["Older"]);
    let conflicts = broken.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].path, "/columns/old");
}

#[test]
fn a_layer_that_breaks_everywhere_runs_nowhere() {
    let now = shipped("dv360_line_item_days").unwrap().clone();
    let broken = changed(json!({"window": {"first_days": 0}}), now);
    let found = broken.resolve().unwrap_err();
    assert!(documents::prevents(&found));
    assert_eq!(found[0].path, "/window/first_days");
}

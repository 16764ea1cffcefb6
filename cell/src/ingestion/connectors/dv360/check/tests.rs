//! What the source would refuse, each at its place.

use serde_json::{Value, json};

use super::check;
use crate::documents::Weight;
use crate::ingestion::pipelines::{self, layer};

fn said(change: Value) -> Vec<(Weight, String)> {
    let shipped = pipelines::shipped("dv360_line_item_days").unwrap();
    let spec = serde_json::from_value(layer::lay(shipped, &change)).unwrap();
    let found = check(&spec);
    found
        .into_iter()
        .map(|one| (one.weight, one.path))
        .collect()
}

#[test]
fn what_we_ship_is_what_the_source_takes() {
    for spec in pipelines::built_in() {
        assert_eq!(check(&spec), [], "{}", spec.pipeline);
    }
}

#[test]
fn what_the_source_would_refuse_is_said_at_its_place() {
    let column = |change: Value| json!({"columns": [change]});
    let filter =
        |name: &str, value: &str| json!({"source": {"filters": [{"name": name, "value": value}]}});
    for (change, path) in [
        (
            json!({"source": {"report_type": "FULL_PATH"}}),
            "/source/report_type",
        ),
        (
            json!({"source": {"report_type": "standard"}}),
            "/source/report_type",
        ),
        (
            json!({"window": {"first_days": 400, "look_back_days": 91}}),
            "/window/look_back_days",
        ),
        (
            json!({"schedule": {"every_hours": 1}}),
            "/schedule/every_hours",
        ),
        (filter("FILTER_ADVERTISER", "1"), "/source/filters/0/name"),
        (
            filter("http://169.254.169.254/", "1"),
            "/source/filters/0/name",
        ),
        (filter("FILTER_COUNTRY", ""), "/source/filters/0/value"),
        (
            column(json!({"name": "clicks", "ask": null})),
            "/columns/10/ask",
        ),
        (
            column(json!({"name": "clicks", "ask": "FILTER_CLICKS"})),
            "/columns/10/ask",
        ),
        (
            column(json!({"name": "clicks", "ask": "METRIC_"})),
            "/columns/10/ask",
        ),
        (
            column(json!({"name": "clicks", "ask": "METRIC_IMPRESSIONS"})),
            "/columns/10/ask",
        ),
        (
            column(json!({"name": "revenue", "ask": "METRIC_REVENUE_USD"})),
            "/columns/12/ask",
        ),
        (
            column(json!({"name": "currency", "remove": true})),
            "/columns/11/ask",
        ),
        (
            column(json!({"name": "date", "ask": "FILTER_MONTH"})),
            "/columns/0/ask",
        ),
    ] {
        let found = said(change.clone());
        let wanted = (Weight::Error, path.to_owned());
        assert!(found.contains(&wanted), "{change}: {found:?}");
    }
}

#[test]
fn what_we_do_not_know_is_a_warning() {
    let more = json!({"columns": [{"name": "x", "ask": "METRIC_BRAND_NEW", "headers": ["X"],
        "role": "metric", "kind": "decimal", "to": "extra"}]});
    assert_eq!(
        said(more),
        [(Weight::Warning, "/columns/15/ask".to_owned())]
    );
    let reach = json!({"source": {"report_type": "REACH"}});
    assert_eq!(
        said(reach),
        [(Weight::Warning, "/source/report_type".to_owned())]
    );
}

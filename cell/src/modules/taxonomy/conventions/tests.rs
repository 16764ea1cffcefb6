//! Which convention is for which entity, and which may not stand side by side.

use serde_json::json;
use uuid::Uuid;

use super::{InForce, Scope, try_document};
use crate::modules::taxonomy::compiled::Compiled;

fn scope(value: serde_json::Value) -> Scope {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_scope_is_advertisers_campaigns_and_days() {
    let day = |text: &str| Some(text.parse().unwrap());
    let narrow = scope(json!({"advertiser_ids": ["1"], "from": "2026-04-01", "to": "2026-04-30"}));
    assert!(narrow.holds("1", None, day("2026-04-01")));
    assert!(narrow.holds("1", Some("7"), day("2026-04-30")));
    assert!(!narrow.holds("2", None, day("2026-04-10")));
    assert!(!narrow.holds("1", None, day("2026-03-31")));
    assert!(!narrow.holds("1", None, day("2026-05-01")));
    assert!(
        !narrow.holds("1", None, None),
        "nobody knows when it was made"
    );
    let campaigns = scope(json!({"campaign_ids": ["7"]}));
    assert!(campaigns.holds("1", Some("7"), None) && !campaigns.holds("1", None, None));
}

#[test]
fn two_that_say_equally_much_about_an_entity_overlap() {
    let overlap = |one, other| scope(one).overlaps(&scope(other));
    assert!(overlap(json!({}), json!({})));
    assert!(
        !overlap(json!({}), json!({"advertiser_ids": ["1"]})),
        "the nearer one counts"
    );
    assert!(overlap(
        json!({"advertiser_ids": ["1", "2"]}),
        json!({"advertiser_ids": ["2"]})
    ));
    assert!(!overlap(
        json!({"advertiser_ids": ["1"]}),
        json!({"advertiser_ids": ["2"]})
    ));
    assert!(!overlap(
        json!({"to": "2026-03-31"}),
        json!({"from": "2026-04-01"})
    ));
    assert!(overlap(
        json!({"to": "2026-04-01"}),
        json!({"from": "2026-04-01"})
    ));
    assert!(overlap(
        json!({"from": "2026-01-01"}),
        json!({"from": "2026-04-01"})
    ));
}

#[test]
fn a_bad_document_is_refused_where_it_is_bad() {
    let good = json!({"title": "Ours", "level": "line_item", "delimiter": "_",
        "fields": [{"name": "any", "kind": {"type": "text"}}]});
    let convention = serde_json::from_value(good.clone()).unwrap();
    let other = InForce {
        convention_id: Uuid::now_v7(),
        version: 1,
        compiled: Compiled::new(convention).unwrap(),
    };
    let others = [other];
    let paths = |document: &serde_json::Value, id| {
        let (_, found) = try_document(document, id, &others);
        found.into_iter().map(|one| one.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&good, None), ["/scope"]);
    assert!(paths(&good, Some(others[0].convention_id)).is_empty());
    let mut bad = good.clone();
    bad["level"] = json!("campaign");
    bad["delimiter"] = json!("a");
    bad["fields"][0]["kind"] = json!({"type": "pattern", "pattern": "(a"});
    assert_eq!(paths(&bad, None), ["/delimiter", "/fields/0/kind/pattern"]);
    bad["fields"][0]["kind"] = json!({"type": "surprise"});
    assert_eq!(paths(&bad, None), ["/fields/0/kind/type"]);
}

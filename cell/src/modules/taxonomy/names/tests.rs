//! Names of an org against its conventions, with what stands above them and what they were before.

use serde_json::json;
use uuid::Uuid;

use super::{Named, Names, Past, trend};
use crate::modules::taxonomy::check::Code;
use crate::modules::taxonomy::compiled::Compiled;
use crate::modules::taxonomy::convention::Level;
use crate::modules::taxonomy::conventions::InForce;
use crate::modules::taxonomy::settings::Settings;

const ALL: Settings = Settings {
    check_paused: true,
    check_drafts: true,
    check_archived: false,
    suggest: true,
};

fn in_force(document: serde_json::Value) -> InForce {
    InForce {
        convention_id: Uuid::now_v7(),
        version: 1,
        compiled: Compiled::new(serde_json::from_value(document).unwrap()).unwrap(),
    }
}

fn markets(level: &str, more: serde_json::Value) -> InForce {
    let mut document = json!({"title": level, "level": level, "delimiter": "_", "fields": [
        {"name": "market", "kind": {"type": "picklist", "values": [
            {"code": "DE", "aliases": ["GER"]}, {"code": "FR"}]}},
        {"name": "name", "kind": {"type": "text"}}]});
    for (key, value) in more.as_object().unwrap() {
        document[key] = value.clone();
    }
    in_force(document)
}

fn named(level: Level, id: &str, name: &str, parent: Option<&str>) -> Named {
    Named {
        dsp: "dv360".into(),
        level,
        entity_id: id.into(),
        name: name.into(),
        entity_status: "active".into(),
        advertiser_id: "1".into(),
        advertiser_name: "Acme".into(),
        currency: "EUR".into(),
        campaign_id: parent
            .filter(|_| level == Level::InsertionOrder)
            .map(Into::into),
        insertion_order_id: parent.filter(|_| level == Level::LineItem).map(Into::into),
        flight: None,
        made_on: None,
    }
}

#[test]
fn a_child_is_compared_with_what_its_parent_says() {
    let same =
        json!({"rules": [{"rule": "same_as_parent", "field": "market", "parent_field": "market"}]});
    let conventions = [
        markets("insertion_order", json!({})),
        markets("line_item", same),
    ];
    let entities = [
        named(Level::InsertionOrder, "10", "DE_order", None),
        named(Level::LineItem, "20", "DE_line", Some("10")),
        named(Level::LineItem, "21", "FR_line", Some("10")),
        named(Level::LineItem, "22", "GER_line", Some("10")),
        named(Level::Creative, "30", "anything", None),
    ];
    let names = Names::new(&entities, &conventions, ALL);
    let judged = names.judge();
    let compliant: Vec<Option<bool>> = judged.iter().map(|one| one.compliant()).collect();
    assert_eq!(
        compliant,
        [Some(true), Some(true), Some(false), Some(false), None]
    );
    assert_eq!(judged[2].issues[0].code, Code::RuleBroken);
    assert_eq!(judged[3].suggestions[0].name, "DE_line");
}

#[test]
fn the_nearest_convention_counts_and_the_switched_off_is_left_out() {
    let own = markets(
        "line_item",
        json!({"scope": {"advertiser_ids": ["1"]}, "delimiter": "-"}),
    );
    let conventions = [markets("line_item", json!({})), own];
    let mut entities = [
        named(Level::LineItem, "20", "DE-line", None),
        named(Level::LineItem, "21", "DE_line", None),
        named(Level::LineItem, "22", "bad", None),
    ];
    entities[1].advertiser_id = "2".into();
    entities[2].entity_status = "archived".into();
    let judged = Names::new(&entities, &conventions, ALL).judge();
    let ids: Vec<&str> = judged
        .iter()
        .map(|one| one.entity.entity_id.as_str())
        .collect();
    assert_eq!(ids, ["20", "21"]);
    assert!(judged.iter().all(|one| one.compliant() == Some(true)));
}

#[test]
fn names_that_may_occur_once_are_all_told_of() {
    let unique = json!({"unique": "in_parent", "case": "any"});
    let conventions = [markets("line_item", unique)];
    let entities = [
        named(Level::LineItem, "20", "DE_a", Some("10")),
        named(Level::LineItem, "21", "de_A", Some("10")),
        named(Level::LineItem, "22", "DE_a", Some("11")),
    ];
    let judged = Names::new(&entities, &conventions, ALL).judge();
    let said: Vec<Vec<&str>> = judged
        .iter()
        .map(|one| {
            one.issues
                .iter()
                .map(|issue| issue.message.as_str())
                .collect()
        })
        .collect();
    assert_eq!(said[0], ["21 has the same name"]);
    assert_eq!(said[1], ["20 has the same name"]);
    assert!(said[2].is_empty(), "another parent");
}

#[test]
fn the_trend_is_told_from_what_names_were() {
    let conventions = [markets("line_item", json!({"unique": "in_advertiser"}))];
    let entities = [
        named(Level::LineItem, "20", "DE_a", None),
        named(Level::LineItem, "21", "FR_b", None),
    ];
    let day = |text: &str| text.parse().unwrap();
    let past = |id: &str, name: &str, from: &str, to: Option<&str>| Past {
        level: Level::LineItem,
        entity_id: id.into(),
        name: name.into(),
        entity_status: "active".into(),
        from: day(from),
        to: to.map(day),
    };
    let past = [
        past("20", "wrong", "2026-11-01", Some("2026-11-02")),
        past("20", "DE_a", "2026-11-03", None),
        past("21", "DE_a", "2026-11-02", Some("2026-11-03")),
        past("21", "FR_b", "2026-11-04", None),
    ];
    let names = Names::new(&entities, &conventions, ALL);
    let days = trend(&names, &past, day("2026-11-05"));
    let told: Vec<(String, u32, u32)> = days
        .iter()
        .map(|one| (one.date.to_string(), one.checked, one.compliant))
        .collect();
    assert_eq!(
        told,
        [
            ("2026-11-01".into(), 1, 0),
            ("2026-11-02".into(), 2, 1),
            // Both had the same name.
            ("2026-11-03".into(), 2, 0),
            ("2026-11-04".into(), 2, 2),
            ("2026-11-05".into(), 2, 2),
        ]
    );
    assert!(trend(&names, &[], day("2026-11-05")).is_empty());
}

//! The wire form of the feed is pinned.

use expect_test::expect;

use super::{CellRoute, OrgRoute, RouteEntry, RouteUpdate};
use crate::Epoch;

#[test]
fn updates_have_a_pinned_wire_form() {
    let cell = "cell_0192f3a4b5c67d8e9fa0b1c2d3e4f501".parse().unwrap();
    let org = "org_0192f3a4b5c67d8e9fa0b1c2d3e4f506".parse().unwrap();
    let entries = [
        Some(RouteEntry::Cell(CellRoute {
            cell,
            name: "cell-1".into(),
            addr: "127.0.0.1:9000".parse().unwrap(),
        })),
        Some(RouteEntry::Org(OrgRoute {
            org,
            slug: "acme".parse().unwrap(),
            hosts: vec!["ads.acme.example".parse().unwrap()],
            cell,
            epoch: Epoch::FIRST,
            held: true,
        })),
        Some(RouteEntry::OrgRemoved { org }),
        None,
    ];
    let lines: Vec<String> = (7..)
        .zip(entries)
        .map(|(seq, entry)| serde_json::to_string(&RouteUpdate { seq, entry }).unwrap())
        .collect();
    expect![[r#"
        {"seq":7,"entry":{"cell":{"cell":"cell_0192f3a4b5c67d8e9fa0b1c2d3e4f501","name":"cell-1","addr":"127.0.0.1:9000"}}}
        {"seq":8,"entry":{"org":{"org":"org_0192f3a4b5c67d8e9fa0b1c2d3e4f506","slug":"acme","hosts":["ads.acme.example"],"cell":"cell_0192f3a4b5c67d8e9fa0b1c2d3e4f501","epoch":1,"held":true}}}
        {"seq":9,"entry":{"org_removed":{"org":"org_0192f3a4b5c67d8e9fa0b1c2d3e4f506"}}}
        {"seq":10}"#]]
    .assert_eq(&lines.join("\n"));
    for line in lines {
        let back: RouteUpdate = serde_json::from_str(&line).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), line);
    }
}

#[test]
fn a_word_reserved_later_does_not_hide_an_org() {
    let line = r#"{"org":{"org":"org_0192f3a4b5c67d8e9fa0b1c2d3e4f506","slug":"support","cell":"cell_0192f3a4b5c67d8e9fa0b1c2d3e4f501","epoch":1}}"#;
    assert!(serde_json::from_str::<RouteEntry>(line).is_ok());
    let malformed = line.replace("support", "Not A Slug");
    assert!(serde_json::from_str::<RouteEntry>(&malformed).is_err());
}

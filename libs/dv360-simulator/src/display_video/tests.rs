//! The filter language and the orders of lists.

use expect_test::{Expect, expect};

use super::filter::Filter;
use super::order::Order;
use super::{LINE_ITEMS, PARTNERS};
use crate::world::{AdvertiserSpec, World};

fn check(text: &str, expected: Expect) {
    let shown = match Filter::parse(text, &LINE_ITEMS) {
        Ok(filter) => format!("{filter:?}"),
        Err(error) => format!("refused: {error}"),
    };
    expected.assert_eq(&shown);
}

#[test]
fn restrictions_of_one_field_are_joined_by_or_and_of_several_by_and() {
    check(
        r#"(entityStatus="ENTITY_STATUS_ACTIVE" OR entityStatus="ENTITY_STATUS_PAUSED") AND insertionOrderId="12""#,
        expect![[
            r#"All([Any([Equals { field: "entityStatus", value: "ENTITY_STATUS_ACTIVE" }, Equals { field: "entityStatus", value: "ENTITY_STATUS_PAUSED" }]), Equals { field: "insertionOrderId", value: "12" }])"#
        ]],
    );
    check(
        r#"lineItemId="1" OR lineItemId="2""#,
        expect![[
            r#"Any([Equals { field: "lineItemId", value: "1" }, Equals { field: "lineItemId", value: "2" }])"#
        ]],
    );
}

#[test]
fn update_time_takes_bounds_and_may_be_named_twice() {
    check(
        r#"updateTime>="2026-07-01T00:00:00Z" AND updateTime<="2026-07-02T00:00:00Z""#,
        expect!["All([UpdatedSince(2026-07-01T00:00:00Z), UpdatedUntil(2026-07-02T00:00:00Z)])"],
    );
}

#[test]
fn names_with_quotes_and_parentheses_survive() {
    check(
        r#"displayName="a \"b\" (c), d""#,
        expect![[r#"Equals { field: "displayName", value: "a \"b\" (c), d" }"#]],
    );
}

#[test]
fn a_sequence_without_operators_means_and() {
    check(
        r#"campaignId="1" insertionOrderId="2""#,
        expect![[
            r#"All([Equals { field: "campaignId", value: "1" }, Equals { field: "insertionOrderId", value: "2" }])"#
        ]],
    );
}

#[test]
fn what_google_refuses_is_refused() {
    check(
        r#"flavour="x""#,
        expect!["refused: field `flavour` cannot be filtered like this"],
    );
    check(
        r#"entityStatus>="ENTITY_STATUS_ACTIVE""#,
        expect!["refused: field `entityStatus` cannot be filtered like this"],
    );
    check(
        r#"updateTime="2026-07-01T00:00:00Z""#,
        expect!["refused: field `updateTime` cannot be filtered like this"],
    );
    check(
        r#"updateTime>="yesterday""#,
        expect!["refused: field `updateTime` cannot be filtered like this"],
    );
    check(
        r#"lineItemId="abc""#,
        expect!["refused: field `lineItemId` cannot be filtered like this"],
    );
    check(
        r#"campaignId="1" OR lineItemId="2""#,
        expect!["refused: OR joins restrictions of different fields"],
    );
    check(
        r#"campaignId="1" AND lineItemId="2" OR lineItemId="3""#,
        expect!["refused: AND and OR are mixed without parentheses"],
    );
    check(
        r#"campaignId="1" AND campaignId="2""#,
        expect!["refused: AND repeats the same restriction on `campaignId`"],
    );
    check(
        r#"(campaignId="1""#,
        expect!["refused: filter does not parse near `the end`"],
    );
    check(
        r#"campaignId="1")"#,
        expect!["refused: filter does not parse near `)`"],
    );
    check(
        r#"campaignId="1"#,
        expect![[r#"refused: filter does not parse near `"1`"#]],
    );
    check("", expect!["refused: filter does not parse near `the end`"]);
    check(
        &format!("displayName=\"{}\"", "x".repeat(490)),
        expect!["refused: filter is longer than 500 characters"],
    );
}

#[test]
fn partners_cannot_be_filtered_by_update_time() {
    assert!(Filter::parse(r#"updateTime>="2026-07-01T00:00:00Z""#, &PARTNERS).is_err());
}

#[test]
fn any_text_is_either_parsed_or_refused_without_a_panic() {
    for text in [
        "é=\"1\"", ">", "<é", "\"", "\\", "((((", "AND", "a=", "a=\"\\", "🎧",
    ] {
        assert!(Filter::parse(text, &LINE_ITEMS).is_err(), "{text}");
    }
}

#[test]
fn an_order_sorts_both_ways_and_unknown_fields_are_refused() {
    let world = World::builder(5)
        .advertiser(AdvertiserSpec::default())
        .build();
    let mut items: Vec<_> = world.advertisers[0].line_items.iter().collect();
    Order::parse(Some("updateTime desc"), &LINE_ITEMS)
        .unwrap()
        .sort(&mut items);
    assert!(items.is_sorted_by(|a, b| a.updated_at >= b.updated_at));
    Order::parse(None, &LINE_ITEMS).unwrap().sort(&mut items);
    assert!(items.is_sorted_by(|a, b| a.name <= b.name));
    assert_eq!(Order::parse(Some("flavour"), &LINE_ITEMS), None);
}

//! The lower limit holds, and money is counted exactly.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Budgets, Limit, Line, Resource, Standing, Terms};

fn limit(soft: Option<u64>, hard: Option<u64>) -> Limit {
    Limit { soft, hard }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_lower_of_two_limits_holds() {
    let platform = limit(Some(500), Some(1_000));
    for (own, expected) in [
        (limit(None, None), platform),
        (limit(None, Some(200)), limit(Some(200), Some(200))),
        (limit(Some(10), Some(2_000)), limit(Some(10), Some(1_000))),
        (limit(Some(0), Some(0)), limit(Some(0), Some(0))),
    ] {
        assert_eq!(own.within(platform), expected);
    }
    assert_eq!(
        limit(Some(1), None).within(Limit::default()),
        limit(Some(1), None)
    );
}

#[test]
fn money_is_rounded_up_per_meter() {
    let terms: Terms = serde_json::from_value(json!({"prices": {"a": 7_380, "b": 1}})).unwrap();
    assert_eq!(
        terms.cost_micros_usd([("a", 1_000_000_000), ("c", 5)]),
        7_380
    );
    assert_eq!(terms.cost_micros_usd([("a", 1), ("b", 1)]), 2);
    assert_eq!(
        terms.cost_micros_usd([("a", u64::MAX)]),
        136_136_971_263_977
    );
    assert_eq!(terms.weight(), 1);
}

#[test]
fn each_resource_has_its_own_days() {
    let now = at("2026-12-31T06:00:00Z");
    let ends = Resource::ALL.map(|one| one.period(now));
    assert_eq!(
        ends[0],
        (at("2026-12-30T08:00:00Z"), at("2026-12-31T08:00:00Z"))
    );
    assert_eq!(
        ends[1],
        (at("2026-12-31T00:00:00Z"), at("2027-01-01T00:00:00Z"))
    );
    assert_eq!(
        ends[3],
        (at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))
    );
}

#[test]
fn at_the_soft_limit_backfills_wait_and_at_the_hard_one_everything() {
    let line = |used: u64| Line {
        resource: Resource::Rows,
        used,
        limit: limit(Some(10), Some(20)),
        own: Limit::default(),
        resets_at: at("2026-12-31T00:00:00Z"),
    };
    let budgets = |used| Budgets {
        terms: Terms::default(),
        lines: vec![line(used)],
    };
    assert_eq!(line(9).standing(), Standing::Within);
    assert_eq!(line(10).standing(), Standing::Soft);
    assert_eq!(line(20).standing(), Standing::UsedUp);
    assert!(budgets(9).backfill_refusal().is_none());
    assert!(budgets(10).refusal().is_none());
    let denied = budgets(10).backfill_refusal().unwrap();
    assert_eq!(denied.message, "the budget of rows is used up");
    assert!(budgets(20).refusal().is_some());
    assert_eq!(budgets(15).left(Resource::Rows), Some(5));
    assert_eq!(budgets(15).left(Resource::Calls), None);
}

//! The order of rows of several currencies, as ids.

use std::collections::HashMap;

use super::super::figures::Status;
use super::super::judge::{Deliveries, Rules};
use super::super::rows::{PacingRow, totals};
use super::super::settings::Settings;
use super::super::{Book, Order, Segment};
use super::{DEFAULT, Sort};

/// Id, unit, status, budget and what of it is at risk.
type Given = (
    &'static str,
    &'static str,
    Status,
    i64,
    Option<&'static str>,
);

fn made((id, unit, status, budget, at_risk): Given) -> PacingRow {
    let impressions = unit == "impressions";
    let order = Order {
        dsp: "dv360".into(),
        insertion_order_id: id.into(),
        name: id.into(),
        advertiser_id: "1".into(),
        advertiser_name: "One".into(),
        campaign_id: "1".into(),
        campaign_name: "One".into(),
        currency: if impressions { "EUR" } else { unit }.into(),
        entity_status: "active".into(),
        budget_unit: if impressions { unit } else { "currency" }.into(),
        pacing_period: "flight".into(),
        pacing_type: "even".into(),
        daily_max_micros: None,
        since: None,
        through: None,
        open_from: None,
    };
    let day = "2026-07-01".parse().unwrap();
    let segment = Segment {
        start: day,
        end: day,
        budget_micros: budget,
        description: String::new(),
        edits: Vec::new(),
    };
    let book = Book {
        order,
        segments: vec![segment],
        line_items: Vec::new(),
    };
    let (settings, none) = (Settings::default(), HashMap::new());
    let (row, _) = book.rows(&Deliveries::new(&none, None), &Rules::new(&settings));
    PacingRow {
        status,
        expected_micros: budget,
        spend_micros: budget / 2,
        at_risk_percent: at_risk.map(str::to_owned),
        ..row
    }
}

fn rows() -> Vec<PacingRow> {
    [
        ("a", "impressions", Status::Behind, 900, Some("2.00")),
        ("b", "GBP", Status::Ended, 500, None),
        ("c", "EUR", Status::OnPace, 100, Some("0.00")),
        ("d", "EUR", Status::Behind, 300, Some("31.00")),
        ("e", "GBP", Status::Ahead, 200, Some("0.00")),
        ("f", "impressions", Status::NotStarted, 50, None),
    ]
    .map(made)
    .into()
}

fn sorted(by: &str) -> String {
    let mut rows = rows();
    rows = Sort::parse(by).unwrap().apply(rows);
    rows.iter()
        .map(|row| row.insertion_order_id.as_str())
        .collect()
}

#[test]
fn what_needs_a_person_comes_first() {
    assert_eq!(sorted(DEFAULT), "daecfb");
}

#[test]
fn amounts_are_compared_within_their_unit() {
    assert_eq!(sorted("budget_micros"), "cdebfa");
    assert_eq!(sorted("-budget_micros"), "dcbeaf");
}

#[test]
fn every_unit_has_its_own_total() {
    let mut rows = rows();
    rows.push(made(("g", "EUR", Status::NoData, 7000, None)));
    let all = totals(rows.iter());
    let read: Vec<_> = all
        .iter()
        .map(|one| (one.currency.as_deref(), one.budget_micros, one.count))
        .collect();
    assert_eq!(
        read,
        [(Some("EUR"), 400, 2), (Some("GBP"), 700, 2), (None, 950, 2)]
    );
    assert_eq!(all[0].pacing_percent.as_deref(), Some("50.00"));
}

//! Explanations, read as a person would.

use chrono::NaiveDate;

use super::{Unit, explain};
use crate::modules::pacing::calendar::Calendar;
use crate::modules::pacing::caps::{Cap, CapKind};
use crate::modules::pacing::figures::{Band, Known, Spent, compute};
use crate::modules::pacing::judge::Standing;
use crate::modules::pacing::plan::{Edit, Grain, PacingType, Plan};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn standing<'a>(plan: Plan<'a>, through: &str, spent: Spent, caps: Vec<Cap>) -> Standing<'a> {
    let known = Known {
        through: Some(day(through)),
        spent,
        ceiling: super::super::caps::ceiling(&caps),
        ..Known::default()
    };
    let figures = compute(&plan, &known, Band::default());
    Standing {
        plan,
        known,
        caps,
        figures,
    }
}

const EUR: Unit<'_> = Unit {
    currency: "EUR",
    impressions: false,
};

#[test]
fn every_figure_shows_its_numbers() {
    let plain = Calendar::default();
    let ends = (day("2026-07-31"), 30_000_000_000);
    let plan = Plan::whole(
        day("2026-07-01"),
        ends,
        PacingType::Even,
        Grain::Micro,
        &plain,
    );
    let spent = Spent {
        to_date: 9_000_000_000,
        yesterday: 900_000_000,
        last_week: 6_300_000_000,
    };
    let caps = vec![
        Cap::new(CapKind::Budget, 21_000_000_000),
        Cap::new(CapKind::DailyMax, 23_100_000_000),
    ];
    let standing = standing(plan, "2026-07-10", spent, caps);
    let text: Vec<String> = explain(&standing, EUR, None)
        .iter()
        .map(|one| format!("{}: {} = {}", one.key, one.filled, one.value))
        .collect();
    expect_test::expect![[r#"
        days_elapsed: 2026-07-01 to 2026-07-31: 10 of 31 = 10
        spend_micros: 10 days from 2026-07-01 = 9,000.00 EUR
        expected_micros: 30,000.00 EUR × 10 ÷ 31 = 9,677.419355 EUR
        pacing_percent: 9,000.00 EUR ÷ 9,677.419355 EUR = 93.00 %
        percent_ahead: 93.00 % − 100 % = -7.00 %
        ahead_micros: 9,000.00 EUR − 9,677.419355 EUR = -677.419355 EUR
        days_ahead: 10 × (9,000.00 EUR ÷ 9,677.419355 EUR − 1) = -0.70
        remaining_micros: 30,000.00 EUR − 9,000.00 EUR = 21,000.00 EUR
        needed_per_day_micros: max(0, 21,000.00 EUR) ÷ 21 = 1,000.00 EUR
        average_per_day_micros: 9,000.00 EUR ÷ 10 = 900.00 EUR
        last_week_per_day_micros: 6,300.00 EUR ÷ 7 = 900.00 EUR
        yesterday_micros: 2026-07-10 = 900.00 EUR
        target_next_day_micros: needed 1,000.00 EUR, remaining 21,000.00 EUR = 1,000.00 EUR
        projected_end_micros: 9,000.00 EUR + 6,300.00 EUR ÷ 7 × 21, at most 23,100.00 EUR more = 27,900.00 EUR
        projected_low_micros: 27,900.00 EUR to 27,900.00 EUR = 27,900.00 EUR to 27,900.00 EUR
        underspend_at_risk_micros: max(0, 30,000.00 EUR − 27,900.00 EUR) = 2,100.00 EUR
        cap_kind: min(budget 21,000.00 EUR, daily maximum over the days left 23,100.00 EUR) = budget 21,000.00 EUR"#]]
    .assert_eq(&text.join("\n"));
}

#[test]
fn an_edit_says_what_was_planned_before_it() {
    let plain = Calendar::default();
    let edit = |from, budget| Edit {
        from: day(from),
        end: day("2026-07-31"),
        budget,
    };
    let edits = [
        edit("2026-07-01", 31_000_000_000),
        edit("2026-07-21", 42_000_000_000),
    ];
    let plan = Plan::new(
        edits[0].from,
        &edits,
        PacingType::Even,
        Grain::Micro,
        &plain,
    );
    let spent = Spent {
        to_date: 20_000_000_000,
        yesterday: 1_000_000_000,
        last_week: 7_000_000_000,
    };
    let standing = standing(plan, "2026-07-21", spent, Vec::new());
    let all = explain(&standing, EUR, None);
    let read = |key: &str| {
        let one = all.iter().find(|one| one.key == key).unwrap();
        format!("{} = {}", one.filled, one.value)
    };
    assert_eq!(
        read("expected_micros"),
        "20,000.00 EUR + (42,000.00 EUR − 20,000.00 EUR) × 1 ÷ 11 = 22,000.00 EUR"
    );
    assert_eq!(
        read("restated_percent"),
        "20,000.00 EUR ÷ (42,000.00 EUR × 21 ÷ 31) = 70.29 %"
    );
    let week = all
        .iter()
        .find(|one| one.key == "projected_end_micros")
        .unwrap();
    assert_eq!(
        (week.from, week.to),
        (Some(day("2026-07-15")), Some(day("2026-07-21")))
    );
}

#[test]
fn impressions_are_delivered_and_whole() {
    let plain = Calendar::default();
    let ends = (day("2026-11-30"), 6_227_700_000_000);
    let plan = Plan::whole(
        day("2026-11-01"),
        ends,
        PacingType::Even,
        Grain::Whole,
        &plain,
    );
    let spent = Spent {
        to_date: 3_207_792_000_000,
        yesterday: 140_000_000_000,
        last_week: 1_011_394_000_000,
    };
    let standing = standing(plan, "2026-11-22", spent, Vec::new());
    let unit = Unit {
        currency: "EUR",
        impressions: true,
    };
    let all = explain(&standing, unit, None);
    let read = |key: &str| {
        let one = all.iter().find(|one| one.key == key).unwrap();
        format!("{}: {} = {}", one.label, one.formula, one.value)
    };
    assert_eq!(
        read("spend_micros"),
        "Delivered: billable impressions of the complete days, added up = 3,207,792 impressions"
    );
    assert!(read("projected_end_micros").ends_with("= 4,363,671 impressions"));
    assert!(all.iter().all(|one| !one.formula.contains("spent")));
}

//! The formulas on worked examples, and against an oracle that counts day by day.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{Band, Figures, Known, Spent, Status, choose_segment};
use crate::modules::pacing::calendar::{Calendar, Special};
use crate::modules::pacing::plan::{Edit, Grain, PacingType, Plan};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plan(days: u64, budget: i64) -> Plan<'static> {
    plan_as(PacingType::Even, days, budget)
}

fn plan_as(pacing_type: PacingType, days: u64, budget: i64) -> Plan<'static> {
    plan_in(plain(), pacing_type, days, budget)
}

fn plan_in(calendar: &Calendar, kind: PacingType, days: u64, budget: i64) -> Plan<'_> {
    let start = day("2026-07-01");
    let ends = (start + Days::new(days - 1), budget);
    Plan::whole(start, ends, kind, Grain::Micro, calendar)
}

fn plain() -> &'static Calendar {
    static PLAIN: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(Calendar::default);
    &PLAIN
}

fn compute(plan: &Plan<'_>, through: Option<NaiveDate>, spent: Spent) -> Figures {
    let known = Known {
        through,
        spent,
        ..Known::default()
    };
    super::compute(plan, &known, Band::default())
}

fn to_date(to_date: i64) -> Spent {
    Spent {
        to_date,
        ..Spent::default()
    }
}

#[test]
fn the_published_example_is_ninety_five_percent() {
    let spent = Spent {
        to_date: 57,
        yesterday: 9,
        last_week: 57,
    };
    let figures = compute(&plan(10, 100), Some(day("2026-07-06")), spent);
    assert_eq!(
        figures,
        Figures {
            days_total: 10,
            days_elapsed: 6,
            expected: 60,
            pacing_percent: Some("95.00".into()),
            percent_ahead: Some("-5.00".into()),
            days_ahead: Some("-0.30".into()),
            ahead: -3,
            remaining: 43,
            needed_per_day: Some(11),
            target_next_day: Some(11),
            average_per_day: Some(10),
            last_week_per_day: Some(10),
            projected_end: Some(95),
            projected_low: Some(93),
            projected_high: Some(95),
            used_up_on: None,
            underspend_at_risk: 5,
            at_risk_percent: Some("5.00".into()),
            status: Status::OnPace,
        }
    );
}

#[test]
fn the_first_and_the_last_day_count_whole() {
    let spent = Spent {
        to_date: 1000,
        yesterday: 1000,
        last_week: 1000,
    };
    let first = compute(&plan(30, 30_000), Some(day("2026-07-01")), spent);
    assert_eq!(
        (first.pacing_percent.as_deref(), first.expected),
        (Some("100.00"), 1000)
    );
    let spent = Spent {
        to_date: 30_000,
        yesterday: 1000,
        last_week: 7000,
    };
    let last = compute(&plan(30, 30_000), Some(day("2026-07-30")), spent);
    assert_eq!((last.status, last.needed_per_day), (Status::Ended, None));
    assert_eq!(
        (last.projected_end, last.pacing_percent.as_deref()),
        (Some(30_000), Some("100.00"))
    );
    let long_after = compute(&plan(30, 30_000), Some(day("2026-12-30")), spent);
    assert_eq!(long_after, last);
}

#[test]
fn before_the_first_complete_day_there_is_no_pacing() {
    let none = Spent::default();
    let early = compute(&plan(30, 300), Some(day("2026-06-30")), none);
    assert_eq!(
        (early.status, early.pacing_percent, early.projected_end),
        (Status::NotStarted, None, None)
    );
    assert_eq!(
        (early.underspend_at_risk, early.needed_per_day),
        (0, Some(10))
    );
    let blind = compute(&plan(30, 300), None, none);
    assert_eq!(
        (blind.status, blind.expected, blind.underspend_at_risk),
        (Status::NoData, 0, 0)
    );
    assert_eq!(
        compute(&plan(30, 0), Some(day("2026-07-05")), none).status,
        Status::NoBudget
    );
}

#[test]
fn ahead_aims_a_fifth_higher_and_never_over_the_budget() {
    let ahead = plan_as(PacingType::Ahead, 10, 1000);
    let at = |through: &str| compute(&ahead, Some(day(through)), Spent::default()).expected;
    assert_eq!(
        (at("2026-07-05"), at("2026-07-08"), at("2026-07-09")),
        (600, 960, 1000)
    );
}

#[test]
fn the_plan_reaches_the_last_day_and_never_dips() {
    let planned = |pacing_type| -> Vec<i64> {
        let plan = plan_as(pacing_type, 10, 1000);
        let days: Vec<_> = plan.days().collect();
        assert_eq!((days[0].0, days[9].0), (plan.start, plan.end));
        days.into_iter().map(|(_, micros)| micros).collect()
    };
    assert_eq!(
        planned(PacingType::Even),
        [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]
    );
    assert_eq!(
        planned(PacingType::Ahead),
        [120, 240, 360, 480, 600, 720, 840, 960, 1000, 1000]
    );
    assert_eq!(planned(PacingType::Asap), [1000; 10]);
}

#[test]
fn impressions_are_whole_everywhere() {
    let mut whole = plan(30, 6_227_700_000_000);
    whole.grain = Grain::Whole;
    let spent = Spent {
        to_date: 3_207_792_000_000,
        yesterday: 140_000_000_000,
        last_week: 1_011_394_000_000,
    };
    let figures = compute(&whole, Some(day("2026-07-22")), spent);
    assert_eq!(figures.projected_end, Some(4_363_671_000_000));
    assert_eq!(figures.average_per_day, Some(145_809_000_000));
    assert_eq!(
        figures.needed_per_day,
        Some(377_488_000_000),
        "half to even"
    );
    assert_eq!(figures.underspend_at_risk, 1_864_029_000_000);
    assert!(whole.days().all(|(_, micros)| micros % 1_000_000 == 0));
}

#[test]
fn asap_is_never_too_early_but_can_be_late() {
    let asap = plan_as(PacingType::Asap, 10, 1000);
    let status = |spent| compute(&asap, Some(day("2026-07-05")), to_date(spent)).status;
    assert_eq!(
        (status(449), status(450), status(1000)),
        (Status::Behind, Status::OnPace, Status::OnPace)
    );
    assert_eq!(
        compute(&asap, Some(day("2026-07-01")), Spent::default()).expected,
        1000
    );
}

#[test]
fn the_band_is_inclusive() {
    let status = |spent| compute(&plan(10, 1000), Some(day("2026-07-05")), to_date(spent)).status;
    let all = [449, 450, 550, 551].map(status);
    assert_eq!(
        all,
        [
            Status::Behind,
            Status::OnPace,
            Status::OnPace,
            Status::Ahead
        ]
    );
}

#[test]
fn the_segment_shown_is_the_one_a_trader_works_on() {
    let segments = [
        ("2026-07-01", "2026-07-31"),
        ("2026-08-01", "2026-08-31"),
        ("2026-10-01", "2026-10-31"),
    ]
    .map(|(start, end)| (day(start), day(end)));
    let at = |through: &str| choose_segment(&segments, Some(day(through)));
    assert_eq!(at("2026-06-01"), Some(0));
    assert_eq!(at("2026-07-30"), Some(0));
    assert_eq!(at("2026-07-31"), Some(1), "today is in August");
    assert_eq!(
        at("2026-08-31"),
        Some(1),
        "the data ends in it and none runs today"
    );
    assert_eq!(at("2026-09-15"), Some(2));
    assert_eq!(at("2026-11-15"), Some(2));
    assert_eq!(choose_segment(&segments, None), Some(2));
    assert_eq!(choose_segment(&[], Some(day("2026-06-01"))), None);
}

#[test]
fn budgets_edited_on_the_way_keep_the_plan_of_the_days_before() {
    let edit = |from: &str, end: &str, budget| Edit {
        from: day(from),
        end: day(end),
        budget,
    };
    let edits = [
        edit("2026-07-01", "2026-07-30", 3000),
        edit("2026-07-21", "2026-07-30", 6000),
    ];
    let plan = Plan::new(
        edits[0].from,
        &edits,
        PacingType::Even,
        Grain::Micro,
        plain(),
    );
    let at = |through: &str| compute(&plan, Some(day(through)), to_date(2000));
    assert_eq!(at("2026-07-20").expected, 2000);
    assert_eq!(at("2026-07-20").pacing_percent.as_deref(), Some("100.00"));
    assert_eq!(
        at("2026-07-21").expected,
        2400,
        "the rest over the ten days left"
    );
    assert_eq!(at("2026-07-30").expected, 6000);
    let restated = compute(&plan.restated(), Some(day("2026-07-20")), to_date(2000));
    assert_eq!(
        restated.pacing_percent.as_deref(),
        Some("50.00"),
        "as the source counts"
    );

    let cut = plan.with(edit("2026-07-26", "2026-07-28", 1000));
    let cut = |through: &str| compute(&cut, Some(day(through)), to_date(0)).expected;
    assert_eq!((cut("2026-07-25"), cut("2026-07-26")), (4000, 1000));
    let late = [edits[0], edit("2026-08-15", "2026-07-30", 4500)];
    let late = Plan::new(
        edits[0].from,
        &late,
        PacingType::Even,
        Grain::Micro,
        plain(),
    );
    assert!(!late.is_edited(), "after the last day it is a correction");
    assert_eq!(
        compute(&late, Some(day("2026-07-20")), to_date(0)).expected,
        3000
    );
}

#[test]
fn dark_days_want_nothing_and_say_nothing() {
    let dark = Special {
        from: day("2026-07-04"),
        to: day("2026-07-05"),
        weight: 0,
    };
    let calendar = Calendar::new([100; 7], &[dark]);
    let plan = plan_in(&calendar, PacingType::Even, 10, 800);
    let at = |through: &str| {
        let spent = Spent {
            to_date: 300,
            yesterday: 0,
            last_week: 300,
        };
        compute(&plan, Some(day(through)), spent)
    };
    let friday = at("2026-07-05");
    assert_eq!((friday.expected, friday.days_elapsed), (300, 5));
    assert_eq!(friday.pacing_percent.as_deref(), Some("100.00"));
    assert_eq!(
        (friday.needed_per_day, friday.projected_end),
        (Some(100), Some(800))
    );
    assert_eq!(
        friday.projected_low,
        Some(800),
        "a dark yesterday is no rate"
    );
    assert_eq!(
        at("2026-07-03").target_next_day,
        Some(0),
        "nothing on the dark day"
    );
    let all_dark = Calendar::new([0; 7], &[]);
    let plan = plan_in(&all_dark, PacingType::Even, 10, 800);
    let half = compute(&plan, Some(day("2026-07-05")), to_date(400));
    assert_eq!(
        half.pacing_percent.as_deref(),
        Some("100.00"),
        "then all days are alike"
    );
}

#[test]
fn the_next_days_target_is_the_sources_own() {
    let of = |kind, daily, daily_max| {
        let known = Known {
            through: Some(day("2026-07-05")),
            spent: to_date(500),
            daily,
            daily_max,
            ..Known::default()
        };
        super::compute(&plan_as(kind, 10, 1000), &known, Band::default()).target_next_day
    };
    assert_eq!(of(PacingType::Even, false, None), Some(100));
    assert_eq!(of(PacingType::Ahead, false, None), Some(120));
    assert_eq!(of(PacingType::Asap, false, None), Some(500));
    assert_eq!(of(PacingType::Even, false, Some(80)), Some(80));
    assert_eq!(of(PacingType::Even, true, Some(250)), Some(250));
    assert_eq!(of(PacingType::Even, true, Some(700)), Some(500));
}

#[test]
fn a_ceiling_holds_the_projection_and_a_fast_one_uses_all_up() {
    let known = Known {
        through: Some(day("2026-07-05")),
        spent: Spent {
            to_date: 750,
            yesterday: 90,
            last_week: 750,
        },
        ..Known::default()
    };
    let free = super::compute(&plan(10, 1000), &known, Band::default());
    assert_eq!(
        (free.projected_end, free.underspend_at_risk),
        (Some(1500), 0)
    );
    assert_eq!(
        (free.projected_low, free.projected_high),
        (Some(1200), Some(1500))
    );
    assert_eq!(free.used_up_on, Some(day("2026-07-07")), "250 at 150 a day");
    let held = Known {
        ceiling: Some(100),
        ..known
    };
    let held = super::compute(&plan(10, 1000), &held, Band::default());
    assert_eq!(
        (held.projected_end, held.underspend_at_risk),
        (Some(850), 150)
    );
    assert_eq!(held.used_up_on, None);
    let gone = Known {
        spent: to_date(1000),
        ..known
    };
    let gone = super::compute(&plan(10, 1000), &gone, Band::default());
    assert_eq!(gone.used_up_on, Some(day("2026-07-05")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Python compares the figures themselves; here is what must be so of any.
    #[test]
    fn whatever_comes_in_figures_keep_together(
        (length, budget, kind) in (0_u64..40_000, prop_oneof![0..3_000_000_000_000_i64, Just(i64::MAX), Just(i64::MIN)],
            prop_oneof![Just(PacingType::Even), Just(PacingType::Ahead), Just(PacingType::Asap)]),
        (reach, all, part) in (-5_i64..41_000, prop_oneof![0..2_000_000_000_000_i64, Just(i64::MAX), Just(i64::MIN)], 0_i64..100),
        (weekend, at, cut) in (0_i64..500, 0_u64..60, 0_i64..3_000_000_000_000),
    ) {
        let calendar = Calendar::new([100, 100, 100, 100, 100, weekend, weekend], &[]);
        let start = day("2026-07-01");
        let first = Edit { from: start, end: start + Days::new(length), budget };
        let second = Edit { from: start + Days::new(at), budget: cut, ..first };
        let plan = Plan::new(start, &[first, second], kind, Grain::Micro, &calendar);
        let through = start + chrono::TimeDelta::days(reach);
        let spent = Spent { to_date: all, yesterday: all / 100 * part, last_week: all / 100 * part };
        let figures = compute(&plan, Some(through), spent);
        prop_assert!(figures.projected_low <= figures.projected_end);
        prop_assert!(figures.projected_end <= figures.projected_high);
        prop_assert!(figures.underspend_at_risk >= 0);
        prop_assert!(figures.days_elapsed <= figures.days_total);
        prop_assert_eq!(figures.ahead, all.saturating_sub(figures.expected));
        if reach >= 0 && through < plan.end {
            let ends = compute(&plan, Some(plan.end), spent);
            prop_assert_eq!(ends.expected, plan.budget.max(0));
        }
    }
}

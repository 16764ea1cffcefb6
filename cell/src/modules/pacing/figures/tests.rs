//! The formulas on worked examples, and against an oracle that counts day by day.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{Figures, Grain, PacingType, Plan, Spent, Status, choose_segment, compute, plan_days};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plan(days: u64, budget: i64) -> Plan {
    let start = day("2026-07-01");
    Plan {
        start,
        end: start + Days::new(days - 1),
        budget,
        pacing_type: PacingType::Even,
        grain: Grain::Micro,
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
            remaining: 43,
            needed_per_day: Some(11),
            average_per_day: Some(10),
            projected_end: Some(95),
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
    let ahead = Plan {
        pacing_type: PacingType::Ahead,
        ..plan(10, 1000)
    };
    let at = |through: &str| compute(&ahead, Some(day(through)), Spent::default()).expected;
    assert_eq!(
        (at("2026-07-05"), at("2026-07-08"), at("2026-07-09")),
        (600, 960, 1000)
    );
}

#[test]
fn the_plan_reaches_the_last_day_and_never_dips() {
    let planned = |pacing_type| -> Vec<i64> {
        let plan = Plan {
            pacing_type,
            ..plan(10, 1000)
        };
        let days: Vec<_> = plan_days(plan).collect();
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
    let whole = Plan {
        grain: Grain::Whole,
        ..plan(30, 6_227_700_000_000)
    };
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
    assert!(plan_days(whole).all(|(_, micros)| micros % 1_000_000 == 0));
}

#[test]
fn asap_is_never_too_early_but_can_be_late() {
    let asap = Plan {
        pacing_type: PacingType::Asap,
        ..plan(10, 1000)
    };
    let status = |to_date| {
        let spent = Spent {
            to_date,
            ..Spent::default()
        };
        compute(&asap, Some(day("2026-07-05")), spent).status
    };
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
    let status = |to_date| {
        let spent = Spent {
            to_date,
            ..Spent::default()
        };
        compute(&plan(10, 1000), Some(day("2026-07-05")), spent).status
    };
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

/// A second way to the same numbers: fractions added day by day, decimals by long division.
mod oracle {
    #[derive(Clone, Copy)]
    pub(super) struct Fraction(pub(super) i128, pub(super) i128);

    fn gcd(a: i128, b: i128) -> i128 {
        if b == 0 { a.abs() } else { gcd(b, a % b) }
    }

    impl Fraction {
        pub(super) fn new(top: i128, bottom: i128) -> Self {
            let shared = gcd(top, bottom).max(1);
            Self(top / shared, bottom / shared)
        }
        pub(super) fn plus(self, other: Self) -> Self {
            Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
        }
        pub(super) fn over(self, other: Self) -> Self {
            Self::new(self.0 * other.1, self.1 * other.0)
        }
        pub(super) fn at_most(self, limit: i128) -> Self {
            if self.0 > limit * self.1 {
                Self(limit, 1)
            } else {
                self
            }
        }

        /// School division: sign, whole part, then one digit at a time, and a look at what is left.
        pub(super) fn decimal(self, places: u32) -> String {
            let (top, bottom) = (self.0.abs(), self.1.abs());
            let negative = (self.0 < 0) != (self.1 < 0) && self.0 != 0;
            let mut digits = top / bottom;
            let mut rest = top % bottom;
            for _ in 0..places {
                rest *= 10;
                digits = digits * 10 + rest / bottom;
                rest %= bottom;
            }
            if rest > bottom - rest || (rest == bottom - rest && digits % 2 == 1) {
                digits += 1;
            }
            let mut text = format!("{digits:0>width$}", width = places as usize + 1);
            if places > 0 {
                text.insert(text.len() - places as usize, '.');
            }
            if negative && digits != 0 {
                format!("-{text}")
            } else {
                text
            }
        }
    }
}

use oracle::Fraction;

fn any_case() -> impl Strategy<Value = (Plan, i64, Vec<i64>)> {
    let kind = prop_oneof![
        Just(PacingType::Even),
        Just(PacingType::Ahead),
        Just(PacingType::Asap)
    ];
    (1_u64..400, 1_i64..3_000_000_000_000, kind, -5_i64..410).prop_flat_map(
        |(days, budget, pacing_type, reach)| {
            let daily = budget / days as i64 * 2 + 1;
            let spend = prop::collection::vec(0..=daily, days as usize);
            (
                Just(Plan {
                    pacing_type,
                    ..plan(days, budget)
                }),
                Just(reach),
                spend,
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn figures_equal_the_oracle((plan, reach, days) in any_case()) {
        let total = days.len();
        let elapsed = usize::try_from(reach.max(0)).unwrap().min(total);
        let complete = &days[..elapsed];
        let week = &complete[elapsed.saturating_sub(7)..];
        let spent = Spent {
            to_date: complete.iter().sum(),
            yesterday: complete.last().copied().unwrap_or(0),
            last_week: week.iter().sum(),
        };
        let through = plan.start + chrono::TimeDelta::days(reach - 1);
        let figures = compute(&plan, Some(through), spent);

        let budget = i128::from(plan.budget);
        let per_day = Fraction::new(budget, total as i128);
        let faster = Fraction::new(budget * 6, total as i128 * 5);
        let mut even = Fraction(0, 1);
        let mut ahead = Fraction(0, 1);
        for _ in complete {
            even = even.plus(per_day);
            ahead = ahead.plus(faster).at_most(budget);
        }
        let expected = match plan.pacing_type {
            PacingType::Even => even,
            PacingType::Ahead => ahead,
            PacingType::Asap => Fraction(if elapsed > 0 { budget } else { 0 }, 1),
        };
        prop_assert_eq!(figures.expected.to_string(), expected.decimal(0));
        let days: Vec<_> = plan_days(plan).collect();
        prop_assert_eq!(days.len(), total);
        prop_assert!(days.is_sorted_by(|a, b| a.1 <= b.1));
        prop_assert_eq!(days[total - 1], (plan.end, plan.budget));
        if elapsed > 0 {
            prop_assert_eq!(days[elapsed - 1].1, figures.expected);
        }
        let sum = complete.iter().fold(Fraction(0, 1), |sum, one| sum.plus(Fraction(i128::from(*one), 1)));
        let left = (total - elapsed) as i128;
        if elapsed > 0 {
            let pacing = sum.over(expected);
            let ahead = pacing.plus(Fraction(-1, 1));
            prop_assert_eq!(figures.pacing_percent.clone(), Some(Fraction::new(pacing.0 * 100, pacing.1).decimal(2)));
            prop_assert_eq!(figures.percent_ahead.clone(), Some(Fraction::new(ahead.0 * 100, ahead.1).decimal(2)));
            prop_assert_eq!(figures.days_ahead.clone(), Some(Fraction::new(ahead.0 * elapsed as i128, ahead.1).decimal(2)));
            prop_assert_eq!(figures.average_per_day.unwrap().to_string(), sum.over(Fraction(elapsed as i128, 1)).decimal(0));
            let mean = week.iter().fold(Fraction(0, 1), |sum, one| sum.plus(Fraction::new(i128::from(*one), week.len() as i128)));
            let mut end = sum;
            for _ in 0..left {
                end = end.plus(mean);
            }
            prop_assert_eq!(figures.projected_end.unwrap().to_string(), end.decimal(0));
        } else {
            prop_assert_eq!(figures.pacing_percent.clone(), None);
        }
        let open = budget - sum.0 / sum.1;
        prop_assert_eq!(i128::from(figures.remaining), open);
        let needed = (left > 0).then(|| Fraction::new(open.max(0), left).decimal(0));
        prop_assert_eq!(figures.needed_per_day.map(|needed| needed.to_string()), needed);
    }
}

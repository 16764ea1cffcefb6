//! What is the same, what differs and where, and hashes that depend on meaning only.

use chrono::NaiveDate;
use contracts::replays::{MAX_SAMPLES, ReplayDiff};

use super::super::canonical::{Key, Values, write_row};
use super::{Comparison, DayState, Expected, Pair};

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
}

fn expected(id: &str, day: u32, kept: Option<DayState>) -> Expected {
    Expected {
        advertiser_id: id.to_owned(),
        date: date(day),
        kept,
    }
}

fn values(clicks: i64) -> Values {
    Values {
        partner_id: "1".into(),
        currency: "USD".into(),
        metrics: [Some(10), None, Some(clicks), None, Some(5), None, None],
        ..Values::default()
    }
}

fn pair(id: &str, day: u32, item: &str, before: Option<i64>, after: Option<i64>) -> Pair {
    Pair {
        key: Key {
            advertiser_id: id.to_owned(),
            date: date(day),
            line_item_id: item.to_owned(),
            breakdown: String::new(),
        },
        before: before.map(values),
        after: after.map(values),
    }
}

#[test]
fn days_are_told_apart_by_what_became_of_them() {
    let mut diff = ReplayDiff::default();
    let days = vec![
        expected("1", 1, None),
        expected("1", 2, None),
        expected("1", 3, None),
        expected("1", 4, None),
        expected("2", 1, None),
        expected("2", 2, Some(DayState::Superseded)),
    ];
    let mut comparison = Comparison::new(days, &mut diff);
    for one in [
        pair("1", 1, "a", Some(1), Some(1)),
        pair("1", 2, "a", Some(1), Some(2)),
        pair("1", 3, "a", Some(1), None),
        pair("2", 1, "a", None, Some(4)),
        pair("2", 2, "a", Some(7), None),
    ] {
        comparison.push(one).unwrap();
    }
    let days = comparison.finish();
    let states: Vec<DayState> = days.iter().map(|day| day.state).collect();
    assert_eq!(
        states,
        [
            DayState::Equal,
            DayState::Different,
            DayState::OnlyBefore,
            // Without any row on either side.
            DayState::Equal,
            DayState::OnlyAfter,
            DayState::Superseded,
        ]
    );
    assert_eq!(days[0].before, days[0].after);
    assert_ne!(days[1].before, days[1].after);
    assert_eq!((days[3].before, days[3].after), (None, None));
    assert_eq!(days[5].before, days[5].after, "it stays as it is");
    assert_eq!((diff.before.rows, diff.after.rows), (4, 4));
    assert_eq!(diff.before.sums["clicks"], 10);
    assert_eq!(diff.after.sums["clicks"], 14);
    assert!(!diff.after.sums.contains_key("conversions_micros"));
    assert_eq!(diff.samples.len(), 3);
    let sample = &diff.samples[0].columns;
    assert_eq!(sample.len(), 1);
    assert_eq!(sample[0].column, "clicks");
    assert_eq!(sample[0].after.as_deref(), Some("2"));
}

#[test]
fn samples_are_bounded_and_counts_are_not() {
    let mut diff = ReplayDiff::default();
    let mut comparison = Comparison::new(vec![expected("1", 1, None)], &mut diff);
    for item in 1000..1000 + 2 * MAX_SAMPLES {
        let one = pair("1", 1, &item.to_string(), Some(1), Some(2));
        comparison.push(one).unwrap();
    }
    comparison.finish();
    assert_eq!(diff.samples.len(), MAX_SAMPLES);
    assert_eq!(diff.rows_different, 2 * MAX_SAMPLES as u64);
}

#[test]
fn a_row_of_a_day_that_is_not_expected_is_an_error() {
    let mut diff = ReplayDiff::default();
    let mut comparison = Comparison::new(vec![expected("1", 1, None)], &mut diff);
    let stray = comparison.push(pair("1", 2, "a", Some(1), None));
    assert_eq!(stray.unwrap_err().date, date(2));
}

#[test]
fn no_two_rows_have_one_text() {
    let text = |line_item: &str, partner: &str, extra: Option<&str>| {
        let one = pair("1", 1, line_item, None, None);
        let mut text = String::new();
        let values = Values {
            partner_id: partner.to_owned(),
            extra: extra.map(str::to_owned),
            ..values(0)
        };
        write_row(&mut text, &one.key, &values);
        text
    };
    let plain = text("a", "b", None);
    assert_eq!(plain.matches('\n').count(), 1);
    assert_eq!(plain.matches('\t').count(), 15);
    for other in [
        text("a\t", "b", None),
        text("a\\t", "b", None),
        text("a", "\tb", None),
        text("a", "b", Some("")),
        text("a", "b", Some("\\N")),
        text("a\n", "b", None),
    ] {
        assert_ne!(other, plain);
        assert_eq!(other.matches('\t').count(), 15);
    }
    assert_ne!(text("a\t", "b", None), text("a\\t", "b", None));
}

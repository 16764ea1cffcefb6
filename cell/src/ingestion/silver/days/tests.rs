//! When a day is certain, and what its sums are.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{DaySums, LATEST_ZONE, Origin, certified};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reported(at: &str) -> Origin {
    let at: DateTime<Utc> = at.parse().unwrap();
    Origin {
        reported_at: Some(at),
        month_close_day: 3,
        is_report: true,
    }
}

#[test]
fn a_day_is_certified_by_the_third_of_the_next_month_in_its_own_zone() {
    let berlin = Tz::Europe__Berlin;
    for (date, at, zone, expected) in [
        ("2026-10-31", "2026-11-02T23:00:00Z", berlin, true),
        ("2026-10-31", "2026-11-02T22:59:59Z", berlin, false),
        ("2026-10-01", "2026-11-02T22:59:59Z", berlin, false),
        (
            "2026-10-31",
            "2026-11-03T00:00:00Z",
            Tz::America__New_York,
            false,
        ),
        (
            "2026-10-31",
            "2026-11-03T05:00:00Z",
            Tz::America__New_York,
            true,
        ),
        ("2026-12-31", "2027-01-03T11:59:59Z", LATEST_ZONE, false),
        ("2026-12-31", "2027-01-03T12:00:00Z", LATEST_ZONE, true),
        ("2026-11-01", "2026-11-30T12:00:00Z", berlin, false),
    ] {
        let found = certified(day(date), reported(at), zone);
        assert_eq!(found, expected, "{date} read {at} in {zone}");
    }
}

/// The clocks change in the night before the day that counts, and where midnight is left out.
#[test]
fn days_of_23_and_25_hours_begin_at_their_own_midnight() {
    let (york, cairo) = (Tz::America__New_York, Tz::Africa__Cairo);
    for (month_end, close_day, midnight, zone) in [
        // New York went back an hour on 1 November: midnight was still at four, a day later at five.
        ("2026-10-31", 1, "2026-11-01T04:00:00Z", york),
        ("2026-10-31", 2, "2026-11-02T05:00:00Z", york),
        // Forward on 8 March.
        ("2026-02-28", 8, "2026-03-08T05:00:00Z", york),
        ("2026-02-28", 9, "2026-03-09T04:00:00Z", york),
        // In Cairo 24 April began at one.
        ("2026-03-31", 24, "2026-04-23T22:00:00Z", cairo),
    ] {
        let midnight: DateTime<Utc> = midnight.parse().unwrap();
        for (at, expected) in [(midnight, true), (midnight - TimeDelta::seconds(1), false)] {
            let origin = Origin {
                reported_at: Some(at),
                month_close_day: close_day,
                is_report: true,
            };
            let found = certified(day(month_end), origin, zone);
            assert_eq!(found, expected, "{month_end} read {at} in {zone}");
        }
    }
}

#[test]
fn without_a_report_time_nothing_is_certified() {
    let unknown = Origin {
        reported_at: None,
        ..reported("2030-01-01T00:00:00Z")
    };
    assert!(!certified(day("2020-01-01"), unknown, Tz::UTC));
}

#[test]
fn nothing_is_not_zero() {
    let mut sums = DaySums::default();
    let values = [Some(5), None, Some(1), None, Some(2_500_000), None, None];
    sums.add(&values).unwrap();
    sums.add(&values).unwrap();
    let expected = DaySums {
        rows: 2,
        sums: [Some(10), None, Some(2), None, Some(5_000_000), None, None],
    };
    assert_eq!(sums, expected);
    let mut values = [None; 7];
    values[0] = Some(i64::MAX);
    assert_eq!(sums.add(&values), None, "larger than any real sum");
}

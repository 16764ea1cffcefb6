//! When a day is certain, and what its sums are.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{DaySums, LATEST_ZONE, Origin, SumsByDay, certified};
use crate::ingestion::reading::Fact;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reported(at: &str) -> Origin<'static> {
    let at: DateTime<Utc> = at.parse().unwrap();
    Origin {
        dataset: "line_item_days",
        reported_at: Some(at),
        month_close_day: 3,
    }
}

fn fact(advertiser_id: &str, date: NaiveDate, metrics: [Option<i64>; 7]) -> Fact<'_> {
    Fact {
        line: 1,
        date,
        partner_id: "",
        advertiser_id,
        campaign_id: "",
        insertion_order_id: "",
        line_item_id: "",
        currency: None,
        metrics,
        breakdown: "",
        extra: "",
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

#[test]
fn without_a_report_time_nothing_is_certified() {
    let unknown = Origin {
        reported_at: None,
        ..reported("2030-01-01T00:00:00Z")
    };
    assert!(!certified(day("2020-01-01"), unknown, Tz::UTC));
}

#[test]
fn sums_are_kept_by_advertiser_and_day_and_nothing_is_not_zero() {
    let mut sums = SumsByDay::new((day("2026-10-01"), day("2026-10-02")));
    let values = [Some(5), None, Some(1), None, Some(2_500_000), None, None];
    sums.add(&fact("1", day("2026-10-02"), values)).unwrap();
    sums.add(&fact("1", day("2026-10-02"), values)).unwrap();
    let expected = DaySums {
        rows: 2,
        sums: [Some(10), None, Some(2), None, Some(5_000_000), None, None],
    };
    assert_eq!(sums.get("1", 1), expected);
    assert_eq!(sums.get("1", 0), DaySums::default());
    assert_eq!(sums.get("2", 1), DaySums::default());
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut sums = SumsByDay::new((day("2026-10-01"), day("2026-10-02")));
    let mut values = [None; 7];
    for outside in ["2026-09-30", "2026-10-03"] {
        assert!(sums.add(&fact("1", day(outside), values)).is_err());
    }
    values[0] = Some(i64::MAX);
    sums.add(&fact("1", day("2026-10-01"), values)).unwrap();
    values[0] = Some(1);
    assert!(sums.add(&fact("1", day("2026-10-01"), values)).is_err());
}

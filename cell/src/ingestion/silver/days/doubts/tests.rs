//! What one report leaves in doubt, and what a later one settles.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{CONFIRMS_AFTER, Doubts, Known, KnownDays, Said, weigh};
use crate::ingestion::silver::facts::Loaded;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, number).unwrap()
}

fn morning(number: u32) -> DateTime<Utc> {
    day(number).and_hms_opt(13, 0, 0).unwrap().and_utc()
}

/// What a report of the days from the 1st to `to`, made the morning after, leaves in doubt of
/// advertiser 1 if it has rows on `days` and advertiser 2 always has.
fn said(to: u32, days: &[u32], known: &KnownDays) -> Doubts {
    let one = |id: &str| Loaded {
        advertiser_id: id.to_owned(),
        currency: "EUR".parse().unwrap(),
        through: day(to),
    };
    let others = (1..=to).map(|date| ("2", day(date)));
    let said = Said {
        range: (day(1), day(to)),
        advertisers: &[one("1"), one("2")],
        with_rows: days
            .iter()
            .map(|date| ("1", day(*date)))
            .chain(others)
            .collect(),
        made_at: morning(to + 1),
    };
    weigh(&said, known)
}

fn known(days: impl IntoIterator<Item = (u32, bool, Option<u32>)>) -> KnownDays {
    let known = days.into_iter().map(|(date, has_rows, doubted_on)| {
        let doubted_at = doubted_on.map(morning);
        let known = Known {
            has_rows,
            doubted_at,
        };
        (("1".to_owned(), day(date)), known)
    });
    known.collect()
}

fn dates(of: &BTreeSet<(String, NaiveDate)>) -> Vec<NaiveDate> {
    of.iter().map(|(_, date)| *date).collect()
}

#[test]
fn an_advertiser_that_a_first_report_lacks_is_doubted_from_the_first_day() {
    let doubts = said(5, &[], &KnownDays::new());
    assert_eq!(dates(&doubts.empty), (1..=5).map(day).collect::<Vec<_>>());
    assert!(doubts.surprising && doubts.kept.is_empty());
}

#[test]
fn days_behind_the_last_row_are_doubted_and_gaps_are_not() {
    let doubts = said(6, &[2, 4], &KnownDays::new());
    assert_eq!(dates(&doubts.empty), [day(5), day(6)]);
    assert!(doubts.surprising);
    assert_eq!(said(6, &[6], &KnownDays::new()), Doubts::default());
}

/// The second report of a morning that has the rows after all settles the days before them, too.
#[test]
fn a_gap_that_was_doubted_is_settled_by_rows_behind_it() {
    let doubted = known((1..=6).map(|date| (date, false, Some(7))));
    assert_eq!(said(6, &[4, 6], &doubted), Doubts::default());
}

#[test]
fn a_day_with_rows_keeps_them_wherever_it_is() {
    let known = known((1..=5).map(|date| (date, true, None)));
    let doubts = said(6, &[1, 2, 4, 6], &known);
    assert_eq!(dates(&doubts.kept), [day(3), day(5)]);
    assert!(doubts.surprising && doubts.empty.is_empty());
}

#[test]
fn who_is_known_to_be_quiet_surprises_nobody() {
    let before = known((1..=4).map(|date| (date, false, None)));
    let doubts = said(5, &[], &before);
    assert_eq!(
        dates(&doubts.empty),
        [day(5)],
        "the new day is still to be confirmed"
    );
    assert!(!doubts.surprising);
}

/// The first quiet day costs a report; from the next morning on it is settled.
#[test]
fn a_report_of_another_morning_confirms_and_one_of_the_same_does_not() {
    let rows = |date| (date, true, None);
    let before: Vec<_> = (1..=4).map(rows).collect();
    let doubted = known(before.iter().copied().chain([(5, false, Some(6))]));
    assert!(said(5, &[1, 2, 3, 4], &doubted).surprising);
    let next = said(6, &[1, 2, 3, 4], &doubted);
    assert_eq!(dates(&next.empty), [day(6)]);
    assert!(!next.surprising);
    let gone = known([rows(1), (2, true, Some(3))]);
    assert_eq!(
        said(3, &[1, 3], &gone),
        Doubts::default(),
        "its rows may go now"
    );
    let just_now = known([rows(1), (2, true, Some(4))]);
    assert_eq!(dates(&said(3, &[1, 3], &just_now).kept), [day(2)]);
}

/// However long an advertiser is quiet: one report more than there are mornings.
#[test]
fn who_stays_quiet_costs_one_report_and_settles() {
    let mut known = known((1..=3).map(|date| (date, true, None)));
    let mut extra = 0;
    for to in 4..=20 {
        let doubts = said(to, &[1, 2, 3], &known);
        extra += u32::from(doubts.surprising);
        let at = morning(to + 1);
        for one in known.values_mut() {
            one.doubted_at = one.doubted_at.filter(|since| at < *since + CONFIRMS_AFTER);
        }
        for day in doubts.empty {
            let new = Known {
                has_rows: false,
                doubted_at: Some(at),
            };
            known.entry(day).or_insert(new);
        }
    }
    assert_eq!(extra, 1);
    let open = known
        .values()
        .filter(|one| one.doubted_at.is_some())
        .count();
    assert_eq!(open, 1, "the newest day, until tomorrow");
}

//! Each day has one file, and the same loads always give the same plan.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use contracts::BronzeId;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Covering, File, Known, Loads, plan_days};

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
}

fn file(number: u128) -> BronzeId {
    BronzeId::from_uuid(Uuid::from_u128(number))
}

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
}

/// A load of advertiser 1, fetched at the hour.
fn load(loads: &mut Loads, number: u128, hour: i64, days: (u32, u32)) {
    loads.files.push(File {
        bronze_id: file(number),
        fetched_at: at(hour),
    });
    loads.coverings.push(Covering {
        bronze_id: file(number),
        fetched_at: at(hour),
        reported_at: None,
        advertiser_id: "1".to_owned(),
        start: date(days.0),
        end: date(days.1),
        kept: BTreeSet::new(),
    });
}

fn know(loads: &mut Loads, day: u32, number: u128) {
    loads.known.push(Known {
        advertiser_id: "1".to_owned(),
        date: date(day),
        bronze_id: file(number),
    });
}

fn files_of(loads: &Loads, days: (u32, u32)) -> Vec<(u32, Option<BronzeId>, u32)> {
    let plan = plan_days((date(days.0), date(days.1)), loads);
    let days = plan.days.into_iter();
    let day_of = |date: NaiveDate| chrono::Datelike::day(&date);
    days.map(|day| (day_of(day.date), day.bronze_id, day.position))
        .collect()
}

#[test]
fn a_day_that_a_later_file_left_alone_is_the_earlier_ones() {
    let mut loads = Loads::default();
    load(&mut loads, 1, 10, (1, 3));
    load(&mut loads, 2, 20, (1, 3));
    loads.coverings[1].kept = [date(2)].into();
    assert_eq!(
        files_of(&loads, (1, 3)),
        [
            (1, Some(file(2)), 1),
            (2, Some(file(1)), 0),
            (3, Some(file(2)), 1)
        ]
    );
}

#[test]
fn the_file_fetched_last_gives_a_day_that_silver_has_lost() {
    let mut loads = Loads::default();
    // Fetched in another order than they are listed in.
    load(&mut loads, 2, 20, (3, 5));
    load(&mut loads, 1, 10, (1, 4));
    assert_eq!(
        files_of(&loads, (2, 9)),
        [
            (2, Some(file(1)), 0),
            (3, Some(file(2)), 1),
            (4, Some(file(2)), 1),
            (5, Some(file(2)), 1),
        ]
    );
}

#[test]
fn a_file_that_the_source_made_earlier_gives_nothing_over_a_later_one() {
    let mut loads = Loads::default();
    // Out of quarantine, long after it was made.
    load(&mut loads, 1, 30, (1, 3));
    load(&mut loads, 2, 20, (2, 3));
    load(&mut loads, 3, 40, (3, 3));
    loads.coverings[0].reported_at = Some(at(9));
    loads.coverings[1].reported_at = Some(at(19));
    let whose = |loads: &Loads| -> Vec<Option<BronzeId>> {
        let days = files_of(loads, (1, 3)).into_iter();
        days.map(|(_, bronze_id, _)| bronze_id).collect()
    };
    // The third does not say when it was made.
    let expected = [Some(file(1)), Some(file(2)), Some(file(3))];
    assert_eq!(whose(&loads), expected);
    loads.coverings[2].reported_at = Some(at(19));
    assert_eq!(whose(&loads), expected, "made at once, fetched later");
    loads.coverings[2].reported_at = Some(at(18));
    let expected = [Some(file(1)), Some(file(2)), Some(file(2))];
    assert_eq!(whose(&loads), expected);
}

#[test]
fn silver_knows_better_which_file_a_day_is_from() {
    let mut loads = Loads::default();
    load(&mut loads, 1, 10, (1, 3));
    load(&mut loads, 2, 20, (1, 3));
    loads.foreign.insert(file(7));
    // An older file was let out of quarantine after the newer one.
    know(&mut loads, 1, 1);
    // Another pipeline has the day now.
    know(&mut loads, 2, 7);
    // And one that nobody knows a file of.
    know(&mut loads, 3, 9);
    assert_eq!(
        files_of(&loads, (1, 3)),
        [(1, Some(file(1)), 0), (3, None, 1)]
    );
}

#[test]
fn nothing_loaded_is_nothing_to_do() {
    let plan = plan_days((date(1), date(9)), &Loads::default());
    assert_eq!((plan.files, plan.positions, plan.days.len()), (0, 0, 0));
}

proptest! {
    #[test]
    fn the_plan_does_not_depend_on_the_order_of_what_is_known(
        spans in prop::collection::vec((1_u32..28, 0_u32..6, 0_i64..9), 1..12),
        turn in 0_usize..12,
    ) {
        let mut loads = Loads::default();
        for (number, (start, length, hour)) in (1_u128..).zip(&spans) {
            load(&mut loads, number, *hour, (*start, (start + length).min(28)));
        }
        let range = (date(5), date(20));
        let plan = plan_days(range, &loads);
        let mut turned = loads.clone();
        turned.coverings.rotate_left(turn % spans.len());
        turned.files.reverse();
        prop_assert_eq!(&plan, &plan_days(range, &turned));
        // Planned once each, inside the range, and as silver: known days change nothing.
        for day in &plan.days {
            prop_assert!(day.date >= range.0 && day.date <= range.1);
            loads.known.push(Known {
                advertiser_id: day.advertiser_id.clone(),
                date: day.date,
                bronze_id: day.bronze_id.unwrap(),
            });
        }
        prop_assert_eq!(plan, plan_days(range, &loads));
    }
}

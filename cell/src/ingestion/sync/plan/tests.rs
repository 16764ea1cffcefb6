//! Which days are asked for, around midnight and across time zones.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Chosen, Wish, last_complete_day, plan, reach_back};
use crate::ingestion::pipelines;
use crate::ingestion::sync::{FIRST_PIPELINE, Kind, Record};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn chosen(id: &str, zone: &str, through: Option<&str>) -> Chosen {
    Chosen {
        advertiser_id: id.to_owned(),
        name: id.to_owned(),
        currency: "EUR".parse().unwrap(),
        time_zone: zone.parse().unwrap(),
        through: through.map(day),
        doubted: None,
    }
}

fn planned(kind: Kind, chosen: &[Chosen], now: DateTime<Utc>) -> Option<Record> {
    let spec = pipelines::find_built_in(FIRST_PIPELINE).unwrap();
    let wish = Wish {
        spec: &spec,
        layer_version: 0,
        kind,
        partner_id: "9",
        chosen,
        range: None,
        watched: false,
    };
    plan(&wish, now)
}

#[test]
fn a_day_is_over_when_it_is_over_there() {
    let now = at("2026-07-10T03:30:00Z");
    let complete = |zone: &str| last_complete_day(zone.parse().unwrap(), now);
    assert_eq!(complete("America/New_York"), day("2026-07-08"));
    assert_eq!(complete("Europe/Berlin"), day("2026-07-09"));
    assert_eq!(complete("Pacific/Kiritimati"), day("2026-07-09"));
    let later = at("2026-07-10T10:00:00Z");
    assert_eq!(
        last_complete_day(chrono_tz::Pacific::Kiritimati, later),
        day("2026-07-10")
    );
}

#[test]
fn a_backfill_is_ninety_complete_days() {
    let now = at("2026-07-10T03:30:00Z");
    let all = [
        chosen("2", "Europe/Berlin", None),
        chosen("1", "America/New_York", None),
    ];
    let record = planned(Kind::Backfill, &all, now).unwrap();
    assert_eq!(
        (record.request.start, record.request.end),
        (day("2026-04-10"), day("2026-07-09"))
    );
    assert_eq!(record.request.advertiser_ids, ["1", "2"]);
    let throughs: Vec<_> = record.advertisers.iter().map(|one| one.through).collect();
    assert_eq!(throughs, [day("2026-07-09"), day("2026-07-08")]);
}

#[test]
fn a_daily_sync_reads_again_what_may_still_change() {
    let now = at("2026-07-10T12:00:00Z");
    let range = |through| {
        let all = [chosen("1", "Europe/Berlin", through)];
        let request = planned(Kind::Daily, &all, now).unwrap().request;
        (request.start, request.end)
    };
    assert_eq!(
        range(Some("2026-07-08")),
        (day("2026-07-02"), day("2026-07-09"))
    );
    assert_eq!(
        range(Some("2026-07-09")),
        (day("2026-07-02"), day("2026-07-09")),
        "the same if the newest has been read already"
    );
    assert_eq!(
        range(Some("2026-06-01")),
        (day("2026-05-26"), day("2026-07-09")),
        "a gap is filled"
    );
    assert_eq!(
        range(Some("2025-06-01")),
        (day("2026-04-11"), day("2026-07-09"))
    );
    assert_eq!(range(None), (day("2026-04-11"), day("2026-07-09")));
    assert_eq!(planned(Kind::Daily, &[], now), None);
}

#[test]
fn a_morning_reads_again_what_is_doubted() {
    let now = at("2026-07-10T12:00:00Z");
    let start = |doubted: &str| {
        let quiet = Chosen {
            doubted: Some(day(doubted)),
            ..chosen("1", "Europe/Berlin", Some("2026-07-08"))
        };
        let other = chosen("2", "Europe/Berlin", Some("2026-07-08"));
        planned(Kind::Daily, &[quiet, other], now)
            .unwrap()
            .request
            .start
    };
    assert_eq!(start("2026-06-01"), day("2026-06-01"));
    assert_eq!(start("2026-07-08"), day("2026-07-02"), "it does so anyway");
}

#[test]
fn a_report_reaches_back_to_the_oldest_running_budget() {
    let now = at("2026-07-10T12:00:00Z");
    let all = [chosen("1", "Europe/Berlin", None)];
    let start_with = |oldest: Option<&str>| {
        let mut request = planned(Kind::Backfill, &all, now).unwrap().request;
        reach_back(&mut request, oldest.map(day));
        request.start
    };
    assert_eq!(start_with(None), day("2026-04-11"));
    assert_eq!(start_with(Some("2026-06-01")), day("2026-04-11"));
    assert_eq!(start_with(Some("2026-01-01")), day("2026-01-01"));
    assert_eq!(
        start_with(Some("2020-01-01")),
        day("2025-07-09"),
        "but no further than a year"
    );
}

//! What the calendar says of a day, and when a day is due.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use contracts::SyncId;

use super::{CalendarState, HeldUp, LoadedDay, Reach, age, calendar, due_through, target_hours};

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, number).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn reach(since: Option<u32>, through: Option<u32>) -> Reach {
    Reach {
        dsp: "dv360".into(),
        advertiser_id: "1".into(),
        name: "One".into(),
        time_zone: Some("Europe/Berlin".into()),
        since: since.map(day),
        through: through.map(day),
        loaded_at: None,
    }
}

fn loaded(rows: i64, certified: bool) -> LoadedDay {
    LoadedDay {
        rows,
        certified,
        doubted: false,
        reported_at: None,
        loaded_at: at("2026-11-10T06:00:00Z"),
        loaded_by: None,
    }
}

fn held_up(start: u32, end: u32, finished_at: &str) -> HeldUp {
    HeldUp {
        sync_id: SyncId::new(),
        finished_at: at(finished_at),
        start: day(start),
        end: day(end),
        advertiser_ids: vec!["1".into()],
    }
}

fn states(
    reach: &Reach,
    days: &HashMap<NaiveDate, LoadedDay>,
    held: &[HeldUp],
) -> Vec<(u32, CalendarState)> {
    use chrono::Datelike;
    let cells = calendar(reach, days, held, (day(1), day(30)), day(8));
    cells
        .into_iter()
        .map(|cell| (cell.date.day(), cell.state))
        .collect()
}

#[test]
fn a_day_is_in_the_state_that_its_loads_put_it_in() {
    use CalendarState::{Complete, Empty, Late, Missing, Provisional, Unconfirmed};
    let doubted = |rows| LoadedDay {
        doubted: true,
        ..loaded(rows, false)
    };
    let days = HashMap::from([
        (day(1), doubted(5)),
        (day(2), loaded(5, true)),
        (day(3), loaded(0, true)),
        (day(5), loaded(7, false)),
        (day(6), doubted(0)),
    ]);
    let expected = [
        (1, Provisional),
        (2, Complete),
        (3, Empty),
        (4, Missing),
        (5, Provisional),
        (6, Unconfirmed),
        (7, Late),
        (8, Late),
    ];
    assert_eq!(states(&reach(Some(1), Some(6)), &days, &[]), expected);
}

#[test]
fn nothing_is_said_of_an_advertiser_that_was_never_asked_for() {
    assert_eq!(states(&reach(None, None), &HashMap::new(), &[]), []);
}

#[test]
fn a_refused_file_shows_until_a_later_one_is_loaded() {
    use CalendarState::{Provisional, Quarantined};
    let days = HashMap::from([(day(2), loaded(5, false)), (day(3), loaded(5, false))]);
    let newer = held_up(3, 4, "2026-11-10T07:00:00Z");
    let cells = states(
        &reach(Some(2), Some(3)),
        &days,
        std::slice::from_ref(&newer),
    );
    assert_eq!(
        cells[..3],
        [(2, Provisional), (3, Quarantined), (4, Quarantined)]
    );
    let older = held_up(3, 3, "2026-11-10T05:00:00Z");
    assert_eq!(
        states(&reach(Some(2), Some(3)), &days, &[older])[1],
        (3, Provisional)
    );
    // Even if nothing was ever loaded.
    let cells = states(&reach(None, None), &HashMap::new(), &[newer]);
    assert_eq!(cells[0], (3, Quarantined));
}

#[test]
fn a_day_is_due_so_many_hours_after_its_end_in_its_own_zone() {
    let now = at("2026-11-10T05:00:00Z");
    // Six in the morning there: the 9th ended six hours ago, the 8th thirty.
    assert_eq!(due_through(Tz::Europe__Berlin, now, 29), day(8));
    assert_eq!(due_through(Tz::Europe__Berlin, now, 6), day(9));
    assert_eq!(due_through(Tz::Europe__Berlin, now, 7), day(8));
    assert_eq!(due_through(Tz::America__New_York, now, 0), day(9));
    assert_eq!(age(day(9), Tz::Europe__Berlin, now), TimeDelta::hours(6));
}

#[test]
fn shipped_datasets_have_their_own_target() {
    assert_eq!(target_hours("line_item_days"), 29);
    assert_eq!(target_hours("anything"), 29);
}

//! Travelling in time, running fast, and days of 23 and 25 hours.

use chrono::{DateTime, Utc};
use chrono_tz::America::New_York;

use super::{Clock, Now};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn travelling_ahead_counts_as_waiting_and_travelling_back_does_not() {
    let clock = Clock::new(None);
    clock.set_speed(0);
    clock.set(at("2026-03-01T00:00:00Z"));
    let before = clock.passed_ms();
    clock.set(at("2026-03-01T01:00:00Z"));
    assert_eq!(clock.passed_ms() - before, 3_600_000);
    clock.set(at("2026-02-01T00:00:00Z"));
    assert_eq!(clock.passed_ms() - before, 3_600_000);
    assert_eq!(clock.now().instant, at("2026-02-01T00:00:00Z"));
    clock.advance(90);
    assert_eq!(clock.now().instant, at("2026-02-01T00:01:30Z"));
}

#[test]
fn a_fast_clock_goes_on_from_where_it_stands() {
    let clock = Clock::new(None);
    clock.set_speed(0);
    clock.set(at("2026-03-01T00:00:00Z"));
    clock.set_speed(3_600);
    assert!(clock.now().instant >= at("2026-03-01T00:00:00Z"));
    assert!(clock.now().instant < at("2026-03-02T00:00:00Z"));
    assert_eq!(clock.real_ms(7_200_000), Some(2_000));
    clock.set_speed(0);
    assert_eq!(clock.real_ms(1), None);
}

#[test]
fn a_clock_is_taken_up_where_another_process_left_it() {
    let first = Clock::new(None);
    first.set_speed(0);
    first.set(at("2026-03-01T00:00:00Z"));
    let second = Clock::new(None);
    second.restore(first.state());
    assert_eq!(second.now(), first.now());
    assert_eq!(second.passed_ms(), first.passed_ms());
}

#[test]
fn the_day_the_clocks_change_has_23_or_25_hours() {
    let passed = |text| {
        let now = Now {
            instant: at(text),
            fixed: None,
        };
        (now.today(New_York).to_string(), now.hours_passed(New_York))
    };
    assert_eq!(passed("2026-03-08T06:30:00Z"), ("2026-03-08".into(), 1));
    assert_eq!(passed("2026-03-09T03:59:00Z"), ("2026-03-08".into(), 22));
    assert_eq!(passed("2026-03-09T04:00:00Z"), ("2026-03-09".into(), 0));
    assert_eq!(passed("2026-11-02T04:59:00Z"), ("2026-11-01".into(), 24));
    assert_eq!(passed("2026-11-02T05:00:00Z"), ("2026-11-02".into(), 0));
}

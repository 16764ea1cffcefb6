//! Few questions over the latencies that were observed, and none too late for fast sources.

use std::time::Duration;

use super::{Model, OBSERVED};

fn seconds(values: &[f64]) -> Vec<Duration> {
    values
        .iter()
        .copied()
        .map(Duration::from_secs_f64)
        .collect()
}

/// How many questions a report of this latency takes, and how long after it was ready it is found.
fn questions(model: &Model, latency: f64) -> (u32, f64) {
    let mut at = Duration::ZERO;
    for count in 1..100 {
        at = model.next_question(at);
        if at.as_secs_f64() >= latency {
            return (count, at.as_secs_f64() - latency);
        }
    }
    panic!("no end of questions");
}

fn mean(model: &Model) -> (f64, f64) {
    let all = OBSERVED.map(|latency| questions(model, latency));
    let of = |value: fn(&(u32, f64)) -> f64| all.iter().map(value).sum::<f64>() / 5.0;
    (of(|one| f64::from(one.0)), of(|one| one.1))
}

#[test]
fn the_observed_mix_takes_two_questions_at_most() {
    let unknown = mean(&Model::new(&[]));
    let mixed: Vec<f64> = OBSERVED.iter().copied().cycle().take(50).collect();
    let learned = mean(&Model::new(&seconds(&mixed)));
    for (asked, waited) in [unknown, learned] {
        // With the run itself that is at most three requests.
        assert!(asked <= 2.0, "{asked} questions, {waited} s late");
        assert!(waited <= 150.0, "{asked} questions, {waited} s late");
    }
}

#[test]
fn a_source_that_is_always_fast_is_asked_early() {
    let model = Model::new(&seconds(&[0.4, 0.5, 0.6]));
    let (asked, waited) = questions(&model, 0.5);
    assert!(waited < 2.0, "{asked} questions, {waited} s late");
    let steady = Model::new(&seconds(&[90.0; 20]));
    assert_eq!(questions(&steady, 90.0).0, 1);
}

#[test]
fn a_report_that_takes_longer_than_any_before_is_asked_for_ever_more_seldom() {
    let model = Model::new(&[]);
    let (asked, _) = questions(&model, 6.0 * 3600.0);
    assert!(asked <= 8, "{asked}");
    let mut at = Duration::ZERO;
    for _ in 0..20 {
        let next = model.next_question(at);
        assert!(next > at);
        at = next;
    }
}

#[test]
fn somebody_who_watches_waits_less_at_first() {
    let model = Model::new(&[]);
    let first = model.next_question_of_somebody_watching(Duration::ZERO);
    assert!(first <= Duration::from_secs(1), "{first:?}");
    let later = Duration::from_secs(3);
    assert_eq!(
        model.next_question_of_somebody_watching(later),
        model.next_question(later)
    );
}

//! When to ask again whether a report is ready. Pure.
//!
//! Each question costs quota that all orgs share, each second of waiting costs freshness. A report's
//! latency is queue time and says nothing about its size, so what is known is the latencies of
//! before: those of the connection, and where it has few, what has been observed elsewhere. The next
//! question is put at the moment that makes the expected cost of questions and waiting least.

use std::time::Duration;

pub(super) mod store;

/// Latencies in seconds that were observed of reports at the source, before we have our own.
const OBSERVED: [f64; 5] = [21.0, 91.0, 239.0, 500.0, 756.0];
/// All of them together weigh as much as a twentieth of one report of our own.
const PRIOR_WEIGHT: f64 = 0.05;
/// How many of a connection's latest latencies are kept and used.
pub(crate) const KEPT: usize = 50;
/// A question is worth this many seconds of waiting.
const CALL_SECONDS: f64 = 120.0;
/// Asked this much later than expected, for the clocks and the source's own delays.
const SLACK: f64 = 1.05;
const SLACK_SECONDS: f64 = 0.25;
/// While a person waits, two early questions are worth their price.
const EARLY: [f64; 2] = [0.5, 2.0];

/// What is known of the latencies of one connection's reports.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    /// Seconds, ascending, with weights that sum up to one.
    points: Vec<(f64, f64)>,
}

impl Model {
    pub(crate) fn new(own: &[Duration]) -> Self {
        let own = &own[..own.len().min(KEPT)];
        let total = PRIOR_WEIGHT + own.len() as f64;
        let prior = PRIOR_WEIGHT / (total * OBSERVED.len() as f64);
        let mut points: Vec<(f64, f64)> = OBSERVED.iter().map(|one| (*one, prior)).collect();
        points.extend(own.iter().map(|one| (one.as_secs_f64(), 1.0 / total)));
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { points }
    }

    /// When to ask next, in time since the report was ordered, given that it was not ready at
    /// `elapsed`. Beyond all that is known, the time doubles.
    pub(crate) fn next_question(&self, elapsed: Duration) -> Duration {
        let elapsed = elapsed.as_secs_f64();
        let left: Vec<(f64, f64)> = self
            .points
            .iter()
            .map(|(at, weight)| (at * SLACK + SLACK_SECONDS, *weight))
            // A moment that was rounded is not asked at twice.
            .filter(|(at, _)| *at > elapsed + 0.01)
            .collect();
        let next = best(&left).unwrap_or_else(|| (elapsed * 2.0).max(1.0));
        Duration::from_secs_f64(next)
    }

    /// The same while a person waits for the first data.
    pub(crate) fn next_question_of_somebody_watching(&self, elapsed: Duration) -> Duration {
        let early = EARLY.into_iter().map(Duration::from_secs_f64);
        let mut early = early.filter(|at| *at > elapsed);
        let learned = self.next_question(elapsed);
        early.next().map_or(learned, |at| at.min(learned))
    }
}

/// The first of the moments to ask at. `cost[i]` is the least expected cost once it is known that
/// none of the points before `i` has come true; asking at point `j` ends it if the latency was one of
/// `i..=j`, which then waited for nothing from when it was ready.
fn best(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len();
    let mut cost = vec![0.0; count + 1];
    let mut choice = vec![0; count];
    for i in (0..count).rev() {
        let rest: f64 = points[i..].iter().map(|point| point.1).sum();
        let (mut reached, mut waited, mut least) = (0.0, 0.0, f64::INFINITY);
        let mut before = points[i].0;
        for j in i..count {
            let (at, weight) = points[j];
            waited += reached * (at - before);
            reached += weight;
            before = at;
            let after = (rest - reached).max(0.0) / rest * cost[j + 1];
            let total = CALL_SECONDS + waited / rest + after;
            if total < least {
                (least, choice[i]) = (total, j);
            }
        }
        cost[i] = least;
    }
    choice.first().map(|at| points[*at].0)
}

#[cfg(test)]
mod tests;

//! What reports cost in requests over months, over the latencies that were observed, and whether a
//! thousand orgs' mornings fit into the day's two thousand.
//!
//! Time is virtual, because a report takes minutes: the cell's own rules say when it asks, a seeded
//! source says when a report is ready. That each step sends as many requests as is counted here is
//! what the cell's tests show against the simulator.

use std::time::Duration;

use cell::ingestion::sync::cost::{Asking, MONTH_CLOSE_DAYS, looks_in_the_morning, questions};

use crate::report::Row;

/// Seconds, as seen of real reports.
const OBSERVED: [f64; 5] = [21.0, 91.0, 239.0, 500.0, 756.0];
/// What the source allows a project a day.
const DAY: f64 = 2_000.0;
const ORGS: u32 = 1_000;
const KEPT: usize = 50;
/// The orgs join over so many days; after that every day is a usual one.
const JOINING: usize = 30;
const CREATE: u32 = 1;
const RUN: u32 = 1;
const DELETE: u32 = 1;

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let days = if quick { 60 } else { 120 };
    let fleet = Fleet::live(ORGS, days);
    let busiest = fleet.days[JOINING..].iter().copied().fold(0.0, f64::max);
    let mean = fleet.requests / fleet.reports;
    vec![
        Row::at_most(
            "requests per report, any latency unknown",
            "requests",
            &[fresh()],
            3.0,
        ),
        Row::at_most(
            "requests per report, 50 known",
            "requests",
            &[learned()],
            3.0,
        ),
        Row::shown(
            "requests of a connection's first report",
            "requests",
            &[first()],
        ),
        Row::shown("late after it was ready, mean", "s", &[late()]),
        Row::at_most(
            "requests per report, a fleet's life",
            "requests",
            &[mean],
            3.0,
        ),
        Row::at_most(
            "busiest day of 1,000 orgs with daily syncs",
            "requests",
            &[busiest],
            DAY,
        ),
        Row::at_most(
            "most requests of one org on a day, after its first",
            "requests",
            &[fleet.greediest],
            20.0,
        ),
    ]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn seconds(value: f64) -> Duration {
    Duration::from_secs_f64(value)
}

fn over_the_mix(history: &[Duration], asking: Asking) -> Vec<(f64, f64)> {
    let of = |latency: &f64| {
        let asked = questions(history, seconds(*latency), asking);
        (f64::from(RUN + asked.questions), asked.late.as_secs_f64())
    };
    OBSERVED.iter().map(of).collect()
}

fn fresh() -> f64 {
    let all = over_the_mix(&[], Asking::Unattended);
    mean(&all.iter().map(|one| one.0).collect::<Vec<_>>())
}

fn known() -> Vec<Duration> {
    OBSERVED
        .iter()
        .cycle()
        .take(KEPT)
        .map(|one| seconds(*one))
        .collect()
}

fn learned() -> f64 {
    let all = over_the_mix(&known(), Asking::Unattended);
    mean(&all.iter().map(|one| one.0).collect::<Vec<_>>())
}

fn late() -> f64 {
    let all = over_the_mix(&known(), Asking::Unattended);
    mean(&all.iter().map(|one| one.1).collect::<Vec<_>>())
}

fn first() -> f64 {
    let all = over_the_mix(&[], Asking::SomebodyWatches);
    f64::from(CREATE) + mean(&all.iter().map(|one| one.0).collect::<Vec<_>>())
}

/// So many orgs, one joining after the other within the first thirty days.
struct Fleet {
    days: Vec<f64>,
    requests: f64,
    reports: f64,
    greediest: f64,
}

impl Fleet {
    fn live(orgs: u32, days: usize) -> Self {
        let mut fleet = Self {
            days: vec![0.0; days],
            requests: 0.0,
            reports: 0.0,
            greediest: 0.0,
        };
        for org in 0..orgs {
            let mut dice = Dice(u64::from(org) * 7_919 + 11);
            fleet.join(org as usize, &mut dice);
        }
        fleet
    }

    fn join(&mut self, org: usize, dice: &mut Dice) {
        let joined = org % JOINING;
        let reads_months_on = 4 + org / JOINING % MONTH_CLOSE_DAYS;
        let (mut latencies, mut mornings) = (Vec::new(), Vec::new());
        for day in joined..self.days.len() {
            let asking = match day - joined {
                0 => Asking::SomebodyWatches,
                _ => Asking::Unattended,
            };
            let mut requests = match day - joined {
                0 => CREATE + run_one(&mut latencies, asking, dice),
                // The schedule is made; its first report comes tomorrow.
                1 => CREATE + run_one(&mut latencies, asking, dice),
                _ => looks(&mut mornings, dice),
            };
            let mut reports = 1.0;
            // Once a month is closed it is read again.
            if day % 30 == reads_months_on && day > joined + 1 {
                requests += run_one(&mut latencies, asking, dice);
                reports += 1.0;
            }
            // Somebody chooses other advertisers twice a year: both queries are replaced.
            if day > joined + 1 && dice.roll() < 2.0 / 365.0 {
                requests += 2 * (CREATE + DELETE) + run_one(&mut latencies, asking, dice);
                reports += 1.0;
            }
            if day > joined {
                self.greediest = self.greediest.max(f64::from(requests));
            }
            self.days[day] += f64::from(requests);
            self.requests += f64::from(requests);
            self.reports += reports;
        }
    }
}

fn run_one(latencies: &mut Vec<Duration>, asking: Asking, dice: &mut Dice) -> u32 {
    let latency = seconds(OBSERVED[dice.pick(OBSERVED.len())]);
    let asked = questions(latencies, latency, asking);
    latencies.insert(0, latency);
    latencies.truncate(KEPT);
    RUN + asked.questions
}

/// Mornings' reports come around six; one in a hundred is an hour or more late.
fn looks(mornings: &mut Vec<Duration>, dice: &mut Dice) -> u32 {
    let late = if dice.roll() < 0.01 {
        3_600.0 * (1.0 + dice.roll() * 3.0)
    } else {
        0.0
    };
    let ready = seconds(6.0 * 3_600.0 + dice.roll() * 1_200.0 + late);
    let looks = looks_in_the_morning(mornings, ready);
    mornings.insert(0, ready);
    mornings.truncate(KEPT);
    looks
}

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick(&mut self, count: usize) -> usize {
        ((self.roll() * count as f64) as usize).min(count - 1)
    }
}

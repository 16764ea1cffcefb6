//! What bringing a report in costs in requests, by the same rules that syncs go by. Pure; for
//! benches and forecasts.

use std::time::Duration;

use super::daily::first_look;
use super::latency::Model;
use super::reports::look_again;

/// Over how many days connections read a closed month again.
pub const MONTH_CLOSE_DAYS: usize = super::daily::MONTH_CLOSE_DAYS as usize;

/// Who waits for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    Unattended,
    SomebodyWatches,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub questions: u32,
    /// From when it was ready until it was found.
    pub late: Duration,
}

/// How often a report that takes `latency` is asked for, going by the latencies of those before.
pub fn questions(history: &[Duration], latency: Duration, asking: Asking) -> Asked {
    let model = Model::new(history);
    let mut at = Duration::ZERO;
    let mut questions = 0;
    loop {
        at = match asking {
            Asking::Unattended => model.next_question(at),
            Asking::SomebodyWatches => model.next_question_of_somebody_watching(at),
        };
        questions += 1;
        if at >= latency {
            return Asked {
                questions,
                late: at - latency,
            };
        }
    }
}

/// How often a morning's report is looked for that is ready so long after midnight, going by the
/// latest mornings, the newest first.
pub fn looks_in_the_morning(mornings: &[Duration], ready: Duration) -> u32 {
    let mut at = first_look(mornings);
    let mut looks = 1;
    while at < ready {
        at += look_again(looks);
        looks += 1;
    }
    looks
}

#[cfg(test)]
mod tests {
    //! The counts of a mean report and of a usual morning.

    use std::time::Duration;

    use super::{Asking, looks_in_the_morning, questions};

    #[test]
    fn the_observed_latencies_cost_three_requests_at_most() {
        let asked = [21, 91, 239, 500, 756].map(|latency| {
            let latency = Duration::from_secs(latency);
            1 + questions(&[], latency, Asking::Unattended).questions
        });
        assert!(asked.iter().sum::<u32>() <= 3 * 5, "{asked:?}");
    }

    #[test]
    fn a_usual_morning_costs_one_look_and_a_late_one_a_few() {
        let hour = |hours: u64| Duration::from_secs(hours * 3600);
        assert_eq!(looks_in_the_morning(&[], hour(6)), 1);
        assert_eq!(looks_in_the_morning(&[hour(6); 7], hour(6)), 1);
        assert!(looks_in_the_morning(&[hour(6); 7], hour(10)) <= 6);
    }
}

//! At most so many requests in any window of time, so that a burst never breaks the source's quota.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Added to the source's window, for what the network squeezes together.
const MARGIN: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) struct Limiter {
    per_window: usize,
    window: Duration,
    /// When the latest requests went or will go, oldest first.
    slots: Mutex<VecDeque<Instant>>,
}

impl Limiter {
    pub(crate) fn new(per_window: usize, window: Duration) -> Self {
        Self {
            per_window,
            window: window + MARGIN,
            slots: Mutex::new(VecDeque::with_capacity(per_window)),
        }
    }

    /// Waits for the next free slot.
    pub(crate) async fn wait(&self) {
        let slot = self.reserve(Instant::now());
        tokio::time::sleep_until(slot).await;
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut slots = self.slots.lock();
        let slot = if slots.len() < self.per_window {
            now
        } else {
            slots
                .pop_front()
                .map_or(now, |first| now.max(first + self.window))
        };
        slots.push_back(slot);
        slot
    }
}

#[cfg(test)]
mod tests {
    //! Any window of one second holds at most the allowed number.

    use std::time::Duration;

    use tokio::time::Instant;

    use super::Limiter;

    #[test]
    fn no_second_holds_more_than_allowed() {
        let limiter = Limiter::new(4, Duration::from_secs(1));
        let start = Instant::now();
        let mut times = Vec::new();
        for request in 0..20 {
            // Nineteen come at once, and one a little later.
            let now = start + Duration::from_millis(if request == 9 { 2_500 } else { 0 });
            times.push(limiter.reserve(now) - start);
        }
        assert_eq!(times[3], Duration::ZERO, "a burst goes at once");
        times.sort();
        for window in times.windows(5) {
            assert!(window[4] - window[0] > Duration::from_secs(1), "{window:?}");
        }
    }
}

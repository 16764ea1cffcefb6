//! At most so many requests in any one second, so that a burst never breaks the source's quota.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// A little more than the source's second, for what the network squeezes together.
const WINDOW: Duration = Duration::from_millis(1050);

#[derive(Debug)]
pub(crate) struct Limiter {
    per_window: usize,
    /// When the latest requests went or will go, oldest first.
    slots: Mutex<VecDeque<Instant>>,
}

impl Limiter {
    pub(crate) fn new(per_window: usize) -> Self {
        Self {
            per_window,
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
                .map_or(now, |first| now.max(first + WINDOW))
        };
        slots.push_back(slot);
        slot
    }
}

#[cfg(test)]
mod tests {
    //! Any window of one second holds at most the allowed number.

    use std::time::Duration;

    use super::Limiter;

    #[tokio::test(start_paused = true)]
    async fn no_second_holds_more_than_allowed() {
        let limiter = Limiter::new(4);
        let start = tokio::time::Instant::now();
        let mut times = Vec::new();
        for request in 0..20 {
            if request == 9 {
                tokio::time::sleep(Duration::from_millis(700)).await;
            }
            limiter.wait().await;
            times.push(start.elapsed());
        }
        assert_eq!(times[3], Duration::ZERO, "a burst goes at once");
        for window in times.windows(5) {
            assert!(window[4] - window[0] > Duration::from_secs(1), "{window:?}");
        }
    }
}

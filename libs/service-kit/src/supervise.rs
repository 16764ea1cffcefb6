//! Doing things again: a periodic task that stops with the process, and jittered backoff.

use std::time::Duration;

use rand::Rng;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Runs `step` now and then every `every`, until `shutdown`. A slow step delays the next one.
pub async fn periodic<F, Fut>(every: Duration, shutdown: CancellationToken, mut step: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = ()>,
{
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        step().await;
    }
}

/// Full jitter: a random time up to `base_ms · 2^attempt`, capped, never under half the base.
pub fn backoff(attempt: u32, base_ms: u64, max_ms: u64) -> Duration {
    let ceiling = base_ms
        .saturating_mul(1 << attempt.min(20))
        .min(max_ms)
        .max(1);
    let floor = (base_ms / 2).min(ceiling);
    Duration::from_millis(rand::rng().random_range(floor..=ceiling))
}

#[cfg(test)]
mod tests {
    //! Backoff stays in its bounds for any attempt.

    use super::backoff;

    #[test]
    fn backoff_grows_and_is_capped() {
        for attempt in 0..64 {
            let ms = backoff(attempt, 100, 5_000).as_millis();
            assert!((50..=5_000).contains(&ms), "{attempt}: {ms}");
            assert!(attempt > 0 || ms <= 100);
        }
    }
}

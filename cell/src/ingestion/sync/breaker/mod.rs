//! Stops asking a source that does not answer, per connection, and asks carefully whether it is back.
//!
//! The breaker is a row, so it holds across restarts and for all workers of the cell. It is closed
//! until several requests in a row found the source unavailable; then it is open for a time that
//! grows, and after that one sync at a time may try.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

pub(crate) mod store;

/// Failures in a row that open it.
const OPENS_AT: i32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// A trial that says nothing for this long has died.
const TRIAL: TimeDelta = TimeDelta::seconds(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Everything passes.
    Closed,
    /// Nothing passes before `retry_at`.
    Open,
    /// One sync tries whether the source is back.
    HalfOpen,
}

impl BreakerState {
    const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::HalfOpen];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }

    pub(super) fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    pub state: BreakerState,
    /// Failures in a row.
    pub failures: i32,
    /// How often it has opened since it was last closed.
    pub opened: i32,
    /// When the next trial may begin, or when the one under way counts as dead.
    pub retry_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: BreakerState::Closed,
            failures: 0,
            opened: 0,
            retry_at: None,
            last_error: None,
        }
    }
}

/// Whether a sync may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pass {
    Yes,
    /// Go on as the one trial, once the row says so.
    Try(Breaker),
    NotBefore(DateTime<Utc>),
}

pub(super) fn may_pass(breaker: &Breaker, now: DateTime<Utc>) -> Pass {
    match (breaker.state, breaker.retry_at) {
        (BreakerState::Closed, _) => Pass::Yes,
        (_, Some(at)) if now < at => Pass::NotBefore(at),
        (_, _) => Pass::Try(Breaker {
            state: BreakerState::HalfOpen,
            retry_at: Some(now + TRIAL),
            ..breaker.clone()
        }),
    }
}

/// The breaker after an answer; none when nothing changes. `dice` is from 0 to 1.
pub(super) fn after_success(breaker: &Breaker) -> Option<Breaker> {
    (*breaker != Breaker::default()).then(Breaker::default)
}

pub(super) fn after_failure(
    breaker: &Breaker,
    error: &str,
    now: DateTime<Utc>,
    dice: f64,
) -> Breaker {
    let failures = breaker.failures.saturating_add(1);
    let mut next = Breaker {
        failures,
        last_error: Some(error.to_owned()),
        ..breaker.clone()
    };
    // A trial that failed opens it again at once, for longer.
    if breaker.state != BreakerState::Closed || failures >= OPENS_AT {
        next.state = BreakerState::Open;
        next.opened = breaker.opened.saturating_add(1);
        next.retry_at = Some(now + TimeDelta::from_std(pause(next.opened, dice)).unwrap_or(TRIAL));
    }
    next
}

/// Doubles with each opening; between half and all of it, so that connections do not come back
/// together.
fn pause(opened: i32, dice: f64) -> Duration {
    let doublings = u32::try_from(opened - 1).unwrap_or(0).min(10);
    let full = FIRST_PAUSE
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE);
    full.mul_f64(0.5 + 0.5 * dice.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    //! Closed, open, half open, and back.

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Breaker, BreakerState, Pass, after_failure, after_success, may_pass};

    fn now() -> DateTime<Utc> {
        "2026-11-24T03:00:00Z".parse().unwrap()
    }

    fn broken(times: usize) -> Breaker {
        (0..times).fold(Breaker::default(), |breaker, _| {
            after_failure(&breaker, "status 503", now(), 1.0)
        })
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        assert_eq!(may_pass(&broken(4), now()), Pass::Yes);
        let again = after_success(&broken(4)).unwrap();
        assert_eq!(after_failure(&again, "x", now(), 1.0).failures, 1);
        assert_eq!(after_success(&Breaker::default()), None, "nothing to write");
        let open = broken(5);
        assert_eq!(open.state, BreakerState::Open);
        let until = now() + TimeDelta::seconds(30);
        assert_eq!(may_pass(&open, now()), Pass::NotBefore(until));
    }

    #[test]
    fn one_tries_and_its_failure_opens_for_longer() {
        let open = broken(5);
        let later = now() + TimeDelta::seconds(31);
        let Pass::Try(trial) = may_pass(&open, later) else {
            panic!("a trial is due");
        };
        assert_eq!(trial.state, BreakerState::HalfOpen);
        assert!(matches!(may_pass(&trial, later), Pass::NotBefore(_)));
        let again = after_failure(&trial, "x", later, 1.0);
        assert_eq!(again.retry_at, Some(later + TimeDelta::seconds(60)));
        let closed = after_success(&trial).unwrap();
        assert_eq!(closed, Breaker::default());
        // A trial whose process died does not block for ever.
        let much_later = later + TimeDelta::seconds(121);
        assert!(matches!(may_pass(&trial, much_later), Pass::Try(_)));
    }

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour() {
        let mut breaker = broken(5);
        for _ in 0..40 {
            breaker = after_failure(&breaker, "x", now(), 1.0);
        }
        let pause = breaker.retry_at.unwrap() - now();
        assert_eq!(pause, TimeDelta::seconds(900));
    }
}

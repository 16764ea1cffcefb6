//! What time it is here: the real clock, or one that was set, stands still or runs fast.
//!
//! Dates, quotas and the waiting of reports follow it. The lifetimes of tokens and links follow
//! the real clock, because whoever holds one counts its seconds in real time.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use crate::world::calendar;

#[derive(Debug)]
pub(crate) struct Clock {
    state: RwLock<ClockState>,
}

/// The clock was read once for real; everything since then follows from that reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClockState {
    /// The date in every zone, at noon.
    fixed: Option<NaiveDate>,
    /// Simulated seconds in a real one; nothing moves at 0.
    speed: u32,
    read_at: DateTime<Utc>,
    shown_then: DateTime<Utc>,
    /// Milliseconds that had passed by then: reports wait by them, and they never run backwards.
    passed_then_ms: i64,
}

impl ClockState {
    fn real(fixed: Option<NaiveDate>) -> Self {
        let now = Utc::now();
        Self {
            fixed,
            speed: 1,
            read_at: now,
            shown_then: now,
            passed_then_ms: now.timestamp_millis(),
        }
    }

    fn since_ms(&self, at: DateTime<Utc>) -> i64 {
        let real = (at - self.read_at).num_milliseconds().max(0);
        real.saturating_mul(i64::from(self.speed))
    }

    fn shown(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let moved = TimeDelta::try_milliseconds(self.since_ms(at)).unwrap_or_default();
        self.shown_then
            .checked_add_signed(moved)
            .unwrap_or(self.shown_then)
    }

    /// The same clock, read again now.
    fn again(self) -> Self {
        let now = Utc::now();
        Self {
            read_at: now,
            shown_then: self.shown(now),
            passed_then_ms: self.passed_then_ms + self.since_ms(now),
            ..self
        }
    }
}

impl Clock {
    pub(crate) fn new(fixed: Option<NaiveDate>) -> Self {
        Self {
            state: RwLock::new(ClockState::real(fixed)),
        }
    }

    /// Fixes the date in every zone; `None` goes back to the real clock.
    pub(crate) fn fix(&self, today: Option<NaiveDate>) {
        let mut state = self.state.write();
        let passed_then_ms = state.again().passed_then_ms;
        *state = ClockState {
            passed_then_ms,
            ..ClockState::real(today)
        };
    }

    /// Travels to an instant. Whoever waits has waited for the way there, forwards only.
    pub(crate) fn set(&self, instant: DateTime<Utc>) {
        let mut state = self.state.write();
        let here = state.again();
        let way_ms = (instant - here.shown_then).num_milliseconds().max(0);
        *state = ClockState {
            fixed: None,
            shown_then: instant,
            passed_then_ms: here.passed_then_ms.saturating_add(way_ms),
            ..here
        };
    }

    /// Travels so many seconds ahead, or not at all where the calendar ends.
    pub(crate) fn advance(&self, seconds: u32) {
        let there = self.now().instant + TimeDelta::seconds(i64::from(seconds));
        self.set(there);
    }

    pub(crate) fn set_speed(&self, speed: u32) {
        let mut state = self.state.write();
        *state = ClockState {
            speed,
            ..state.again()
        };
    }

    pub(crate) fn state(&self) -> ClockState {
        *self.state.read()
    }

    /// Goes on where an earlier process stopped; the time in between has passed.
    pub(crate) fn restore(&self, state: ClockState) {
        *self.state.write() = state;
    }

    pub(crate) fn speed(&self) -> u32 {
        self.state.read().speed
    }

    pub(crate) fn now(&self) -> Now {
        let state = self.state.read();
        Now {
            instant: state.shown(Utc::now()),
            fixed: state.fixed,
        }
    }

    /// What waiting is measured by.
    pub(crate) fn passed_ms(&self) -> i64 {
        let state = self.state.read();
        state.passed_then_ms + state.since_ms(Utc::now())
    }

    /// How long a wait of so many simulated milliseconds takes; `None` while time stands still.
    pub(crate) fn real_ms(&self, simulated_ms: u64) -> Option<u64> {
        simulated_ms.checked_div(u64::from(self.state.read().speed))
    }
}

/// One reading of the clock. A report keeps the reading it was made with, so that its file never
/// changes between two downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub instant: DateTime<Utc>,
    pub fixed: Option<NaiveDate>,
}

impl Now {
    pub(crate) fn today(&self, zone: Tz) -> NaiveDate {
        self.fixed
            .unwrap_or_else(|| self.instant.with_timezone(&zone).date_naive())
    }

    /// The hour on the wall in the zone; a fixed date is always at noon.
    pub(crate) fn hour(&self, zone: Tz) -> u32 {
        match self.fixed {
            Some(_) => 12,
            None => self.instant.with_timezone(&zone).hour(),
        }
    }

    /// Full hours of today that have passed in the zone. On a day that loses or gains one, that
    /// is not what the wall clock says.
    pub(crate) fn hours_passed(&self, zone: Tz) -> u64 {
        match self.fixed {
            Some(_) => 12,
            None => {
                let start = calendar::day_start(self.today(zone), zone);
                u64::try_from((self.instant - start).num_hours()).unwrap_or(0)
            }
        }
    }

    /// The instant as a person reading the simulated calendar would write it.
    pub(crate) fn shown(&self) -> DateTime<Utc> {
        match self.fixed {
            Some(date) => date.and_time(self.instant.time()).and_utc(),
            None => self.instant,
        }
    }
}

#[cfg(test)]
mod tests;

//! At most so many calls a second or a minute over all processes of the cell: when the next one may
//! go. Pure.

use chrono::{DateTime, TimeDelta, Utc};

/// Of calls that a source counts by the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Thousandths of a call a second.
    pub milli: u32,
    /// So many may go at once; in any stretch of time as many more go than the pace says.
    pub burst: u32,
}

/// Added to the source's second, for what the network squeezes together.
const MARGIN: TimeDelta = TimeDelta::milliseconds(50);
const LONGEST_QUEUE: TimeDelta = TimeDelta::minutes(2);
/// More calls than this in a window are not kept track of.
const MOST: usize = 100;

/// The next free slot, and the slots to remember. With less than one call a second they are that far
/// apart; none at all means never.
pub(super) fn next_slot(
    slots: &[DateTime<Utc>],
    per_second_milli: u32,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Vec<DateTime<Utc>>)> {
    if per_second_milli == 0 {
        return None;
    }
    let per_window = usize::try_from(per_second_milli / 1_000)
        .unwrap_or(MOST)
        .clamp(1, MOST);
    let milli = if per_second_milli >= 1_000 {
        1_000
    } else {
        i64::from(1_000_000 / per_second_milli)
    };
    let window = TimeDelta::milliseconds(milli) + MARGIN;
    // Further ahead than anybody waits: a clock was put back since.
    let known = |at: &DateTime<Utc>| *at <= now + LONGEST_QUEUE;
    let first = slots.len().checked_sub(per_window).map(|at| slots[at]);
    let free = first.filter(known).map_or(now, |first| first + window);
    let last = slots.last().copied().filter(known).unwrap_or(now);
    let slot = now.max(free).max(last);
    let mut kept: Vec<DateTime<Utc>> = slots.to_vec();
    kept.push(slot);
    let over = kept.len().saturating_sub(per_window);
    kept.drain(..over);
    Some((slot, kept))
}

/// When the next call may go if those so far reach up to `reached` at their pace, and up to where
/// they reach with it. None at all means never.
pub(super) fn next_turn(
    pace: Pace,
    reached: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let step = 1_000_000_000_u32.checked_div(pace.milli)?;
    let step = TimeDelta::microseconds(step.into());
    let ahead = step * i32::try_from(pace.burst.saturating_sub(1)).unwrap_or(0);
    // Further ahead than anybody waits: a clock was put back since.
    let known = reached <= now + LONGEST_QUEUE + ahead + step;
    let reached = if known { reached.max(now) } else { now };
    Some((now.max(reached - ahead), reached + step))
}

#[cfg(test)]
mod tests {
    //! Any window of one second holds at most the allowed number, and any minute at most its pace and
    //! a burst.

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::{Pace, next_slot, next_turn};

    fn times(milli: u32, calls: usize) -> Vec<i64> {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let mut slots = Vec::new();
        let mut times = Vec::new();
        for call in 0..calls {
            // Most come at once, and one a little later.
            let now = start + TimeDelta::milliseconds(if call == 9 { 2_500 } else { 0 });
            let (slot, kept) = next_slot(&slots, milli, now).unwrap();
            times.push((slot - start).num_milliseconds());
            slots = kept;
        }
        times
    }

    #[test]
    fn no_second_holds_more_than_allowed() {
        for (milli, per_second) in [(4_000, 4), (1_000, 1), (2_900, 2), (50_000, 50)] {
            let times = times(milli, 60);
            assert!(times.is_sorted());
            for window in times.windows(per_second + 1) {
                assert!(window[per_second] - window[0] > 1_000, "{milli} {window:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_minute_holds_more_than_its_pace_and_a_burst(
            milli in 100..50_000_u32,
            burst in 1..40_u32,
            pauses in prop::collection::vec(0..3_000_i64, 1..400),
        ) {
            let pace = Pace { milli, burst };
            let mut now = DateTime::<Utc>::UNIX_EPOCH;
            let (mut reached, mut times) = (now, Vec::new());
            for pause in pauses {
                now += TimeDelta::milliseconds(pause * i64::from(pause % 7 == 0));
                let (at, to) = next_turn(pace, reached, now).unwrap();
                if at <= now + super::LONGEST_QUEUE {
                    reached = to;
                    times.push(at);
                }
            }
            let most = u64::from(milli) * 60 / 1_000 + u64::from(burst) + 1;
            for (nth, from) in times.iter().enumerate() {
                let minute = times[nth..].iter().take_while(|at| **at - *from < TimeDelta::minutes(1));
                prop_assert!(minute.count() as u64 <= most);
            }
        }
    }

    #[test]
    fn a_burst_goes_at_once_and_a_clock_that_was_put_back_holds_up_nobody() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let pace = Pace {
            milli: 2_000,
            burst: 3,
        };
        let mut reached = now;
        let mut times = Vec::new();
        for _ in 0..5 {
            let (at, to) = next_turn(pace, reached, now).unwrap();
            times.push((at - now).num_milliseconds());
            reached = to;
        }
        assert_eq!(times, [0, 0, 0, 500, 1_000]);
        let (at, _) = next_turn(pace, now + TimeDelta::hours(1), now).unwrap();
        assert_eq!(at, now);
        assert_eq!(next_turn(Pace { milli: 0, burst: 3 }, now, now), None);
    }

    #[test]
    fn a_slow_share_spaces_its_calls() {
        let times = times(250, 4);
        assert_eq!(times, [0, 4_050, 8_100, 12_150]);
        assert_eq!(next_slot(&[], 0, Utc::now()), None);
    }
}

//! At most so many calls a second over all processes of the cell: when the next one may go. Pure.

use chrono::{DateTime, TimeDelta, Utc};

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

#[cfg(test)]
mod tests {
    //! Any window of one second holds at most the allowed number.

    use chrono::{DateTime, TimeDelta, Utc};

    use super::next_slot;

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

    #[test]
    fn a_slow_share_spaces_its_calls() {
        let times = times(250, 4);
        assert_eq!(times, [0, 4_050, 8_100, 12_150]);
        assert_eq!(next_slot(&[], 0, Utc::now()), None);
    }
}

//! How much of a plan falls on which day. An ordinary day weighs a hundred; one on which nothing may
//! run weighs nothing, one on which twice as much should run two hundred.
//!
//! Sums over dates are worked out from whole weeks and the few special ranges, never day by day: a
//! segment of a thousand years costs no more than one of a month.

use chrono::{Datelike, Days, NaiveDate};

/// What an ordinary day weighs.
pub const FULL: i64 = 100;

/// The weight of some days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Special {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub weight: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first.
    weekdays: [i64; 7],
    /// None overlaps another.
    special: Vec<Special>,
}

impl Default for Calendar {
    /// Every day alike.
    fn default() -> Self {
        Self {
            weekdays: [FULL; 7],
            special: Vec::new(),
        }
    }
}

impl Calendar {
    /// Where special days overlap, the one named later holds.
    pub fn new(weekdays: [i64; 7], named: &[Special]) -> Self {
        let mut special: Vec<Special> = Vec::new();
        for one in named {
            special = special
                .iter()
                .flat_map(|earlier| around(*earlier, one))
                .collect();
            special.push(*one);
        }
        Self { weekdays, special }
    }

    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Of all days from one to the other, both included; nothing if they are the wrong way round.
    pub fn weight(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let special: i64 = self
            .special
            .iter()
            .map(|one| {
                let (from, to) = (from.max(one.from), to.min(one.to));
                one.weight * days(from, to) - self.by_weekday(from, to)
            })
            .sum();
        self.by_weekday(from, to) + special
    }

    fn by_weekday(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = days(from, to);
        let first = from.weekday().num_days_from_monday() as usize;
        let rest = usize::try_from(days % 7).unwrap_or(0);
        let rest: i64 = (first..first + rest).map(|at| self.weekdays[at % 7]).sum();
        days / 7 * self.weekdays.iter().sum::<i64>() + rest
    }
}

/// How many days lie between these, both included.
pub(super) fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    ((to - from).num_days() + 1).max(0)
}

/// What is left of a range beside another.
fn around(earlier: Special, later: &Special) -> impl Iterator<Item = Special> {
    let before = later.from.checked_sub_days(Days::new(1));
    let after = later.to.checked_add_days(Days::new(1));
    let before = before.map(|to| Special {
        to: to.min(earlier.to),
        ..earlier
    });
    let after = after.map(|from| Special {
        from: from.max(earlier.from),
        ..earlier
    });
    let parts = [before, after].into_iter().flatten();
    parts.filter(|one| one.from <= one.to)
}

#[cfg(test)]
mod tests {
    //! Against adding up day by day.

    use chrono::{Datelike, Days, NaiveDate};
    use proptest::prelude::*;

    use super::{Calendar, FULL, Special};

    fn day(offset: i64) -> NaiveDate {
        let base: NaiveDate = "2026-01-01".parse().unwrap();
        base + chrono::TimeDelta::days(offset)
    }

    fn of_day(weekdays: [i64; 7], special: &[Special], date: NaiveDate) -> i64 {
        let mut named = special.iter().rev();
        let held = named.find(|one| one.from <= date && date <= one.to);
        let weekday = date.weekday().num_days_from_monday() as usize;
        held.map_or(weekdays[weekday], |one| one.weight)
    }

    proptest! {
        #[test]
        fn sums_equal_counting(
            weekdays in prop::array::uniform7(0_i64..300),
            named in prop::collection::vec((-40_i64..140, 0_i64..30, 0_i64..1000), 0..6),
            from in -50_i64..150,
            length in -3_i64..120,
        ) {
            let special: Vec<Special> = named
                .into_iter()
                .map(|(from, length, weight)| Special { from: day(from), to: day(from + length), weight })
                .collect();
            let calendar = Calendar::new(weekdays, &special);
            let counted: i64 = (from..from + length).map(|at| of_day(weekdays, &special, day(at))).sum();
            prop_assert_eq!(calendar.weight(day(from), day(from + length - 1)), counted);
        }
    }

    #[test]
    fn a_plain_year_weighs_its_days() {
        let plain = Calendar::default();
        assert!(plain.is_plain());
        assert_eq!(plain.weight(day(0), day(0) + Days::new(364)), 365 * FULL);
        assert_eq!(plain.weight(NaiveDate::MIN, NaiveDate::MIN), FULL);
    }
}

//! How the figures of a day change after it: they arrive late, invalid traffic is credited back,
//! and when the month is closed the costs are settled. From then on they stay.
//!
//! Which line item and day is credited or settled, and by how much, follows from the seed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{hours_of, months_after};
use super::facts::Facts;
use super::mix;
use crate::clock::Now;
use chrono_tz::Tz;

const CREDITS: u64 = 0xc4ed;
const SETTLEMENTS: u64 = 0x5e77;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Restatement {
    /// Pairs of days since the end of the day and thousandths of its figures that are in by then.
    pub arrives: Vec<(i64, u64)>,
    /// Days since the end of the day after which invalid traffic is taken back; never if absent.
    pub credit_after_days: Option<i64>,
    /// How many of a hundred line items and days have any.
    pub credited_percent: u64,
    /// The day of the following month that settles the month; never if absent.
    pub month_close_day: Option<u32>,
    /// How many of a hundred line items and days have their costs corrected then.
    pub settled_percent: u64,
}

impl Default for Restatement {
    /// Figures that only arrive late, whole after three days.
    fn default() -> Self {
        Restatement {
            arrives: vec![(0, 920), (1, 980), (3, 1000)],
            credit_after_days: None,
            credited_percent: 15,
            month_close_day: None,
            settled_percent: 10,
        }
    }
}

impl Restatement {
    /// As the help pages tell it: credits after a week, certified by the third of the month.
    pub fn realistic() -> Self {
        Restatement {
            credit_after_days: Some(7),
            month_close_day: Some(3),
            ..Self::default()
        }
    }

    /// Thousandths that are in. Yesterday ended zero days ago; today counts as the first step, in
    /// proportion to its hours.
    pub fn permille(&self, date: NaiveDate, zone: Tz, now: Now) -> u64 {
        let ended_days_ago = (now.today(zone) - date).num_days() - 1;
        if ended_days_ago < -1 {
            return 0;
        }
        let reached = |days: i64| self.arrives.iter().rev().find(|(after, _)| *after <= days);
        match reached(ended_days_ago.max(0)) {
            Some((_, permille)) if ended_days_ago < 0 => {
                permille * now.hours_passed(zone) / hours_of(date, zone)
            }
            Some((_, permille)) => *permille,
            None => 0,
        }
    }

    /// The first day on which nothing about the date changes any more.
    pub fn settled_on(&self, date: NaiveDate) -> NaiveDate {
        let whole = self.arrives.last().map_or(0, |(after, _)| *after);
        let days = whole.max(self.credit_after_days.unwrap_or(0)) + 1;
        self.closes_on(date)
            .unwrap_or_else(|| date + chrono::TimeDelta::days(days))
    }

    fn closes_on(&self, date: NaiveDate) -> Option<NaiveDate> {
        let close = months_after(date, 1);
        let days = u64::from(self.month_close_day?.max(1) - 1);
        close.checked_add_days(chrono::Days::new(days))
    }

    /// What was delivered on the date, as it is shown now.
    pub(crate) fn shown(
        &self,
        whole: Facts,
        chance: u64,
        date: NaiveDate,
        zone: Tz,
        now: Now,
    ) -> Facts {
        let today = now.today(zone);
        if self.closes_on(date).is_some_and(|close| today >= close) {
            return self.settled(whole, chance);
        }
        let ended_days_ago = (today - date).num_days() - 1;
        let credit = self.credit_after_days;
        let figures = if credit.is_some_and(|after| ended_days_ago >= after) {
            self.credited(whole, chance)
        } else {
            whole
        };
        match self.permille(date, zone, now) {
            1000 => figures,
            part => figures.scaled(part),
        }
    }

    /// The final figures.
    pub(crate) fn settled(&self, whole: Facts, chance: u64) -> Facts {
        let figures = self.credited(whole, chance);
        let draw = mix::pair(chance, SETTLEMENTS);
        if self.month_close_day.is_none() || draw % 100 >= self.settled_percent {
            return figures;
        }
        figures.costs_scaled(996 + (draw >> 8) % 9)
    }

    fn credited(&self, whole: Facts, chance: u64) -> Facts {
        let draw = mix::pair(chance, CREDITS);
        if self.credit_after_days.is_none() || draw % 100 >= self.credited_percent {
            return whole;
        }
        whole.scaled(1000 - (5 + (draw >> 8) % 56))
    }
}

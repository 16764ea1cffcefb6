//! What a budget wants by the end of each day, exact.
//!
//! A plan is the budget spread over its days. If the budget or its last day was edited on the way,
//! the days before keep the plan that was in force then, and what was not planned yet is spread anew
//! over the days from the edit on; so doubling a budget makes nobody late on the same day.

use chrono::{Days, NaiveDate};

use super::calendar::{Calendar, FULL, days};
use super::exact;

/// A plan of more than a hundred years is cut there, which keeps all sums within 128 bits.
const MOST_DAYS: u64 = 36_525;

/// How an order spreads its budget over the segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacingType {
    Even,
    /// Up to a fifth faster than even.
    Ahead,
    /// The whole budget as soon as it can be spent.
    Asap,
}

impl PacingType {
    /// Anything unknown is judged as even: the strictest that is fair.
    pub fn of(text: &str) -> Self {
        match text {
            "ahead" => Self::Ahead,
            "asap" => Self::Asap,
            _ => Self::Even,
        }
    }
}

/// The least of a unit that is shown: amounts are rounded to it, and nowhere else again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Millionths, of a currency.
    Micro,
    /// Whole units, of impressions.
    Whole,
}

impl Grain {
    pub const fn micros(self) -> i128 {
        match self {
            Self::Micro => 1,
            Self::Whole => 1_000_000,
        }
    }

    /// The fraction to the nearest of this grain, half to even.
    pub(super) fn round(self, (numerator, denominator): Fraction) -> i64 {
        saturate(exact::round(numerator, denominator * self.micros()) * self.micros())
    }
}

/// Numerator over a positive denominator.
pub(super) type Fraction = (i128, i128);

/// A budget and its last day, and the day from which they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    pub from: NaiveDate,
    pub end: NaiveDate,
    pub budget: i64,
}

/// Days planned in one go: from `base`, which the days before were to reach, to the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    from: NaiveDate,
    end: NaiveDate,
    base: i64,
    budget: i64,
}

/// A piece of a plan, in what its days weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub from: NaiveDate,
    pub end: NaiveDate,
    /// What was to be reached before.
    pub base: i64,
    pub budget: i64,
    pub done: i64,
    pub all: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    pub start: NaiveDate,
    /// Of the budget as it is now.
    pub end: NaiveDate,
    pub budget: i64,
    pub pacing_type: PacingType,
    pub grain: Grain,
    calendar: &'a Calendar,
    pieces: Vec<Piece>,
}

impl<'a> Plan<'a> {
    /// `edits` are in the order they were made; the last is how things are now.
    ///
    /// Only what was edited while the plan ran divides it. An edit after the last day is a
    /// correction: then the whole plan is as that says.
    pub fn new(
        start: NaiveDate,
        edits: &[Edit],
        pacing_type: PacingType,
        grain: Grain,
        calendar: &'a Calendar,
    ) -> Self {
        let none = Edit {
            from: start,
            end: start,
            budget: 0,
        };
        let now = edits.last().copied().unwrap_or(none);
        let mut plan = Self {
            start,
            end: ending(start, now.end),
            budget: now.budget,
            pacing_type,
            grain,
            calendar,
            pieces: Vec::new(),
        };
        let end = plan.end;
        let late = |edit: &Edit| edit.from > end;
        let from = edits.iter().rposition(late).unwrap_or(0);
        for edit in &edits[from..] {
            plan.edit(if late(edit) {
                Edit {
                    from: start,
                    ..*edit
                }
            } else {
                *edit
            });
        }
        if plan.pieces.is_empty() {
            plan.edit(none);
        }
        plan
    }

    /// A budget that was never edited.
    pub fn whole(
        start: NaiveDate,
        (end, budget): (NaiveDate, i64),
        pacing_type: PacingType,
        grain: Grain,
        calendar: &'a Calendar,
    ) -> Self {
        let edit = Edit {
            from: start,
            end,
            budget,
        };
        Self::new(start, &[edit], pacing_type, grain, calendar)
    }

    /// The same with one more edit, which nobody has made yet.
    pub fn with(&self, edit: Edit) -> Self {
        let mut plan = self.clone();
        plan.edit(edit);
        plan.end = ending(self.start, edit.end);
        plan.budget = edit.budget;
        plan
    }

    /// As if the budget had always been what it is now: how the source itself counts.
    pub fn restated(&self) -> Self {
        let now = (self.end, self.budget);
        Self::whole(self.start, now, self.pacing_type, self.grain, self.calendar)
    }

    pub fn is_edited(&self) -> bool {
        self.pieces.len() > 1
    }

    fn edit(&mut self, edit: Edit) {
        let from = edit.from.max(self.start);
        let before = from.pred_opt().map(|day| self.grain.round(self.even(day)));
        self.pieces.retain(|piece| piece.from < from);
        let budget = edit.budget.max(0);
        let base = if self.pieces.is_empty() {
            0
        } else {
            before.unwrap_or(0)
        };
        self.pieces.push(Piece {
            from,
            end: ending(self.start, edit.end).max(from),
            base: base.min(budget),
            budget,
        });
    }

    /// What days weigh here: as the calendar says, or all alike if it leaves no day to run on.
    pub fn weight(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.weigh(from, to, (self.start, self.end))
    }

    fn weigh(&self, from: NaiveDate, to: NaiveDate, whole: (NaiveDate, NaiveDate)) -> i64 {
        if self.calendar.weight(whole.0, whole.1) == 0 {
            days(from, to) * FULL
        } else {
            self.calendar.weight(from, to)
        }
    }

    /// The piece that this day belongs to.
    fn piece(&self, day: NaiveDate) -> Option<&Piece> {
        self.pieces.iter().rev().find(|piece| piece.from <= day)
    }

    /// The days planned in one go that this one belongs to, and how far along them it is.
    pub fn part(&self, day: NaiveDate) -> Option<Part> {
        let piece = *self.piece(day)?;
        let whole = (piece.from, piece.end);
        Some(Part {
            from: piece.from,
            end: piece.end,
            base: piece.base,
            budget: piece.budget,
            done: self.weigh(piece.from, day.min(piece.end), whole),
            all: self.weigh(piece.from, piece.end, whole),
        })
    }

    /// Evenly over the days: what should be spent by the end of `day`.
    fn even(&self, day: NaiveDate) -> Fraction {
        let Some(part) = self.part(day) else {
            return (0, 1);
        };
        let (base, all) = (i128::from(part.base), i128::from(part.all));
        let to_come = i128::from(part.budget) - base;
        (base * all + to_come * i128::from(part.done), all)
    }

    /// What should be spent by the end of `day`, as this plan paces.
    pub(super) fn expected(&self, day: NaiveDate) -> Fraction {
        let even = self.even(day);
        let Some(piece) = self.piece(day) else {
            return even;
        };
        let budget = i128::from(piece.budget);
        match self.pacing_type {
            PacingType::Even => even,
            PacingType::Ahead if 6 * even.0 >= 5 * budget * even.1 => (budget, 1),
            PacingType::Ahead => (6 * even.0, 5 * even.1),
            PacingType::Asap => (budget, 1),
        }
    }

    /// What it is judged by. As soon as possible means there is no too soon: even, then, from below.
    pub(super) fn judged(&self, day: NaiveDate) -> Fraction {
        match self.pacing_type {
            PacingType::Even | PacingType::Ahead => self.expected(day),
            PacingType::Asap => self.even(day),
        }
    }

    /// What it wants by the end of each day, the days to come as well.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, i64)> + '_ {
        let days = self.start.iter_days().take_while(|day| *day <= self.end);
        days.map(|day| (day, self.grain.round(self.expected(day))))
    }
}

fn ending(start: NaiveDate, end: NaiveDate) -> NaiveDate {
    let most = start.checked_add_days(Days::new(MOST_DAYS));
    end.clamp(start, most.unwrap_or(NaiveDate::MAX))
}

/// Budgets are far below the limit; a hostile one shows as the limit instead of wrapping.
pub(super) fn saturate(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}

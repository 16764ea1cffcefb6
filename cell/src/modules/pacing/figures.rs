//! The pacing formulas, exact: from a budget segment, what was spent and the last complete day.
//!
//! All amounts are millionths of the budget's unit (currency or impressions). Days are the
//! advertiser's local dates, inclusive at both ends. Only complete days count: the day the data
//! reaches (`through`) is the last one that has elapsed, whatever the clock says.

use chrono::{Days, NaiveDate};

use super::exact;

/// How an order spreads its budget over the segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacingType {
    Even,
    /// Up to a fifth faster than even.
    Ahead,
    /// The whole budget as soon as it can be spent.
    Asap,
}

/// A budget and the days it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub budget: i64,
    pub pacing_type: PacingType,
    pub grain: Grain,
}

/// The least of a unit that is shown: amounts are rounded to it here, and nowhere else again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Millionths, of a currency.
    Micro,
    /// Whole units, of impressions.
    Whole,
}

impl Grain {
    const fn micros(self) -> i128 {
        match self {
            Self::Micro => 1,
            Self::Whole => 1_000_000,
        }
    }

    /// The fraction to the nearest of this grain, half to even.
    fn round(self, (numerator, denominator): (i128, i128)) -> i64 {
        saturate(exact::round(numerator, denominator * self.micros()) * self.micros())
    }
}

/// What was spent on complete days inside the segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub to_date: i64,
    /// On the last complete day.
    pub yesterday: i64,
    /// On the last seven complete days, or as many as there are.
    pub last_week: i64,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    OnPace,
    Behind,
    Ahead,
    NotStarted,
    Ended,
    NoBudget,
    NoData,
}

/// Pacing between these percentages is on pace.
const ON_PACE: (i128, i128) = (90, 110);
/// Days that make up the run rate of the projection.
pub const RUN_RATE_DAYS: i64 = 7;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub days_total: i64,
    /// Complete days so far.
    pub days_elapsed: i64,
    pub expected: i64,
    /// Decimals with two digits; absent before the first complete day.
    pub pacing_percent: Option<String>,
    pub percent_ahead: Option<String>,
    pub days_ahead: Option<String>,
    pub remaining: i64,
    /// Absent when no day is left.
    pub needed_per_day: Option<i64>,
    pub average_per_day: Option<i64>,
    pub projected_end: Option<i64>,
    /// Zero when nothing can be done any more, or nothing is known yet.
    pub underspend_at_risk: i64,
    /// Of the budget: what makes orders of any size and currency comparable.
    pub at_risk_percent: Option<String>,
    pub status: Status,
}

impl Figures {
    /// Of an order that has no budget to pace.
    pub const NONE: Self = Self {
        days_total: 0,
        days_elapsed: 0,
        expected: 0,
        pacing_percent: None,
        percent_ahead: None,
        days_ahead: None,
        remaining: 0,
        needed_per_day: None,
        average_per_day: None,
        projected_end: None,
        underspend_at_risk: 0,
        at_risk_percent: None,
        status: Status::NoBudget,
    };
}

/// The figures of one segment. Without data (`through`) there is a budget but no pacing.
pub fn compute(plan: &Plan, through: Option<NaiveDate>, spent: Spent) -> Figures {
    let total = (plan.end - plan.start).num_days() + 1;
    let elapsed = through.map_or(0, |day| ((day - plan.start).num_days() + 1).clamp(0, total));
    let target = expected(plan, i128::from(elapsed), i128::from(total));
    let to_date = i128::from(spent.to_date);
    let left = total - elapsed;
    let remaining = plan.budget.saturating_sub(spent.to_date);
    let pacing = Some(target).filter(|(numerator, _)| *numerator > 0);
    let percent = |offset: i128, times: i128| {
        pacing.map(|(expected, scale)| {
            exact::two_digits((to_date * scale - offset * expected) * times, expected)
        })
    };
    let round = |numerator: i128, denominator: i64| {
        let fraction = (numerator, i128::from(denominator));
        plan.grain.round(fraction)
    };
    let projection = (elapsed > 0).then(|| plan.grain.round(project(spent, elapsed, left)));
    let status = status(plan, through, (elapsed, total), spent.to_date);
    let running = matches!(status, Status::OnPace | Status::Behind | Status::Ahead);
    let at_risk = projection.map_or(0, |end| plan.budget.saturating_sub(end).max(0));
    let share = || exact::two_digits(i128::from(at_risk) * 100, i128::from(plan.budget));
    Figures {
        days_total: total,
        days_elapsed: elapsed,
        expected: plan.grain.round(target),
        pacing_percent: percent(0, 100),
        percent_ahead: percent(1, 100),
        days_ahead: percent(1, i128::from(elapsed)),
        remaining,
        needed_per_day: (left > 0).then(|| round(remaining.max(0).into(), left)),
        average_per_day: (elapsed > 0).then(|| round(to_date, elapsed)),
        projected_end: projection,
        underspend_at_risk: if running { at_risk } else { 0 },
        at_risk_percent: running.then(share),
        status,
    }
}

/// What should have been spent after `elapsed` of `total` days, as a fraction.
fn expected(plan: &Plan, elapsed: i128, total: i128) -> (i128, i128) {
    let budget = i128::from(plan.budget.max(0));
    match plan.pacing_type {
        PacingType::Even => (budget * elapsed, total),
        PacingType::Ahead if 6 * elapsed >= 5 * total => (budget, 1),
        PacingType::Ahead => (6 * budget * elapsed, 5 * total),
        PacingType::Asap if elapsed == 0 => (0, 1),
        PacingType::Asap => (budget, 1),
    }
}

/// What the plan wants by the end of each day of the segment, the days to come as well.
pub fn plan_days(plan: Plan) -> impl Iterator<Item = (NaiveDate, i64)> {
    let total = i128::from((plan.end - plan.start).num_days() + 1);
    let days = plan
        .start
        .iter_days()
        .take_while(move |day| *day <= plan.end);
    days.zip(1_i128..)
        .map(move |(day, elapsed)| (day, plan.grain.round(expected(&plan, elapsed, total))))
}

/// Spend at the end of the segment if every day left is like the mean of the last seven.
fn project(spent: Spent, elapsed: i64, left: i64) -> (i128, i128) {
    let days = i128::from(elapsed.min(RUN_RATE_DAYS));
    let future = i128::from(spent.last_week) * i128::from(left);
    (i128::from(spent.to_date) * days + future, days)
}

/// As soon as possible means there is no too soon: such a plan is judged against even, from below.
fn status(
    plan: &Plan,
    through: Option<NaiveDate>,
    (elapsed, total): (i64, i64),
    to_date: i64,
) -> Status {
    if plan.budget <= 0 {
        return Status::NoBudget;
    }
    if through.is_none() {
        return Status::NoData;
    }
    if elapsed == 0 {
        return Status::NotStarted;
    }
    if elapsed == total {
        return Status::Ended;
    }
    let judged = match plan.pacing_type {
        PacingType::Even | PacingType::Ahead => *plan,
        PacingType::Asap => Plan {
            pacing_type: PacingType::Even,
            ..*plan
        },
    };
    let (numerator, denominator) = expected(&judged, i128::from(elapsed), i128::from(total));
    let hundred_spent = i128::from(to_date) * 100 * denominator;
    if hundred_spent < ON_PACE.0 * numerator {
        Status::Behind
    } else if hundred_spent > ON_PACE.1 * numerator && plan.pacing_type != PacingType::Asap {
        Status::Ahead
    } else {
        Status::OnPace
    }
}

/// Which of an order's segments to show: the one running on the day after the data, else the one
/// the data ends in, else the next to come, else the last that ended.
pub fn choose_segment(
    segments: &[(NaiveDate, NaiveDate)],
    through: Option<NaiveDate>,
) -> Option<usize> {
    let indices = || 0..segments.len();
    let latest = || indices().max_by_key(|index| segments[*index].1);
    let Some(through) = through else {
        return latest();
    };
    let holds = |day: NaiveDate| {
        let inside = move |index: &usize| {
            let (start, end) = segments[*index];
            start <= day && day <= end
        };
        indices().find(inside)
    };
    let today = through.checked_add_days(Days::new(1)).unwrap_or(through);
    let upcoming = || {
        let later = indices().filter(|index| segments[*index].0 > through);
        later.min_by_key(|index| segments[*index].0)
    };
    holds(today)
        .or_else(|| holds(through))
        .or_else(upcoming)
        .or_else(latest)
}

/// Budgets are far below the limit; a hostile one shows as the limit instead of wrapping.
fn saturate(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests;

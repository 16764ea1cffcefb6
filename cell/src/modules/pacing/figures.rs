//! The pacing formulas, exact: from a plan, what was spent and the last complete day.
//!
//! All amounts are millionths of the budget's unit (currency or impressions). Days are the
//! advertiser's local dates, inclusive at both ends. Only complete days count: the day the data
//! reaches (`through`) is the last one that has elapsed, whatever the clock says.

use chrono::{Days, NaiveDate};

use super::calendar::{FULL, days};
use super::exact;
use super::plan::{Fraction, PacingType, Plan, saturate};

/// What was spent on complete days inside the segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub to_date: i64,
    /// On the last complete day.
    pub yesterday: i64,
    /// On the last seven complete days, or as many as there are.
    pub last_week: i64,
}

/// All that figures are worked out from, beside the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The last complete day.
    pub through: Option<NaiveDate>,
    pub spent: Spent,
    /// Paced by the day and not by the flight.
    pub daily: bool,
    /// The most of a day.
    pub daily_max: Option<i64>,
    /// The most that can still be delivered by what stands beside the budget: maxima of days, line
    /// items, the order around.
    pub ceiling: Option<i64>,
    /// What an ordinary day left is supposed to bring, instead of what days brought.
    pub supposed_per_day: Option<i64>,
}

/// Pacing between these percentages, both included, is on pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub from_percent: i64,
    pub to_percent: i64,
}

impl Default for Band {
    fn default() -> Self {
        Self {
            from_percent: 90,
            to_percent: 110,
        }
    }
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = PacingStatus)]
pub enum Status {
    OnPace,
    Behind,
    Ahead,
    NotStarted,
    Ended,
    NoBudget,
    NoData,
}

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
    /// Spent less expected.
    pub ahead: i64,
    pub remaining: i64,
    /// Absent when no day is left to run on.
    pub needed_per_day: Option<i64>,
    /// What the next day should bring, as this order paces.
    pub target_next_day: Option<i64>,
    pub average_per_day: Option<i64>,
    pub last_week_per_day: Option<i64>,
    /// At the mean of the last seven complete days.
    pub projected_end: Option<i64>,
    /// The lowest and the highest of the ends at yesterday's rate, the week's and that to date.
    pub projected_low: Option<i64>,
    pub projected_high: Option<i64>,
    /// The day the budget is used up at the week's rate, if that is before the last.
    pub used_up_on: Option<NaiveDate>,
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
        ahead: 0,
        remaining: 0,
        needed_per_day: None,
        target_next_day: None,
        average_per_day: None,
        last_week_per_day: None,
        projected_end: None,
        projected_low: None,
        projected_high: None,
        used_up_on: None,
        underspend_at_risk: 0,
        at_risk_percent: None,
        status: Status::NoBudget,
    };
}

/// The figures of one segment. Without data (`through`) there is a budget but no pacing.
pub fn compute(plan: &Plan<'_>, known: &Known, band: Band) -> Figures {
    let way = Way::of(plan, known.through);
    let to_date = known.spent.to_date;
    let expected = plan.expected(way.last);
    let projected = way.started() || known.supposed_per_day.is_some() && way.known;
    let projections = projected.then(|| Projections::of(plan, known, &way));
    let status = status(plan, &way, to_date, band);
    let running = matches!(status, Status::OnPace | Status::Behind | Status::Ahead);
    let projected = projections.as_ref().map(|all| all.week);
    let at_risk = projected
        .filter(|_| running)
        .map_or(0, |end| plan.budget.saturating_sub(end).max(0));
    let share = || exact::two_digits(i128::from(at_risk) * 100, i128::from(plan.budget));
    let percent = |whole: i128, times: i128, over: i128| {
        percent_of(i128::from(to_date), expected, whole, (times, over))
    };
    let elapsed_weight = i128::from(plan.weight(plan.start, way.last));
    let round = |fraction: Fraction| plan.grain.round(fraction);
    Figures {
        days_total: way.total,
        days_elapsed: way.elapsed,
        expected: round(expected),
        pacing_percent: percent(0, 100, 1),
        percent_ahead: percent(1, 100, 1),
        days_ahead: percent(1, elapsed_weight, i128::from(FULL)),
        ahead: to_date.saturating_sub(round(expected)),
        remaining: plan.budget.saturating_sub(to_date),
        needed_per_day: way.needed(plan, to_date).map(round),
        target_next_day: way.target(plan, known).map(round),
        average_per_day: way
            .started()
            .then(|| round((to_date.into(), way.elapsed.into()))),
        last_week_per_day: way
            .started()
            .then(|| round((known.spent.last_week.into(), way.week.into()))),
        projected_end: projected,
        projected_low: projections.as_ref().map(|all| all.low),
        projected_high: projections.as_ref().map(|all| all.high),
        used_up_on: (projections.is_some() && way.left > 0)
            .then(|| used_up_on(plan, known, &way))
            .flatten(),
        underspend_at_risk: at_risk,
        at_risk_percent: running.then(share),
        status,
    }
}

/// What the pacing is, less `whole` times all, in `times / over`; nothing while nothing is expected.
fn percent_of(
    to_date: i128,
    (expected, scale): Fraction,
    whole: i128,
    (times, over): Fraction,
) -> Option<String> {
    let ratio = (to_date * scale - whole * expected) * times;
    (expected > 0).then(|| exact::two_digits(ratio, expected * over))
}

/// Spend against what the plan expects, in percent.
pub fn pacing_percent(plan: &Plan<'_>, known: &Known) -> Option<String> {
    let way = Way::of(plan, known.through);
    let spent = i128::from(known.spent.to_date);
    percent_of(spent, plan.expected(way.last), 0, (100, 1))
}

/// How far along its days a plan is.
struct Way {
    total: i64,
    elapsed: i64,
    left: i64,
    /// The last complete day inside the plan, or the day before it.
    last: NaiveDate,
    /// The days of the run rate, and the first of them.
    week: i64,
    week_from: NaiveDate,
    known: bool,
}

impl Way {
    fn of(plan: &Plan<'_>, through: Option<NaiveDate>) -> Self {
        let before = plan.start.pred_opt().unwrap_or(plan.start);
        let last = through.map_or(before, |day| day.clamp(before, plan.end));
        let total = days(plan.start, plan.end);
        let elapsed = days(plan.start, last);
        let week = elapsed.min(RUN_RATE_DAYS);
        let back = Days::new(u64::try_from((week - 1).max(0)).unwrap_or(0));
        Self {
            total,
            elapsed,
            left: total - elapsed,
            last,
            week,
            week_from: last.checked_sub_days(back).unwrap_or(plan.start),
            known: through.is_some(),
        }
    }

    const fn started(&self) -> bool {
        self.elapsed > 0
    }

    fn next(&self) -> NaiveDate {
        self.last.succ_opt().unwrap_or(self.last)
    }

    fn weight_left(&self, plan: &Plan<'_>) -> i128 {
        plan.weight(self.next(), plan.end).into()
    }

    /// What is left of the budget over the days left to run on.
    fn needed(&self, plan: &Plan<'_>, to_date: i64) -> Option<Fraction> {
        let weight = Some(self.weight_left(plan)).filter(|weight| *weight > 0)?;
        let open = i128::from(plan.budget.saturating_sub(to_date).max(0));
        Some((open * i128::from(FULL), weight))
    }

    /// By the flight: an even share of what is left, a fifth more when ahead, all of it when as soon
    /// as possible. By the day: the most of a day. Never more than either.
    fn target(&self, plan: &Plan<'_>, known: &Known) -> Option<Fraction> {
        let (needed, weight) = self.needed(plan, known.spent.to_date)?;
        let open = plan.budget.saturating_sub(known.spent.to_date).max(0);
        let most = known.daily_max.map_or(open, |most| most.clamp(0, open));
        let most = (i128::from(most), 1);
        if known.daily && known.daily_max.is_some() {
            return Some(most);
        }
        let today = i128::from(plan.weight(self.next(), self.next()));
        let even = (needed * today, weight * i128::from(FULL));
        Some(match plan.pacing_type {
            PacingType::Even => least(even, most),
            PacingType::Ahead => least((6 * even.0, 5 * even.1), most),
            PacingType::Asap => most,
        })
    }
}

fn least(one: Fraction, other: Fraction) -> Fraction {
    if one.0 * other.1 <= other.0 * one.1 {
        one
    } else {
        other
    }
}

/// An amount and the weight of the days it was spent on.
type Rate = Fraction;

/// Where the segment ends if the days left are like some that were.
struct Projections {
    week: i64,
    low: i64,
    high: i64,
}

impl Projections {
    fn of(plan: &Plan<'_>, known: &Known, way: &Way) -> Self {
        let left = way.weight_left(plan);
        let ends = rates(plan, known, way).map(|rate| {
            let future = (rate.0 * left, rate.1);
            let most = known.ceiling.map(|most| (i128::from(most.max(0)), 1));
            let future = most.map_or(future, |most| least(future, most));
            let to_date = i128::from(known.spent.to_date);
            plan.grain.round((to_date * future.1 + future.0, future.1))
        });
        let [yesterday, week, to_date] = ends;
        Self {
            week,
            low: yesterday.min(week).min(to_date),
            high: yesterday.max(week).max(to_date),
        }
    }
}

/// Yesterday's, the week's and that to date. Days on which nothing was to run say nothing of those
/// on which something is, so then the longer memory answers; at last, all days alike.
fn rates(plan: &Plan<'_>, known: &Known, way: &Way) -> [Rate; 3] {
    if let Some(supposed) = known.supposed_per_day {
        return [(supposed.into(), FULL.into()); 3];
    }
    let spent = known.spent;
    let weight = |from| i128::from(plan.weight(from, way.last));
    let to_date = match weight(plan.start) {
        0 => i128::from(way.elapsed * FULL),
        weight => weight,
    };
    let to_date = (i128::from(spent.to_date), to_date);
    let of = |amount: i64, weight: i128| match weight {
        0 => to_date,
        weight => (i128::from(amount), weight),
    };
    let yesterday = of(spent.yesterday, weight(way.last));
    [
        yesterday,
        of(spent.last_week, weight(way.week_from)),
        to_date,
    ]
}

/// Halves the days left until the first is found by whose end the week's rate has used all.
fn used_up_on(plan: &Plan<'_>, known: &Known, way: &Way) -> Option<NaiveDate> {
    let open = i128::from(plan.budget.saturating_sub(known.spent.to_date));
    if plan.budget <= 0 || open <= 0 {
        return (plan.budget > 0).then_some(way.last);
    }
    let [_, (amount, weight), _] = rates(plan, known, way);
    let used = |day: NaiveDate| amount * i128::from(plan.weight(way.next(), day)) >= open * weight;
    let at = |offset: i64| way.last + chrono::TimeDelta::days(offset);
    // The last day itself is no news.
    let (mut short, mut enough) = (0, way.left - 1);
    if enough < 1 || !used(at(enough)) {
        return None;
    }
    while enough - short > 1 {
        let middle = i64::midpoint(short, enough);
        if used(at(middle)) {
            enough = middle;
        } else {
            short = middle;
        }
    }
    let day = at(enough);
    // What may not be delivered is not used up.
    let reachable = known.ceiling.is_none_or(|most| i128::from(most) >= open);
    reachable.then_some(day)
}

fn status(plan: &Plan<'_>, way: &Way, to_date: i64, band: Band) -> Status {
    if plan.budget <= 0 {
        return Status::NoBudget;
    }
    if !way.known {
        return Status::NoData;
    }
    if !way.started() {
        return Status::NotStarted;
    }
    if way.left == 0 {
        return Status::Ended;
    }
    let (numerator, denominator) = plan.judged(way.last);
    let hundred_spent = i128::from(to_date) * 100 * denominator;
    if hundred_spent < i128::from(band.from_percent) * numerator {
        Status::Behind
    } else if hundred_spent > i128::from(band.to_percent) * numerator
        && plan.pacing_type != PacingType::Asap
    {
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

/// Of several amounts that may or may not be known, all of them together.
pub(super) fn sum_all(amounts: impl IntoIterator<Item = Option<i64>>) -> Option<i64> {
    let sum = |sum: i128, one: Option<i64>| one.map(|one| sum + i128::from(one));
    amounts.into_iter().try_fold(0, sum).map(saturate)
}

#[cfg(test)]
mod tests;

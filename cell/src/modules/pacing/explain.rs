//! Every figure with its formula, the numbers that went into it and the days they were summed over,
//! so that nobody has to believe it.

use chrono::NaiveDate;

use super::calendar::FULL;
use super::caps::{Cap, CapKind, binding};
use super::exact::{amount, two_digits, whole};
use super::figures::RUN_RATE_DAYS;
use super::judge::Standing;
use super::plan::{PacingType, Part};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The field it explains.
    pub key: String,
    pub label: String,
    pub formula: String,
    /// The formula with this order's numbers.
    pub filled: String,
    pub value: String,
    /// The days that were summed up, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// How amounts are written: `EUR`, or `impressions`.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    pub currency: &'a str,
    pub impressions: bool,
}

impl Unit<'_> {
    fn write(&self, micros: i64) -> String {
        if self.impressions {
            format!("{} impressions", whole(micros))
        } else {
            format!("{} {}", amount(micros), self.currency)
        }
    }

    /// What a budget of this unit is used up by, and what that is the sum of.
    fn words(&self) -> (&'static str, &'static str, &'static str) {
        if self.impressions {
            ("Delivered", "delivered", "billable impressions")
        } else {
            ("Spent", "spent", "revenue")
        }
    }
}

/// In the order a person would work them out. `calendar` is the name of the one that holds.
pub fn explain(
    standing: &Standing<'_>,
    unit: Unit<'_>,
    calendar: Option<&str>,
) -> Vec<Explanation> {
    let through = standing.known.through;
    let last = through.map_or(standing.plan.start, |day| day.min(standing.plan.end));
    let facts = Facts {
        standing,
        unit,
        calendar,
        last,
        done: unit.words().1,
    };
    let mut all = vec![facts.days_elapsed(), facts.spent(), facts.expected()];
    all.extend(facts.pacing());
    all.extend(facts.rates());
    all.extend(facts.next_day());
    all.extend(facts.projection());
    all.extend(facts.cap());
    all
}

struct Facts<'a> {
    standing: &'a Standing<'a>,
    unit: Unit<'a>,
    calendar: Option<&'a str>,
    /// The last complete day of the segment.
    last: NaiveDate,
    done: &'static str,
}

fn entry(
    (key, label): (&str, &str),
    formula: impl Into<String>,
    filled: impl Into<String>,
    value: impl Into<String>,
) -> Explanation {
    Explanation {
        key: key.to_owned(),
        label: label.to_owned(),
        formula: formula.into(),
        filled: filled.into(),
        value: value.into(),
        from: None,
        to: None,
    }
}

impl Explanation {
    fn over(mut self, from: NaiveDate, to: NaiveDate) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }
}

/// Hundredths of an ordinary day, as days.
fn weight(hundredths: i64) -> String {
    if hundredths % FULL == 0 {
        (hundredths / FULL).to_string()
    } else {
        two_digits(hundredths.into(), FULL.into())
    }
}

impl Facts<'_> {
    fn budget(&self) -> String {
        self.unit.write(self.standing.plan.budget)
    }

    fn so_far(&self) -> String {
        self.unit.write(self.standing.known.spent.to_date)
    }

    fn next(&self) -> NaiveDate {
        let start = self.standing.plan.start;
        let next = self.standing.known.through.and_then(|day| day.succ_opt());
        next.map_or(start, |day| day.max(start))
    }

    /// Days left, as much as they weigh.
    fn left(&self) -> String {
        weight(
            self.standing
                .plan
                .weight(self.next(), self.standing.plan.end),
        )
    }

    fn days_elapsed(&self) -> Explanation {
        let figures = &self.standing.figures;
        let (elapsed, total) = (figures.days_elapsed, figures.days_total);
        let (start, end) = (self.standing.plan.start, self.standing.plan.end);
        let by = self.calendar.map_or_else(String::new, |name| {
            format!(", weighed by the calendar {name:?}")
        });
        entry(
            ("days_elapsed", "Complete days"),
            format!("days from the start through the last complete day{by}"),
            format!("{start} to {end}: {elapsed} of {total}"),
            elapsed.to_string(),
        )
    }

    fn spent(&self) -> Explanation {
        let (label, _, basis) = self.unit.words();
        let elapsed = self.standing.figures.days_elapsed;
        let days = if elapsed == 1 { "day" } else { "days" };
        let start = self.standing.plan.start;
        let formula = format!("{basis} of the complete days, added up");
        let filled = format!("{elapsed} {days} from {start}");
        let spent = entry(("spend_micros", label), formula, filled, self.so_far());
        if elapsed > 0 {
            spent.over(start, self.last)
        } else {
            spent
        }
    }

    fn expected(&self) -> Explanation {
        let value = self.unit.write(self.standing.figures.expected);
        let key = ("expected_micros", "Expected by now");
        let part = self.standing.plan.part(self.last);
        let part = part.filter(|_| self.standing.figures.days_elapsed > 0);
        let Some(part) = part else {
            return entry(key, "nothing before the first complete day", "0", value);
        };
        let (share, filled) = self.share(&part);
        let budget = self.unit.write(part.budget);
        let (formula, filled) = match self.standing.plan.pacing_type {
            PacingType::Even => (share, filled),
            PacingType::Ahead => (
                format!("120 % of {share}, at most the budget"),
                format!("min(1.2 × ({filled}), {budget})"),
            ),
            PacingType::Asap => ("the whole budget, as soon as possible".to_owned(), budget),
        };
        entry(key, formula, filled, value)
    }

    /// The even share of the days done; after an edit, of what was not planned before it.
    fn share(&self, part: &Part) -> (String, String) {
        let budget = self.unit.write(part.budget);
        let (done, all) = (weight(part.done), weight(part.all));
        if part.base == 0 && part.from == self.standing.plan.start {
            let formula = "budget × complete days ÷ days of the segment".to_owned();
            return (formula, format!("{budget} × {done} ÷ {all}"));
        }
        let base = self.unit.write(part.base);
        (
            format!(
                "planned before the budget was edited on {} + the rest of the budget × days done ÷ days from then on",
                part.from
            ),
            format!("{base} + ({budget} − {base}) × {done} ÷ {all}"),
        )
    }

    fn pacing(&self) -> Vec<Explanation> {
        let figures = &self.standing.figures;
        let shown = (
            &figures.pacing_percent,
            &figures.percent_ahead,
            &figures.days_ahead,
        );
        let (Some(pacing), Some(ahead), Some(days)) = shown else {
            return Vec::new();
        };
        let expected = self.unit.write(figures.expected);
        let ratio = format!("{} ÷ {expected}", self.so_far());
        let elapsed = self
            .standing
            .plan
            .weight(self.standing.plan.start, self.last);
        let times = format!("{} × ({ratio} − 1)", weight(elapsed));
        let less = format!("{} − {expected}", self.so_far());
        let mut all = vec![entry(
            ("pacing_percent", "Pacing"),
            format!("{} ÷ expected", self.done),
            ratio,
            format!("{pacing} %"),
        )];
        all.extend(self.restated());
        all.extend([
            entry(
                ("percent_ahead", "Ahead"),
                "pacing − 100 %",
                format!("{pacing} % − 100 %"),
                format!("{ahead} %"),
            ),
            entry(
                ("ahead_micros", "Ahead, amount"),
                format!("{} − expected", self.done),
                less,
                self.unit.write(figures.ahead),
            ),
            entry(
                ("days_ahead", "Days ahead"),
                "complete days × (pacing − 1)",
                times,
                days.clone(),
            ),
        ]);
        all
    }

    /// What the source itself shows, where an edit makes it differ.
    fn restated(&self) -> Option<Explanation> {
        let plan = &self.standing.plan;
        let restated = plan.is_edited().then(|| plan.restated())?;
        let percent = super::figures::pacing_percent(&restated, &self.standing.known)?;
        let part = restated.part(self.last)?;
        let (_, filled) = self.share(&part);
        Some(entry(
            ("restated_percent", "Pacing, as Display & Video 360 counts"),
            format!(
                "{} ÷ what the budget of today would have wanted from the start",
                self.done
            ),
            format!("{} ÷ ({filled})", self.so_far()),
            format!("{percent} %"),
        ))
    }

    fn rates(&self) -> Vec<Explanation> {
        let figures = &self.standing.figures;
        let remaining = self.unit.write(figures.remaining);
        let mut all = vec![entry(
            ("remaining_micros", "Remaining"),
            format!("budget − {}", self.done),
            format!("{} − {}", self.budget(), self.so_far()),
            remaining.clone(),
        )];
        if let Some(needed) = figures.needed_per_day {
            all.push(entry(
                ("needed_per_day_micros", "Needed per day"),
                "remaining ÷ days left",
                format!("max(0, {remaining}) ÷ {}", self.left()),
                self.unit.write(needed),
            ));
        }
        if let Some(average) = figures.average_per_day {
            let whole = entry(
                ("average_per_day_micros", "Average per day"),
                format!("{} ÷ complete days", self.done),
                format!("{} ÷ {}", self.so_far(), figures.days_elapsed),
                self.unit.write(average),
            );
            all.push(whole.over(self.standing.plan.start, self.last));
            all.push(self.week(figures.last_week_per_day.unwrap_or(0)));
            let yesterday = self.unit.write(self.standing.known.spent.yesterday);
            let day = entry(
                ("yesterday_micros", "Yesterday"),
                format!("{} on the last complete day", self.done),
                self.last.to_string(),
                yesterday,
            );
            all.push(day.over(self.last, self.last));
        }
        all
    }

    fn week(&self, mean: i64) -> Explanation {
        let days = self.week_days();
        let amount = self.unit.write(self.standing.known.spent.last_week);
        let from = super::delivered::week_from(self.standing.plan.start, self.last);
        let one = entry(
            ("last_week_per_day_micros", "Last seven days, per day"),
            format!(
                "{} on the last seven complete days ÷ their number",
                self.done
            ),
            format!("{amount} ÷ {days}"),
            self.unit.write(mean),
        );
        one.over(from, self.last)
    }

    fn week_days(&self) -> i64 {
        self.standing.figures.days_elapsed.min(RUN_RATE_DAYS)
    }

    fn next_day(&self) -> Option<Explanation> {
        let figures = &self.standing.figures;
        let (target, needed) = (figures.target_next_day?, figures.needed_per_day?);
        let needed = self.unit.write(needed);
        let open = self.unit.write(figures.remaining.max(0));
        let most = self.standing.known.daily_max;
        let formula = match (
            self.standing.known.daily,
            most,
            self.standing.plan.pacing_type,
        ) {
            (true, Some(_), _) => "the most of a day, at most what remains",
            (_, _, PacingType::Even) => "needed per day",
            (_, _, PacingType::Ahead) => "120 % of needed per day, at most what remains",
            (_, _, PacingType::Asap) => "all that remains, as soon as possible",
        };
        let most = most.map_or_else(String::new, |most| {
            format!("; the most of a day is {}", self.unit.write(most))
        });
        Some(entry(
            ("target_next_day_micros", "Target of the next day"),
            formula,
            format!("needed {needed}, remaining {open}{most}"),
            self.unit.write(target),
        ))
    }

    fn projection(&self) -> Vec<Explanation> {
        let figures = &self.standing.figures;
        let Some(end) = figures.projected_end.map(|end| self.unit.write(end)) else {
            return Vec::new();
        };
        let plan = &self.standing.plan;
        let from = super::delivered::week_from(plan.start, self.last);
        let week = self.unit.write(self.standing.known.spent.last_week);
        let days = weight(plan.weight(from, self.last));
        let done = self.done;
        let at_most = match self.standing.known.ceiling {
            Some(most) => format!(", at most {} more", self.unit.write(most)),
            None => String::new(),
        };
        let projected = entry(
            ("projected_end_micros", "Projected at end"),
            format!("{done} + mean of the last seven complete days × days left"),
            format!(
                "{} + {week} ÷ {days} × {}{at_most}",
                self.so_far(),
                self.left()
            ),
            end.clone(),
        );
        let low = self.unit.write(figures.projected_low.unwrap_or(0));
        let high = self.unit.write(figures.projected_high.unwrap_or(0));
        let range = entry(
            ("projected_low_micros", "Projected, from and to"),
            "the same at the rate of yesterday, of the last seven days and of all days: the lowest and the highest",
            format!("{low} to {high}"),
            format!("{low} to {high}"),
        );
        let mut all = vec![
            projected.over(from, self.last),
            range.over(plan.start, self.last),
            entry(
                ("underspend_at_risk_micros", "At risk"),
                "budget − projected end, while it runs",
                format!("max(0, {} − {end})", self.budget()),
                self.unit.write(figures.underspend_at_risk),
            ),
        ];
        all.extend(figures.used_up_on.map(|day| {
            entry(
                ("used_up_on", "Budget used up"),
                "the first day by which the rate of the last seven days has used what remains",
                format!(
                    "{} at {week} ÷ {days} a day",
                    self.unit.write(figures.remaining)
                ),
                day.to_string(),
            )
        }));
        all
    }

    fn cap(&self) -> Option<Explanation> {
        let cap = binding(&self.standing.caps)?;
        let each = |cap: &Cap| format!("{} {}", name(cap.kind), self.unit.write(cap.left));
        let filled: Vec<String> = self.standing.caps.iter().map(each).collect();
        Some(entry(
            ("cap_kind", "What binds"),
            "the lowest of what may still be delivered",
            format!("min({})", filled.join(", ")),
            each(&cap),
        ))
    }
}

const fn name(kind: CapKind) -> &'static str {
    match kind {
        CapKind::Budget => "budget",
        CapKind::DailyMax => "daily maximum over the days left",
        CapKind::LineItems => "active line items",
        CapKind::OrderBudget => "budget of the order",
        CapKind::OrderDailyMax => "daily maximum of the order over the days left",
    }
}

#[cfg(test)]
mod tests;

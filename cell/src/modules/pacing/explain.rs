//! Every figure with its formula and the numbers that went into it, so that nobody has to believe it.

use super::exact::{amount, whole};
use super::figures::{Figures, PacingType, Plan, RUN_RATE_DAYS, Spent};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The field it explains.
    pub key: String,
    pub label: String,
    pub formula: String,
    /// The formula with this order's numbers.
    pub filled: String,
    pub value: String,
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

/// In the order a person would work them out.
pub fn explain(plan: &Plan, figures: &Figures, spent: Spent, unit: Unit<'_>) -> Vec<Explanation> {
    let facts = Facts {
        plan,
        figures,
        spent,
        unit,
    };
    let mut all = vec![facts.days_elapsed(), facts.spent(), facts.expected()];
    all.extend(facts.pacing());
    all.extend(facts.rates());
    all.extend(facts.projection());
    all
}

fn entry(key: &str, label: &str, formula: &str, filled: String, value: String) -> Explanation {
    Explanation {
        key: key.to_owned(),
        label: label.to_owned(),
        formula: formula.to_owned(),
        filled,
        value,
    }
}

struct Facts<'a> {
    plan: &'a Plan,
    figures: &'a Figures,
    spent: Spent,
    unit: Unit<'a>,
}

impl Facts<'_> {
    fn budget(&self) -> String {
        self.unit.write(self.plan.budget)
    }

    fn so_far(&self) -> String {
        self.unit.write(self.spent.to_date)
    }

    fn left(&self) -> i64 {
        self.figures.days_total - self.figures.days_elapsed
    }

    fn days_elapsed(&self) -> Explanation {
        let (elapsed, total) = (self.figures.days_elapsed, self.figures.days_total);
        let (start, end) = (self.plan.start, self.plan.end);
        let formula = "days from the start through the last complete day";
        let filled = format!("{start} to {end}: {elapsed} of {total}");
        entry(
            "days_elapsed",
            "Complete days",
            formula,
            filled,
            elapsed.to_string(),
        )
    }

    fn spent(&self) -> Explanation {
        let (label, _, basis) = self.unit.words();
        let elapsed = self.figures.days_elapsed;
        let days = if elapsed == 1 { "day" } else { "days" };
        let formula = format!("{basis} of the complete days, added up");
        let filled = format!("{elapsed} {days} from {}", self.plan.start);
        entry("spend_micros", label, &formula, filled, self.so_far())
    }

    fn expected(&self) -> Explanation {
        let (elapsed, total) = (self.figures.days_elapsed, self.figures.days_total);
        let (formula, filled) = expected(self.plan.pacing_type, &self.budget(), elapsed, total);
        let value = self.unit.write(self.figures.expected);
        entry("expected_micros", "Expected by now", formula, filled, value)
    }

    fn pacing(&self) -> Vec<Explanation> {
        let figures = self.figures;
        let shown = (
            &figures.pacing_percent,
            &figures.percent_ahead,
            &figures.days_ahead,
        );
        let (Some(pacing), Some(ahead), Some(days)) = shown else {
            return Vec::new();
        };
        let ratio = format!("{} ÷ {}", self.so_far(), self.unit.write(figures.expected));
        let less = format!("{pacing} % − 100 %");
        let times = format!("{} × ({ratio} − 1)", figures.days_elapsed);
        let formula = "complete days × (pacing − 1)";
        vec![
            entry(
                "pacing_percent",
                "Pacing",
                &format!("{} ÷ expected", self.unit.words().1),
                ratio,
                format!("{pacing} %"),
            ),
            entry(
                "percent_ahead",
                "Ahead",
                "pacing − 100 %",
                less,
                format!("{ahead} %"),
            ),
            entry("days_ahead", "Days ahead", formula, times, days.clone()),
        ]
    }

    fn rates(&self) -> Vec<Explanation> {
        let figures = self.figures;
        let remaining = self.unit.write(figures.remaining);
        let filled = format!("{} − {}", self.budget(), self.so_far());
        let open = remaining.clone();
        let mut all = vec![entry(
            "remaining_micros",
            "Remaining",
            &format!("budget − {}", self.unit.words().1),
            filled,
            open,
        )];
        if let Some(needed) = figures.needed_per_day {
            let filled = format!("max(0, {remaining}) ÷ {}", self.left());
            let (key, label) = ("needed_per_day_micros", "Needed per day");
            let value = self.unit.write(needed);
            all.push(entry(key, label, "remaining ÷ days left", filled, value));
        }
        if let Some(average) = figures.average_per_day {
            let filled = format!("{} ÷ {}", self.so_far(), figures.days_elapsed);
            let (key, label) = ("average_per_day_micros", "Average per day");
            let value = self.unit.write(average);
            let formula = format!("{} ÷ complete days", self.unit.words().1);
            all.push(entry(key, label, &formula, filled, value));
        }
        all
    }

    fn projection(&self) -> Vec<Explanation> {
        let figures = self.figures;
        let Some(end) = figures.projected_end.map(|end| self.unit.write(end)) else {
            return Vec::new();
        };
        let days = figures.days_elapsed.min(RUN_RATE_DAYS);
        let week = self.unit.write(self.spent.last_week);
        let done = self.unit.words().1;
        let formula = format!("{done} + mean of the last seven complete days × days left");
        let filled = format!("{} + {week} ÷ {days} × {}", self.so_far(), self.left());
        let (key, label) = ("projected_end_micros", "Projected at end");
        let projected = entry(key, label, &formula, filled, end.clone());
        let formula = "budget − projected end, while it runs";
        let filled = format!("max(0, {} − {end})", self.budget());
        let (key, label) = ("underspend_at_risk_micros", "At risk");
        let risk = self.unit.write(figures.underspend_at_risk);
        vec![projected, entry(key, label, formula, filled, risk)]
    }
}

fn expected(kind: PacingType, budget: &str, elapsed: i64, total: i64) -> (&'static str, String) {
    match kind {
        PacingType::Even => (
            "budget × complete days ÷ days of the segment",
            format!("{budget} × {elapsed} ÷ {total}"),
        ),
        PacingType::Ahead => (
            "120 % of the even share, at most the budget",
            format!("min(1.2 × {budget} × {elapsed} ÷ {total}, {budget})"),
        ),
        PacingType::Asap => ("the whole budget, as soon as possible", budget.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    //! One explanation, read as a person would.

    use super::{Unit, explain};
    use crate::modules::pacing::figures::{Grain, PacingType, Plan, Spent, compute};

    #[test]
    fn every_figure_shows_its_numbers() {
        let day = |text: &str| text.parse().unwrap();
        let plan = Plan {
            start: day("2026-07-01"),
            end: day("2026-07-31"),
            budget: 30_000_000_000,
            pacing_type: PacingType::Even,
            grain: Grain::Micro,
        };
        let spent = Spent {
            to_date: 9_000_000_000,
            yesterday: 900_000_000,
            last_week: 6_300_000_000,
        };
        let figures = compute(&plan, Some(day("2026-07-10")), spent);
        let unit = Unit {
            currency: "EUR",
            impressions: false,
        };
        let text: Vec<String> = explain(&plan, &figures, spent, unit)
            .iter()
            .map(|one| format!("{}: {} = {}", one.key, one.filled, one.value))
            .collect();
        expect_test::expect![[r#"
            days_elapsed: 2026-07-01 to 2026-07-31: 10 of 31 = 10
            spend_micros: 10 days from 2026-07-01 = 9,000.00 EUR
            expected_micros: 30,000.00 EUR × 10 ÷ 31 = 9,677.419355 EUR
            pacing_percent: 9,000.00 EUR ÷ 9,677.419355 EUR = 93.00 %
            percent_ahead: 93.00 % − 100 % = -7.00 %
            days_ahead: 10 × (9,000.00 EUR ÷ 9,677.419355 EUR − 1) = -0.70
            remaining_micros: 30,000.00 EUR − 9,000.00 EUR = 21,000.00 EUR
            needed_per_day_micros: max(0, 21,000.00 EUR) ÷ 21 = 1,000.00 EUR
            average_per_day_micros: 9,000.00 EUR ÷ 10 = 900.00 EUR
            projected_end_micros: 9,000.00 EUR + 6,300.00 EUR ÷ 7 × 21 = 27,900.00 EUR
            underspend_at_risk_micros: max(0, 30,000.00 EUR − 27,900.00 EUR) = 2,100.00 EUR"#]]
        .assert_eq(&text.join("\n"));
    }

    #[test]
    fn impressions_are_delivered_and_whole() {
        let day = |text: &str| text.parse().unwrap();
        let plan = Plan {
            start: day("2026-11-01"),
            end: day("2026-11-30"),
            budget: 6_227_700_000_000,
            pacing_type: PacingType::Even,
            grain: Grain::Whole,
        };
        let spent = Spent {
            to_date: 3_207_792_000_000,
            yesterday: 140_000_000_000,
            last_week: 1_011_394_000_000,
        };
        let figures = compute(&plan, Some(day("2026-11-22")), spent);
        let unit = Unit {
            currency: "EUR",
            impressions: true,
        };
        let all = explain(&plan, &figures, spent, unit);
        let read = |key: &str| {
            let one = all.iter().find(|one| one.key == key).unwrap();
            format!("{}: {} = {}", one.label, one.formula, one.value)
        };
        assert_eq!(
            read("spend_micros"),
            "Delivered: billable impressions of the complete days, added up = 3,207,792 impressions"
        );
        assert!(read("projected_end_micros").ends_with("= 4,363,671 impressions"));
        assert!(all.iter().all(|one| !one.formula.contains("spent")));
    }
}

//! Every figure with its formula and the numbers that went into it, so that nobody has to believe it.

use super::exact::{amount, grouped};
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
            let sign = if micros < 0 { "-" } else { "" };
            let number = micros.unsigned_abs() / 1_000_000;
            format!("{sign}{} impressions", grouped(number))
        } else {
            format!("{} {}", amount(micros), self.currency)
        }
    }
}

/// In the order a person would work them out.
pub fn explain(plan: &Plan, figures: &Figures, spent: Spent, unit: Unit<'_>) -> Vec<Explanation> {
    let mut all = Vec::new();
    let mut add = |key: &str, label: &str, formula: &str, filled: String, value: String| {
        all.push(Explanation {
            key: key.to_owned(),
            label: label.to_owned(),
            formula: formula.to_owned(),
            filled,
            value,
        });
    };
    let write = |micros| unit.write(micros);
    let (elapsed, total) = (figures.days_elapsed, figures.days_total);
    let left = total - elapsed;
    let (budget, so_far) = (write(plan.budget), write(spent.to_date));
    add(
        "days_elapsed",
        "Complete days",
        "days from the start through the last complete day",
        format!("{} to {}: {elapsed} of {total}", plan.start, plan.end),
        elapsed.to_string(),
    );
    let (formula, filled) = expected(plan.pacing_type, &budget, elapsed, total);
    let target = write(figures.expected);
    add(
        "expected_micros",
        "Expected by now",
        formula,
        filled,
        target.clone(),
    );
    if let (Some(pacing), Some(ahead), Some(days)) = (
        &figures.pacing_percent,
        &figures.percent_ahead,
        &figures.days_ahead,
    ) {
        let ratio = format!("{so_far} ÷ {target}");
        let percent = |text: &str| format!("{text} %");
        add(
            "pacing_percent",
            "Pacing",
            "spent ÷ expected",
            ratio.clone(),
            percent(pacing),
        );
        add(
            "percent_ahead",
            "Ahead",
            "pacing − 100 %",
            format!("{pacing} % − 100 %"),
            percent(ahead),
        );
        let filled = format!("{elapsed} × ({ratio} − 1)");
        add(
            "days_ahead",
            "Days ahead",
            "complete days × (pacing − 1)",
            filled,
            days.clone(),
        );
    }
    let remaining = write(figures.remaining);
    let filled = format!("{budget} − {so_far}");
    add(
        "remaining_micros",
        "Remaining",
        "budget − spent",
        filled,
        remaining.clone(),
    );
    if let Some(needed) = figures.needed_per_day {
        let filled = format!("max(0, {remaining}) ÷ {left}");
        add(
            "needed_per_day_micros",
            "Needed per day",
            "remaining ÷ days left",
            filled,
            write(needed),
        );
    }
    if let Some(average) = figures.average_per_day {
        let filled = format!("{so_far} ÷ {elapsed}");
        add(
            "average_per_day_micros",
            "Average per day",
            "spent ÷ complete days",
            filled,
            write(average),
        );
    }
    if let Some(end) = figures.projected_end {
        let days = elapsed.min(RUN_RATE_DAYS);
        let formula = "spent + mean of the last seven complete days × days left";
        let filled = format!("{so_far} + {} ÷ {days} × {left}", write(spent.last_week));
        add(
            "projected_end_micros",
            "Projected end",
            formula,
            filled,
            write(end),
        );
        let filled = format!("max(0, {budget} − {})", write(end));
        let risk = write(figures.underspend_at_risk);
        let formula = "budget − projected end, while it runs";
        add(
            "underspend_at_risk_micros",
            "Underspend at risk",
            formula,
            filled,
            risk,
        );
    }
    all
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
    use crate::modules::pacing::figures::{PacingType, Plan, Spent, compute};

    #[test]
    fn every_figure_shows_its_numbers() {
        let day = |text: &str| text.parse().unwrap();
        let plan = Plan {
            start: day("2026-07-01"),
            end: day("2026-07-31"),
            budget: 30_000_000_000,
            pacing_type: PacingType::Even,
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
        expect_test::expect![[r"
            days_elapsed: 2026-07-01 to 2026-07-31: 10 of 31 = 10
            expected_micros: 30,000.00 EUR × 10 ÷ 31 = 9,677.419355 EUR
            pacing_percent: 9,000.00 EUR ÷ 9,677.419355 EUR = 93.00 %
            percent_ahead: 93.00 % − 100 % = -7.00 %
            days_ahead: 10 × (9,000.00 EUR ÷ 9,677.419355 EUR − 1) = -0.70
            remaining_micros: 30,000.00 EUR − 9,000.00 EUR = 21,000.00 EUR
            needed_per_day_micros: max(0, 21,000.00 EUR) ÷ 21 = 1,000.00 EUR
            average_per_day_micros: 9,000.00 EUR ÷ 10 = 900.00 EUR
            projected_end_micros: 9,000.00 EUR + 6,300.00 EUR ÷ 7 × 21 = 27,900.00 EUR
            underspend_at_risk_micros: max(0, 30,000.00 EUR − 27,900.00 EUR) = 2,100.00 EUR"]]
        .assert_eq(&text.join("\n"));
    }
}

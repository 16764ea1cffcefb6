//! What would be if: another budget, another last day, another rate, from the first day that is not
//! complete. Nothing is written, and nothing is sent to the source.

use chrono::NaiveDate;
use serde::Deserialize;

use super::Error;
use super::figures::{Band, Figures, Known, compute};
use super::judge::Standing;
use super::plan::{Edit, Plan};

/// What is changed; what is left out stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhatIf {
    /// In millionths of the order's unit.
    pub budget_micros: Option<i64>,
    /// The last day.
    pub end_date: Option<NaiveDate>,
    /// What each day left delivers, instead of the mean of the last seven.
    pub per_day_micros: Option<i64>,
}

/// A plan that nobody has made, and how it would end.
#[derive(Debug)]
pub struct Supposed<'a> {
    pub plan: Plan<'a>,
    pub figures: Figures,
}

impl WhatIf {
    pub fn apply<'a>(&self, now: &Standing<'a>, band: Band) -> Result<Supposed<'a>, Error> {
        let next = now.known.through.and_then(|day| day.succ_opt());
        let from = next.map_or(now.plan.start, |day| day.max(now.plan.start));
        let end = self.end_date.unwrap_or(now.plan.end);
        if self.budget_micros.is_some_and(|budget| budget < 0) {
            return Err(Error::WhatIf("a budget is not less than nothing".into()));
        }
        if self.per_day_micros.is_some_and(|rate| rate < 0) {
            return Err(Error::WhatIf("a rate is not less than nothing".into()));
        }
        if self.end_date.is_some() && end < from {
            return Err(Error::WhatIf(format!(
                "the last day has to be {from} or later: the days before are complete"
            )));
        }
        let changed = self.budget_micros.is_some() || self.end_date.is_some();
        let plan = if changed {
            now.plan.with(Edit {
                from,
                end,
                budget: self.budget_micros.unwrap_or(now.plan.budget),
            })
        } else {
            now.plan.clone()
        };
        let known = Known {
            // Line items and maxima can be changed too; what they let through says nothing of then.
            ceiling: None,
            supposed_per_day: self.per_day_micros,
            ..now.known
        };
        let figures = compute(&plan, &known, band);
        Ok(Supposed { plan, figures })
    }
}

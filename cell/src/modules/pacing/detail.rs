//! One order in full: its segments, its days against the plan, and its line items.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::delivered::{spark, spent};
use super::figures::Status;
use super::judge::{Rules, Standing};
use super::plan::Plan;
use super::what_if::Supposed;
use super::{Book, ByDay, Delivered, LineItem, Segment};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SegmentPacing {
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub budget_micros: i64,
    pub description: String,
    pub spend_micros: i64,
    pub expected_micros: i64,
    pub pacing_percent: Option<String>,
    pub remaining_micros: i64,
    pub projected_end_micros: Option<i64>,
    pub days_total: i64,
    pub days_elapsed: i64,
    pub status: Status,
    /// How its budget was changed, oldest first; nothing if it never was.
    pub edits: Vec<SegmentEdit>,
}

/// From a day on, a budget and its last day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SegmentEdit {
    /// The advertiser's day on which the change was made or first seen.
    pub from: NaiveDate,
    pub end_date: NaiveDate,
    pub budget_micros: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingDay {
    pub date: NaiveDate,
    pub spend_micros: i64,
    pub cumulative_micros: i64,
    /// What the plan wanted by the end of this day.
    pub plan_cumulative_micros: i64,
    /// The source may still change it.
    pub provisional: bool,
}

/// What the plan wants by the end of a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanDay {
    pub date: NaiveDate,
    pub cumulative_micros: i64,
}

/// Figures that nobody has made come true.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PacingSupposed {
    pub end_date: NaiveDate,
    pub budget_micros: i64,
    pub days_total: i64,
    pub days_elapsed: i64,
    pub expected_micros: i64,
    pub pacing_percent: Option<String>,
    pub remaining_micros: i64,
    pub needed_per_day_micros: Option<i64>,
    pub projected_end_micros: Option<i64>,
    pub used_up_on: Option<NaiveDate>,
    pub underspend_at_risk_micros: i64,
    pub status: Status,
    /// Every day, those to come as well.
    pub plan: Vec<PlanDay>,
}

impl PacingSupposed {
    pub(super) fn new(supposed: &Supposed<'_>) -> Self {
        let figures = &supposed.figures;
        Self {
            end_date: supposed.plan.end,
            budget_micros: supposed.plan.budget,
            days_total: figures.days_total,
            days_elapsed: figures.days_elapsed,
            expected_micros: figures.expected,
            pacing_percent: figures.pacing_percent.clone(),
            remaining_micros: figures.remaining,
            needed_per_day_micros: figures.needed_per_day,
            projected_end_micros: figures.projected_end,
            used_up_on: figures.used_up_on,
            underspend_at_risk_micros: figures.underspend_at_risk,
            status: figures.status,
            plan: planned(&supposed.plan),
        }
    }
}

impl Book {
    /// What all that was delivered by day comes to, by line item.
    pub fn deliveries(&self, days: &HashMap<String, ByDay>) -> HashMap<String, Delivered> {
        let in_segment = self.current().and_then(|one| self.window(one));
        let by_id: HashMap<&str, &LineItem> = (self.line_items.iter())
            .map(|one| (one.line_item_id.as_str(), one))
            .collect();
        let of = |(id, days): (&String, &ByDay)| {
            let flown = by_id.get(id.as_str()).and_then(|one| self.flown(one));
            let delivered = Delivered {
                in_segment: spent(in_segment, days),
                in_flight: spent(flown, days),
                spark: (self.order.through).map_or_else(Vec::new, |day| spark(days, day)),
            };
            (id.clone(), delivered)
        };
        days.iter().map(of).collect()
    }

    pub(super) fn segment_pacing(
        &self,
        segment: &Segment,
        days: &ByDay,
        rules: &Rules<'_>,
    ) -> SegmentPacing {
        let so_far = spent(self.window(segment), days);
        let standing = self.standing(segment, so_far, (Vec::new(), rules));
        let figures = standing.figures;
        let edit = |one: &super::plan::Edit| SegmentEdit {
            from: one.from,
            end_date: one.end,
            budget_micros: one.budget,
        };
        let edited = segment.edits.len() > 1;
        SegmentPacing {
            start_date: segment.start,
            end_date: segment.end,
            budget_micros: segment.budget_micros,
            description: segment.description.clone(),
            spend_micros: so_far.to_date,
            expected_micros: figures.expected,
            pacing_percent: figures.pacing_percent,
            remaining_micros: figures.remaining,
            projected_end_micros: figures.projected_end,
            days_total: figures.days_total,
            days_elapsed: figures.days_elapsed,
            status: figures.status,
            edits: segment.edits.iter().filter(|_| edited).map(edit).collect(),
        }
    }
}

impl Standing<'_> {
    /// The complete days of the segment, even where its first were never read.
    pub(super) fn days(
        &self,
        through: Option<NaiveDate>,
        days: &ByDay,
        certified: &HashSet<NaiveDate>,
    ) -> Vec<PacingDay> {
        let Some(through) = through else {
            return Vec::new();
        };
        let complete = self.plan.days().take_while(|(date, _)| *date <= through);
        let mut cumulative: i64 = 0;
        complete
            .map(|(date, planned)| {
                let value = days.get(&date).copied().unwrap_or(0);
                cumulative = cumulative.saturating_add(value);
                PacingDay {
                    date,
                    spend_micros: value,
                    cumulative_micros: cumulative,
                    plan_cumulative_micros: planned,
                    provisional: !certified.contains(&date),
                }
            })
            .collect()
    }
}

pub(super) fn planned(plan: &Plan<'_>) -> Vec<PlanDay> {
    let day = |(date, cumulative_micros)| PlanDay {
        date,
        cumulative_micros,
    };
    plan.days().map(day).collect()
}

/// What all line items of the order delivered by day.
pub(super) fn sum_days(days: &HashMap<String, ByDay>) -> ByDay {
    let mut sums = ByDay::new();
    for (date, value) in days.values().flatten() {
        let sum = sums.entry(*date).or_insert(0_i64);
        *sum = sum.saturating_add(*value);
    }
    sums
}

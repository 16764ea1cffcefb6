//! One order in full: its segments, its days against the plan, and its line items.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::figures::{Plan, Status, compute, plan_days};
use super::rows::{PacingSegment, figures_of};
use super::{ByDay, Order, Segment, spent, store};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SegmentPacing {
    #[serde(flatten)]
    pub segment: PacingSegment,
    pub spend_micros: i64,
    pub expected_micros: i64,
    pub pacing_percent: Option<String>,
    pub remaining_micros: i64,
    pub projected_end_micros: Option<i64>,
    pub days_total: i64,
    pub days_elapsed: i64,
    pub status: Status,
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

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinePacing {
    pub line_item_id: String,
    pub name: String,
    pub kind: String,
    pub entity_status: String,
    /// `automatic`, `fixed` or `unlimited`; only a fixed one has a budget of its own.
    pub allocation: String,
    pub pacing_period: String,
    pub pacing_type: String,
    pub daily_max_micros: Option<i64>,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub budget_micros: Option<i64>,
    pub spend_micros: i64,
    pub expected_micros: i64,
    pub pacing_percent: Option<String>,
    pub yesterday_micros: i64,
    pub needed_per_day_micros: Option<i64>,
    pub projected_end_micros: Option<i64>,
    pub underspend_at_risk_micros: i64,
    pub status: Status,
    pub spark: Vec<i64>,
}

pub(super) fn segment_pacing(order: &Order, segment: &Segment, days: &ByDay) -> SegmentPacing {
    let so_far = spent(segment, order.through, days);
    let figures = figures_of(order, Some(segment), so_far);
    SegmentPacing {
        segment: segment.into(),
        spend_micros: so_far.to_date,
        expected_micros: figures.expected,
        pacing_percent: figures.pacing_percent,
        remaining_micros: figures.remaining,
        projected_end_micros: figures.projected_end,
        days_total: figures.days_total,
        days_elapsed: figures.days_elapsed,
        status: figures.status,
    }
}

pub(super) fn pacing_days(
    order: &Order,
    segment: &Segment,
    days: &ByDay,
    certified: &HashSet<NaiveDate>,
) -> Vec<PacingDay> {
    let Some(through) = order.through else {
        return Vec::new();
    };
    let last = segment.end.min(through);
    let complete = plan_days(order.plan(segment)).take_while(|(date, _)| *date <= last);
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

pub(super) fn planned(plan: Plan) -> Vec<PlanDay> {
    let day = |(date, cumulative_micros)| PlanDay {
        date,
        cumulative_micros,
    };
    plan_days(plan).map(day).collect()
}

/// A line item without dates of its own runs in the order's segment.
pub(super) fn line_pacing(
    order: &Order,
    current: Option<&Segment>,
    line_items: Vec<store::LineItem>,
    by_line_item: &HashMap<String, ByDay>,
) -> Vec<LinePacing> {
    let none = ByDay::new();
    line_items
        .into_iter()
        .map(|one| {
            let days = by_line_item.get(&one.line_item_id).unwrap_or(&none);
            let flight = one.flight_start.zip(one.flight_end);
            let flight = flight.or(current.map(|segment| (segment.start, segment.end)));
            let segment = flight.map(|(start, end)| Segment {
                start,
                end,
                budget_micros: one.budget_micros.unwrap_or(0),
                description: String::new(),
            });
            let so_far = segment.as_ref().map_or_else(Default::default, |segment| {
                spent(segment, order.through, days)
            });
            let figures = match &segment {
                Some(segment) => compute(
                    &order.plan_as(segment, &one.pacing_type),
                    order.reach(segment),
                    so_far,
                ),
                None => figures_of(order, None, so_far),
            };
            LinePacing {
                line_item_id: one.line_item_id,
                name: one.name,
                kind: one.kind,
                entity_status: one.entity_status,
                allocation: one.allocation,
                pacing_period: one.pacing_period,
                pacing_type: one.pacing_type,
                daily_max_micros: one.daily_max_micros,
                start: flight.map(|dates| dates.0),
                end: flight.map(|dates| dates.1),
                budget_micros: one.budget_micros,
                spend_micros: so_far.to_date,
                expected_micros: figures.expected,
                pacing_percent: figures.pacing_percent,
                yesterday_micros: so_far.yesterday,
                needed_per_day_micros: figures
                    .needed_per_day
                    .filter(|_| one.budget_micros.is_some()),
                projected_end_micros: figures.projected_end,
                underspend_at_risk_micros: figures.underspend_at_risk,
                status: figures.status,
                spark: order
                    .through
                    .map_or_else(Vec::new, |day| store::spark(days, day)),
            }
        })
        .collect()
}

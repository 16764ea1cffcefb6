//! From an order's book and what was delivered to the rows of the order and of its line items.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::caps::{Cap, CapKind, Room, binding, ceiling};
use super::delivered::{SPARK_DAYS, Window};
use super::figures::{
    Band, Figures, Known, Spent, Status, choose_segment, compute, pacing_percent, sum_all,
};
use super::plan::{Edit, PacingType, Plan, saturate};
use super::rows::{Level, PacingRow};
use super::settings::{BudgetEdits, Calendars, Settings};
use super::{Book, Delivered, LineItem, Segment};

/// How an org wants to be judged.
#[derive(Debug)]
pub struct Rules<'a> {
    pub band: Band,
    pub restated: bool,
    pub calendars: Calendars<'a>,
}

impl<'a> Rules<'a> {
    pub fn new(settings: &'a Settings) -> Self {
        Self {
            band: settings.band(),
            restated: settings.budget_edits == BudgetEdits::Restated,
            calendars: settings.calendars(),
        }
    }
}

/// A budget's plan, what is known of it and what stands in its way.
#[derive(Debug)]
pub struct Standing<'a> {
    pub plan: Plan<'a>,
    pub known: Known,
    pub caps: Vec<Cap>,
    pub figures: Figures,
}

impl Book {
    /// The segment the order is shown by.
    pub fn current(&self) -> Option<&Segment> {
        let dates: Vec<_> = (self.segments.iter())
            .map(|one| (one.start, one.end))
            .collect();
        choose_segment(&dates, self.order.through).map(|index| &self.segments[index])
    }

    /// The complete days of a segment.
    pub fn window(&self, segment: &Segment) -> Window {
        let last = self.order.through?.min(segment.end);
        Some((segment.start, last)).filter(|(first, last)| first <= last)
    }

    /// The days a line item runs: a line item without days of its own runs in the order's segment.
    pub fn flight(&self, line_item: &LineItem) -> Option<(NaiveDate, NaiveDate)> {
        let segment = self.current().map(|one| (one.start, one.end));
        line_item.flight.or(segment)
    }

    /// The complete days of a line item's flight.
    pub fn flown(&self, line_item: &LineItem) -> Window {
        let (start, end) = self.flight(line_item)?;
        let last = self.order.through?.min(end);
        Some((start, last)).filter(|(first, last)| first <= last)
    }

    /// Of the order's segments, the one with this delivery.
    pub fn standing<'r>(
        &self,
        segment: &Segment,
        delivered: Spent,
        (caps, rules): (Vec<Cap>, &'r Rules<'_>),
    ) -> Standing<'r> {
        let plan = self.plan(segment, rules);
        self.judge(plan, (delivered, caps), &self.terms(), rules)
    }

    pub fn plan<'r>(&self, segment: &Segment, rules: &'r Rules<'_>) -> Plan<'r> {
        let pacing_type = PacingType::of(&self.order.pacing_type);
        self.spread(segment.start, &segment.edits, pacing_type, rules)
    }

    fn spread<'r>(
        &self,
        start: NaiveDate,
        edits: &[Edit],
        pacing_type: PacingType,
        rules: &'r Rules<'_>,
    ) -> Plan<'r> {
        let order = &self.order;
        let calendars = &rules.calendars;
        let (calendar, _) = calendars.of(&order.advertiser_id, &order.insertion_order_id);
        let plan = Plan::new(start, edits, pacing_type, order.grain(), calendar);
        if rules.restated {
            plan.restated()
        } else {
            plan
        }
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            period: &self.order.pacing_period,
            daily_max: self.order.daily_max_micros,
        }
    }

    fn judge<'r>(
        &self,
        plan: Plan<'r>,
        (spent, caps): (Spent, Vec<Cap>),
        terms: &Terms<'_>,
        rules: &Rules<'_>,
    ) -> Standing<'r> {
        let known = Known {
            through: self.order.reach(plan.start),
            spent,
            daily: terms.period == "daily",
            daily_max: terms.daily_max.filter(|most| *most > 0),
            ceiling: ceiling(&caps),
            supposed_per_day: None,
        };
        let figures = compute(&plan, &known, rules.band);
        Standing {
            plan,
            known,
            caps,
            figures,
        }
    }

    /// What stands in the way of a segment's budget.
    pub fn caps(&self, segment: &Segment, all: &Deliveries<'_>) -> Vec<Cap> {
        let Some(room) = self.room(segment, all.in_segment.to_date) else {
            return Vec::new();
        };
        let mut caps = vec![Cap::new(CapKind::Budget, room.remaining.unwrap_or(0))];
        caps.extend(room.by_day().map(|left| Cap::new(CapKind::DailyMax, left)));
        let flying = |one: &&LineItem| {
            let flight = self.flight(one);
            one.is_active() && flight.is_some_and(|(_, end)| end >= room.next)
        };
        let mut active = self.line_items.iter().filter(flying).peekable();
        if active.peek().is_some() {
            let left = active.map(|one| self.line_room(one, all)?.least());
            caps.extend(sum_all(left).map(|left| Cap::new(CapKind::LineItems, left)));
        }
        caps
    }

    fn room(&self, segment: &Segment, spent: i64) -> Option<Room> {
        Some(Room {
            next: self.next(segment.start)?,
            end: segment.end,
            remaining: Some(segment.budget_micros.saturating_sub(spent)),
            daily_max: self.order.daily_max_micros,
        })
    }

    /// The first day from `start` on that is not complete.
    fn next(&self, start: NaiveDate) -> Option<NaiveDate> {
        let next = self.order.reach(start)?.succ_opt()?;
        Some(next.max(start))
    }

    fn line_room(&self, one: &LineItem, all: &Deliveries<'_>) -> Option<Room> {
        let (start, end) = self.flight(one)?;
        let spent = all.of(&one.line_item_id).in_flight.to_date;
        Some(Room {
            next: self.next(start)?,
            end,
            remaining: one.budget_micros.map(|budget| budget.saturating_sub(spent)),
            daily_max: one.daily_max_micros,
        })
    }

    /// A line item is held by its own budget and days, and by its order's.
    fn line_caps(&self, one: &LineItem, all: &Deliveries<'_>) -> Vec<Cap> {
        let Some(room) = self.line_room(one, all) else {
            return Vec::new();
        };
        let Some(left) = room.remaining else {
            return Vec::new();
        };
        let mut caps = vec![Cap::new(CapKind::Budget, left)];
        caps.extend(room.by_day().map(|left| Cap::new(CapKind::DailyMax, left)));
        let current = self.current();
        let order = current.and_then(|one| self.room(one, all.in_segment.to_date));
        if let Some(order) = order {
            let left = order.remaining.unwrap_or(0);
            caps.push(Cap::new(CapKind::OrderBudget, left));
            let left = order.by_day();
            caps.extend(left.map(|left| Cap::new(CapKind::OrderDailyMax, left)));
        }
        caps
    }

    /// The order's own row, and one for each line item.
    pub fn rows(&self, all: &Deliveries<'_>, rules: &Rules<'_>) -> (PacingRow, Vec<PacingRow>) {
        let standing = self.current().map(|segment| {
            let caps = self.caps(segment, all);
            self.standing(segment, all.in_segment, (caps, rules))
        });
        let order = self.order_row(standing.as_ref(), all);
        let lines = self.line_items.iter();
        let lines = lines.map(|one| self.line_row(one, all, rules)).collect();
        (order, lines)
    }

    fn order_row(&self, standing: Option<&Standing<'_>>, all: &Deliveries<'_>) -> PacingRow {
        let order = &self.order;
        let mut row = self.row(Level::InsertionOrder, standing);
        row.id.clone_from(&order.insertion_order_id);
        row.row_key = format!("{}/{}", order.dsp, order.insertion_order_id);
        row.name.clone_from(&order.name);
        row.entity_status.clone_from(&order.entity_status);
        row.pacing_period.clone_from(&order.pacing_period);
        row.pacing_type.clone_from(&order.pacing_type);
        row.daily_max_micros = order.daily_max_micros;
        row.order_count = 1;
        row.spark.clone_from(&all.spark);
        if let Some(segment) = self.current() {
            row.start_date = Some(segment.start);
            row.end_date = Some(segment.end);
            row.budget_micros = Some(segment.budget_micros);
            row.description.clone_from(&segment.description);
        }
        row
    }

    fn line_row(&self, one: &LineItem, all: &Deliveries<'_>, rules: &Rules<'_>) -> PacingRow {
        let delivered = all.of(&one.line_item_id);
        let flight = self.flight(one);
        let standing = flight.map(|(start, end)| {
            let whole = Edit {
                from: start,
                end,
                budget: one.budget_micros.unwrap_or(0),
            };
            let edits = if one.edits.is_empty() {
                std::slice::from_ref(&whole)
            } else {
                &one.edits
            };
            let plan = self.spread(start, edits, PacingType::of(&one.pacing_type), rules);
            let terms = Terms {
                period: &one.pacing_period,
                daily_max: one.daily_max_micros,
            };
            let caps = self.line_caps(one, all);
            self.judge(plan, (delivered.in_flight, caps), &terms, rules)
        });
        let mut row = self.row(Level::LineItem, standing.as_ref());
        row.id.clone_from(&one.line_item_id);
        row.row_key = format!("{}/{}", self.order.dsp, one.line_item_id);
        row.name.clone_from(&one.name);
        row.entity_status.clone_from(&one.entity_status);
        row.kind.clone_from(&one.kind);
        row.allocation.clone_from(&one.allocation);
        row.pacing_period.clone_from(&one.pacing_period);
        row.pacing_type.clone_from(&one.pacing_type);
        row.daily_max_micros = one.daily_max_micros;
        row.budget_micros = one.budget_micros;
        row.start_date = flight.map(|days| days.0);
        row.end_date = flight.map(|days| days.1);
        row.spark.clone_from(&delivered.spark);
        if one.budget_micros.is_none() {
            row.needed_per_day_micros = None;
            row.target_next_day_micros = None;
            row.remaining_micros = 0;
            row.ahead_micros = 0;
        }
        row
    }

    /// What rows of an order and of its line items have alike.
    fn row(&self, level: Level, standing: Option<&Standing<'_>>) -> PacingRow {
        let order = &self.order;
        let none = Figures::NONE;
        let figures = standing.map_or(&none, |one| &one.figures);
        let spent = standing.map_or_else(Spent::default, |one| one.known.spent);
        let cap = standing.and_then(|one| binding(&one.caps).map(|cap| (cap, one)));
        let cap = cap.filter(|(_, one)| is_running(one.figures.status));
        let short = cap.map(|(cap, one)| one.figures.remaining.max(0).saturating_sub(cap.left));
        let restated = standing.filter(|one| one.plan.is_edited());
        PacingRow {
            level,
            id: String::new(),
            row_key: String::new(),
            name: String::new(),
            dsp: order.dsp.clone(),
            advertiser_id: order.advertiser_id.clone(),
            advertiser_name: order.advertiser_name.clone(),
            campaign_id: order.campaign_id.clone(),
            campaign_name: order.campaign_name.clone(),
            insertion_order_id: order.insertion_order_id.clone(),
            insertion_order_name: order.name.clone(),
            budget_unit: order.budget_unit.clone(),
            currency: order.currency.clone(),
            entity_status: String::new(),
            kind: String::new(),
            allocation: String::new(),
            pacing_period: String::new(),
            pacing_type: String::new(),
            daily_max_micros: None,
            start_date: None,
            end_date: None,
            budget_micros: None,
            description: String::new(),
            order_count: 0,
            spend_micros: spent.to_date,
            expected_micros: figures.expected,
            judged_by_micros: standing.map_or(0, Standing::judged_by),
            ahead_micros: figures.ahead,
            pacing_percent: figures.pacing_percent.clone(),
            restated_percent: restated
                .and_then(|one| pacing_percent(&one.plan.restated(), &one.known)),
            percent_ahead: figures.percent_ahead.clone(),
            days_ahead: figures.days_ahead.clone(),
            remaining_micros: figures.remaining,
            needed_per_day_micros: figures.needed_per_day,
            target_next_day_micros: figures.target_next_day,
            average_per_day_micros: figures.average_per_day,
            last_week_per_day_micros: figures.last_week_per_day,
            yesterday_micros: spent.yesterday,
            projected_end_micros: figures.projected_end,
            projected_low_micros: figures.projected_low,
            projected_high_micros: figures.projected_high,
            used_up_on: figures.used_up_on,
            underspend_at_risk_micros: figures.underspend_at_risk,
            at_risk_percent: figures.at_risk_percent.clone(),
            cap_kind: cap.map(|(cap, _)| cap.kind),
            cap_left_micros: cap.map(|(cap, _)| cap.left),
            cap_short_micros: short.map(|short| short.max(0)),
            days_total: figures.days_total,
            days_elapsed: figures.days_elapsed,
            provisional_days: standing.map_or(0, |one| self.provisional(&one.plan)),
            through: order.through,
            status: figures.status,
            spark: Vec::new(),
        }
    }

    /// Of a plan's complete days, those that the source may still change.
    fn provisional(&self, plan: &Plan<'_>) -> i64 {
        let (Some(through), Some(open)) = (self.order.reach(plan.start), self.order.open_from)
        else {
            return 0;
        };
        super::calendar::days(open.max(plan.start), through.min(plan.end))
    }
}

impl Standing<'_> {
    fn judged_by(&self) -> i64 {
        let Some(through) = self.known.through else {
            return 0;
        };
        let last = through.min(self.plan.end);
        self.plan.grain.round(self.plan.judged(last))
    }
}

pub(super) const fn is_running(status: Status) -> bool {
    matches!(status, Status::OnPace | Status::Behind | Status::Ahead)
}

struct Terms<'a> {
    period: &'a str,
    daily_max: Option<i64>,
}

/// What all line items of an order delivered, and the order with them.
#[derive(Debug)]
pub struct Deliveries<'a> {
    by_line_item: &'a HashMap<String, Delivered>,
    pub in_segment: Spent,
    pub spark: Vec<i64>,
}

static NOTHING: Delivered = Delivered {
    in_segment: Spent {
        to_date: 0,
        yesterday: 0,
        last_week: 0,
    },
    in_flight: Spent {
        to_date: 0,
        yesterday: 0,
        last_week: 0,
    },
    spark: Vec::new(),
};

impl<'a> Deliveries<'a> {
    /// Of an order whose data reaches as far as `through`.
    pub fn new(by_line_item: &'a HashMap<String, Delivered>, through: Option<NaiveDate>) -> Self {
        let mut sums = [0_i128; 3];
        let days = usize::try_from(SPARK_DAYS).unwrap_or(0);
        let mut spark = vec![0_i64; if through.is_some() { days } else { 0 }];
        for one in by_line_item.values() {
            let spent = one.in_segment;
            let parts = [spent.to_date, spent.yesterday, spent.last_week];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += i128::from(part);
            }
            for (sum, value) in spark.iter_mut().zip(&one.spark) {
                *sum = sum.saturating_add(*value);
            }
        }
        Self {
            by_line_item,
            in_segment: Spent {
                to_date: saturate(sums[0]),
                yesterday: saturate(sums[1]),
                last_week: saturate(sums[2]),
            },
            spark,
        }
    }

    fn of(&self, line_item_id: &str) -> &Delivered {
        self.by_line_item.get(line_item_id).unwrap_or(&NOTHING)
    }
}

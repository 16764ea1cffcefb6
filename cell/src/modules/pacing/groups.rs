//! Campaigns, advertisers and portfolios: sums over those of their orders that run.
//!
//! An order as soon as possible counts evenly in a group, otherwise its whole budget would be
//! overdue from the first day on. Amounts are the orders' own, so a person can add them up.

use std::collections::BTreeMap;

use super::calendar::days;
use super::exact;
use super::figures::{Band, Figures, Status, sum_all};
use super::judge::is_running;
use super::plan::saturate;
use super::rows::{Level, PacingRow};

/// The source, what it calls the parent, and the unit.
type Key<'a> = (&'a str, &'a str, (bool, &'a str));

/// One row for each campaign, or advertiser, and unit.
pub fn by_parent(level: Level, orders: &[&PacingRow], band: Band) -> Vec<PacingRow> {
    let mut members: BTreeMap<Key<'_>, Vec<&PacingRow>> = BTreeMap::new();
    for order in orders {
        let id = match level {
            Level::Campaign => &order.campaign_id,
            _ => &order.advertiser_id,
        };
        let key = (order.dsp.as_str(), id.as_str(), order.counted_in());
        members.entry(key).or_default().push(order);
    }
    let row = |((dsp, id, _), members): (Key<'_>, Vec<&PacingRow>)| {
        let mut row = sum(level, &members, band);
        id.clone_into(&mut row.id);
        dsp.clone_into(&mut row.dsp);
        row.row_key = format!("{dsp}/{id}/{}", unit_name(&row));
        let first = members[0];
        row.advertiser_id.clone_from(&first.advertiser_id);
        row.advertiser_name.clone_from(&first.advertiser_name);
        row.name.clone_from(&first.advertiser_name);
        if level == Level::Campaign {
            row.campaign_id.clone_from(&first.campaign_id);
            row.campaign_name.clone_from(&first.campaign_name);
            row.name.clone_from(&first.campaign_name);
        }
        row
    };
    members.into_iter().map(row).collect()
}

/// One row for each unit that the portfolio's orders count in.
pub fn portfolio(id: &str, name: &str, orders: &[&PacingRow], band: Band) -> Vec<PacingRow> {
    let mut members: BTreeMap<(bool, &str), Vec<&PacingRow>> = BTreeMap::new();
    for order in orders {
        members.entry(order.counted_in()).or_default().push(order);
    }
    let row = |members: Vec<&PacingRow>| {
        let mut row = sum(Level::Portfolio, &members, band);
        id.clone_into(&mut row.id);
        name.clone_into(&mut row.name);
        row.row_key = format!("{id}/{}", unit_name(&row));
        row
    };
    members.into_values().map(row).collect()
}

fn unit_name(row: &PacingRow) -> &str {
    match row.counted_in() {
        (true, _) => "impressions",
        (false, currency) => currency,
    }
}

fn sum(level: Level, members: &[&PacingRow], band: Band) -> PacingRow {
    let running: Vec<&PacingRow> = members
        .iter()
        .copied()
        .filter(|row| row.is_running())
        .collect();
    let all = |amount: fn(&PacingRow) -> i64| {
        saturate(running.iter().map(|row| i128::from(amount(row))).sum())
    };
    let known = |amount: fn(&PacingRow) -> Option<i64>| {
        let sum = sum_all(running.iter().map(|row| amount(row)));
        sum.filter(|_| !running.is_empty())
    };
    let budget = all(|row| row.budget_micros.unwrap_or(0));
    let spend = all(|row| row.spend_micros);
    let judged_by = all(|row| row.judged_by_micros);
    let at_risk = all(|row| row.underspend_at_risk_micros);
    let start = running.iter().filter_map(|row| row.start_date).min();
    let end = running.iter().filter_map(|row| row.end_date).max();
    let through = running.iter().filter_map(|row| row.through).min();
    let total = start.zip(end).map_or(0, |(start, end)| days(start, end));
    let elapsed = start
        .zip(through)
        .map_or(0, |(start, through)| days(start, through));
    let percent = |amount: i64, of: i64| {
        (of > 0).then(|| exact::two_digits(i128::from(amount) * 100, of.into()))
    };
    PacingRow {
        order_count: i64::try_from(members.len()).unwrap_or(i64::MAX),
        start_date: start,
        end_date: end,
        budget_micros: (!running.is_empty()).then_some(budget),
        spend_micros: spend,
        expected_micros: judged_by,
        judged_by_micros: judged_by,
        ahead_micros: spend.saturating_sub(judged_by),
        pacing_percent: percent(spend, judged_by),
        percent_ahead: percent(spend.saturating_sub(judged_by), judged_by),
        remaining_micros: all(|row| row.remaining_micros),
        needed_per_day_micros: known(|row| row.needed_per_day_micros),
        target_next_day_micros: known(|row| row.target_next_day_micros),
        average_per_day_micros: known(|row| row.average_per_day_micros),
        last_week_per_day_micros: known(|row| row.last_week_per_day_micros),
        yesterday_micros: all(|row| row.yesterday_micros),
        projected_end_micros: known(|row| row.projected_end_micros),
        projected_low_micros: known(|row| row.projected_low_micros),
        projected_high_micros: known(|row| row.projected_high_micros),
        underspend_at_risk_micros: at_risk,
        at_risk_percent: percent(at_risk, budget),
        days_total: total,
        days_elapsed: elapsed.min(total),
        provisional_days: running
            .iter()
            .map(|row| row.provisional_days)
            .max()
            .unwrap_or(0),
        through,
        status: status(members, (spend, judged_by), band),
        spark: spark(&running),
        ..empty(level, members[0])
    }
}

/// Nothing yet but what all members share.
fn empty(level: Level, like: &PacingRow) -> PacingRow {
    let none = Figures::NONE;
    PacingRow {
        level,
        id: String::new(),
        row_key: String::new(),
        name: String::new(),
        dsp: String::new(),
        advertiser_id: String::new(),
        advertiser_name: String::new(),
        campaign_id: String::new(),
        campaign_name: String::new(),
        insertion_order_id: String::new(),
        insertion_order_name: String::new(),
        entity_status: String::new(),
        kind: String::new(),
        allocation: String::new(),
        pacing_period: String::new(),
        pacing_type: String::new(),
        daily_max_micros: None,
        description: String::new(),
        restated_percent: None,
        days_ahead: none.days_ahead,
        used_up_on: none.used_up_on,
        cap_kind: None,
        cap_left_micros: None,
        cap_short_micros: None,
        ..like.clone()
    }
}

/// By the sums if anything runs; else what comes before what was.
fn status(members: &[&PacingRow], (spend, judged_by): (i64, i64), band: Band) -> Status {
    let has = |status: Status| members.iter().any(|row| row.status == status);
    if members.iter().any(|row| is_running(row.status)) {
        let (spend, judged_by) = (i128::from(spend) * 100, i128::from(judged_by));
        // Nobody is ahead who may run as soon as possible.
        let only_asap = members
            .iter()
            .filter(|row| row.is_running())
            .all(|row| row.pacing_type == "asap");
        return if spend < i128::from(band.from_percent) * judged_by {
            Status::Behind
        } else if spend > i128::from(band.to_percent) * judged_by && !only_asap {
            Status::Ahead
        } else {
            Status::OnPace
        };
    }
    let rest = [Status::NoData, Status::NotStarted, Status::Ended];
    let found = rest.into_iter().find(|status| has(*status));
    found.unwrap_or(Status::NoBudget)
}

/// Day by day up to the last that all of them have.
fn spark(running: &[&PacingRow]) -> Vec<i64> {
    let Some(through) = running.iter().filter_map(|row| row.through).min() else {
        return Vec::new();
    };
    let longest = running.iter().map(|row| row.spark.len()).max().unwrap_or(0);
    let mut sums = vec![0_i64; longest];
    for row in running {
        let later = row.through.map_or(0, |day| (day - through).num_days());
        let later = usize::try_from(later).unwrap_or(0);
        let known = row.spark.iter().rev().skip(later);
        for (sum, value) in sums.iter_mut().rev().zip(known) {
            *sum = sum.saturating_add(*value);
        }
    }
    sums
}

//! `bench quota`: that the source's quota is kept, enough, and shared fairly.
//!
//! First by arithmetic over months (`virtual_days`), then measured: a thousand orgs of very different
//! sizes on three real cells with global-control, through a day of the quota, against a source that
//! counts as Google counts; and the same day first come, first served, beside it.

mod fleet;

mod virtual_days;

mod walk;

use anyhow::Result;

use crate::report::{Report, Row};
use crate::scenarios::accuracy;
use walk::{Day, Order, Outcome, Size};

const ORGS: usize = 1_000;
const QUICK: usize = 60;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let orgs = if quick { QUICK } else { ORGS };
    let order = serde_json::to_string(&Order { orgs })?;
    let measured = tokio::task::spawn_blocking(move || {
        accuracy::apart::<Outcome>("quota", &order, walk::beginning())
    });
    let mut rows = virtual_days::rows(quick);
    rows.extend(measured_rows(&measured.await??));
    Ok(Report::new("quota", quick, rows))
}

/// The process that `run` starts.
pub(crate) async fn walk(order: &str) -> Result<()> {
    service_kit::install_crypto();
    let outcome = walk::run(serde_json::from_str(order)?).await?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

fn measured_rows(outcome: &Outcome) -> Vec<Row> {
    let count = |name: &str, value: u64| Row::shown(name, "", &[value as f64]);
    let most =
        |name: &str, unit, value: u64, limit| Row::at_most(name, unit, &[value as f64], limit);
    let leased = &outcome.leased;
    let per_report = leased.requests as f64 / leased.reports.max(1) as f64;
    let mut rows = vec![
        count("measured: orgs on three cells", outcome.orgs as u64),
        most(
            "leased day: requests the source refused",
            "",
            leased.refused,
            0.0,
        ),
        most("  requests", "", leased.requests, 2_000.0),
        most("  most requests in a second", "", leased.most_a_second, 4.0),
        count("  entity requests", leased.entity_requests),
        most(
            "  most entity requests in a minute",
            "",
            leased.most_entities_a_minute,
            1_500.0,
        ),
        Row::at_most("  requests per report", "", &[per_report], 3.0),
        Row::at_least(
            "  Jain's index of mornings served",
            "",
            &[jain(leased)],
            0.99,
        ),
    ];
    rows.extend(of_day("leased", leased));
    let first_come = &outcome.first_come;
    rows.push(count(
        "first come: requests the source refused",
        first_come.refused,
    ));
    rows.push(count("  requests", first_come.requests));
    rows.push(Row::shown(
        "  Jain's index of mornings served",
        "",
        &[jain(first_come)],
    ));
    rows.extend(of_day("first come", first_come));
    let seconds = [outcome.joining_seconds, leased.seconds, first_come.seconds];
    rows.push(Row::shown(
        "seconds of joining and of each day",
        "s",
        &seconds,
    ));
    rows
}

fn of_day(terms: &str, day: &Day) -> Vec<Row> {
    let mut rows = Vec::new();
    for size in Size::ALL {
        let name = size.name();
        let (Some(waits), Some(served)) = (day.waits.get(&size), day.served.get(&size)) else {
            continue;
        };
        let minutes: Vec<f64> = waits.iter().map(|one| one / 60.0).collect();
        let part = served.iter().sum::<f64>() / served.len() as f64 * 100.0;
        rows.push(Row::shown(
            format!("{terms}, {name}: mornings served on the day"),
            "%",
            &[part],
        ));
        rows.push(Row::shown(format!("  {name}: wait, p50"), "min", &minutes));
        rows.push(Row::quantile_shown(
            format!("  {name}: wait, p95"),
            "min",
            &minutes,
            0.95,
        ));
    }
    rows.push(Row::shown(
        format!("{terms}: reports of old days loaded"),
        "",
        &[day.bulk as f64],
    ));
    rows
}

/// One where everybody has the same part of the mornings it wanted; less the more they differ.
fn jain(day: &Day) -> f64 {
    let parts: Vec<f64> = day.served.values().flatten().copied().collect();
    let sum: f64 = parts.iter().sum();
    let squares: f64 = parts.iter().map(|one| one * one).sum();
    if squares == 0.0 {
        return 0.0;
    }
    sum * sum / (parts.len() as f64 * squares)
}

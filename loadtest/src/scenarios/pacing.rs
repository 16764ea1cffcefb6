//! Claims: pacing's list, 100 rows in any order with the totals of all, answers within 50 ms when it
//! is warm and within 150 ms in a process that has just started (95th percentiles), for an org of
//! 10,000 line items with 90 days each, on one small cell. A usual org of 50 is shown beside it.
//!
//! The cell's own routes answer over HTTP, requests are signed as the router signs them, and Postgres
//! has the settings of a local cell.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use self::org::Size;
use self::served::Served;
use super::ingest::prepared;
use crate::cluster::Cluster;
use crate::report::{Report, Row};

mod org;

mod served;

/// As `cellctl` sets it up.
const SMALL: [&str; 6] = [
    "shared_buffers=24MB",
    "work_mem=8MB",
    "effective_cache_size=256MB",
    "max_worker_processes=4",
    "max_parallel_workers_per_gather=0",
    "jit=off",
];
const SIZES: [Size; 2] = [
    Size {
        advertisers: 1,
        orders: 5,
        line_items: 50,
    },
    Size {
        advertisers: 10,
        orders: 1_000,
        line_items: 10_000,
    },
];
const SORTS: [&str; 10] = [
    "-at_risk_percent",
    "name",
    "-name",
    "campaign_name",
    "start_date",
    "-budget_micros",
    "spend_micros",
    "-pacing_percent",
    "days_ahead",
    "-yesterday_micros",
];
const ROWS: usize = 100;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    service_kit::install_crypto();
    let (starts, rounds) = if quick { (2, 1) } else { (7, 4) };
    let cluster = Cluster::start(&SMALL).await?;
    let database = prepared(&cluster).await?;
    let mut rows = Vec::new();
    for size in SIZES {
        let mut first = Served::start(&database, &format!("agency-{}", size.orders)).await?;
        first.found().await?;
        org::fill(&database, first.org, size).await?;
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..starts {
            let served = first.again(&database).await?;
            cold.push(page(&served, size, SORTS[0]).await?);
            for sort in SORTS.iter().cycle().take(SORTS.len() * rounds) {
                warm.push(page(&served, size, sort).await?);
            }
        }
        let name = format!("{} line items x {} days", size.line_items, org::DAYS);
        eprintln!("  {name}: {} answers", warm.len() + cold.len());
        let p95 = |what: &str, times: &[f64], limit| {
            let name = format!("{name}: {what}, 95th percentile");
            Row::quantile_at_most(name, "ms", times, 0.95, limit)
        };
        rows.push(Row::shown(format!("{name}: warm, median"), "ms", &warm));
        rows.push(p95("warm", &warm, 50.0));
        rows.push(p95("cold", &cold, 150.0));
    }
    Ok(Report::new("pacing", quick, rows))
}

/// From sending the request to the last byte of a right answer, in milliseconds.
async fn page(served: &Served, size: Size, sort: &str) -> Result<f64> {
    let path = format!("/api/pacing/insertion-orders?limit={ROWS}&sort={sort}");
    let started = Instant::now();
    let text = served.get(&path).await?;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    let page: Value = serde_json::from_str(&text).context("read the answer")?;
    let items = page["items"].as_array().context("there are items")?;
    let orders = size.orders as usize;
    ensure!(
        items.len() == ROWS.min(orders),
        "{} rows: {text}",
        items.len()
    );
    ensure!(page["next_cursor"].is_null() == (orders <= ROWS), "{text}");
    let spend = page["totals"][0]["spend_micros"].as_i64();
    let expected = size.spend_micros();
    ensure!(
        spend == Some(expected),
        "the totals say {spend:?}, not {expected}"
    );
    Ok(took)
}

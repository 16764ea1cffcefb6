//! Claims: over 20 fresh orgs, POST signup to the first pacing row takes 30 s at most (median) with a
//! report delay of one second; over 200 signups, provisioning takes 1 s at most (99th percentile).
//!
//! Provisioning is measured from the accepted signup to the first authenticated 200 from the cell.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use serde_json::Value;
use test_kit::journey::Person;
use test_kit::platform::{Options, Platform};

use crate::report::{Report, Row};

const DEADLINE: Duration = Duration::from_secs(120);
const LINE_ITEMS: u32 = 50;
const DAYS: i64 = 90;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (journeys, signups) = if quick { (3, 20) } else { (20, 200) };
    let options = Options {
        // Room for every org: a cell takes 100 unless told otherwise.
        cells: 3,
        report_delay_ms: 1_000,
        line_items: Some(LINE_ITEMS),
        ..Options::default()
    };
    eprintln!("starting a platform with {} cells …", options.cells);
    let platform = Platform::start(&options).await?;
    let warm_up = provision(platform.port(), "warm-up-agency").await?;
    eprintln!("warm: {warm_up:.3} s; {journeys} journeys from signup to pacing …");
    let mut to_pacing = Vec::new();
    for number in 0..journeys {
        let seconds = journey(platform.port(), &format!("journey-agency-{number}")).await?;
        eprintln!("  journey {number}: {seconds:.2} s");
        to_pacing.push(seconds);
    }
    eprintln!("{signups} signups …");
    let mut provisioning = Vec::new();
    for number in 0..signups {
        let slug = format!("signup-agency-{number}");
        provisioning.push(provision(platform.port(), &slug).await?);
    }
    let rows = vec![
        Row::at_most("signup to first pacing row, median", "s", &to_pacing, 30.0),
        Row::shown("provisioning, median", "s", &provisioning),
        Row::quantile_at_most(
            "provisioning, 99th percentile",
            "s",
            &provisioning,
            0.99,
            1.0,
        ),
    ];
    Ok(Report::new("onboarding", quick, rows))
}

async fn journey(port: u16, slug: &str) -> Result<f64> {
    let mut person = Person::new(port)?;
    let started = Instant::now();
    person.sign_up(slug).await?;
    person.enter(DEADLINE).await?;
    let connection = person.connect().await?;
    person.choose_advertisers(&connection, 1).await?;
    let page = person.first_pacing(DEADLINE).await?;
    let seconds = started.elapsed().as_secs_f64();
    check(&mut person, &page).await?;
    Ok(seconds)
}

/// The whole advertiser is there: every line item, and 90 days of it.
async fn check(person: &mut Person, page: &Value) -> Result<()> {
    let mut line_items = 0;
    for row in page["items"].as_array().context("pacing has items")? {
        let order = row["insertion_order_id"]
            .as_str()
            .context("an order has an id")?;
        let path = format!("/api/pacing/insertion-orders/{order}");
        let detail = person.org_get(&path).await?.body;
        let items = detail["line_items"]
            .as_array()
            .context("an order has line items")?;
        line_items += items.len();
    }
    ensure!(
        line_items == LINE_ITEMS as usize,
        "{line_items} line items came in"
    );
    let sync = &person.org_get("/api/syncs").await?.body["items"][0];
    let date = |end: &str| -> Result<NaiveDate> {
        let text = sync["range"][end].as_str().context("a sync has a range")?;
        Ok(text.parse()?)
    };
    let days = (date("end")? - date("start")?).num_days() + 1;
    ensure!(days >= DAYS, "the backfill covers {days} days");
    Ok(())
}

async fn provision(port: u16, slug: &str) -> Result<f64> {
    let mut person = Person::new(port)?;
    person.sign_up(slug).await?;
    let accepted = Instant::now();
    person.enter(DEADLINE).await?;
    Ok(accepted.elapsed().as_secs_f64())
}

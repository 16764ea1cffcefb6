//! Claims: over 20 fresh orgs, POST signup to the first pacing row takes 30 s at most (median) with a
//! report delay of one second; over 200 signups, provisioning takes 1 s at most (99th percentile).
//!
//! Provisioning is measured from the accepted signup to the first authenticated 200 from the cell.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use test_kit::journey::Person;
use test_kit::platform::{Options, Platform};

use crate::report::{Report, Row};

const DEADLINE: Duration = Duration::from_secs(120);

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (journeys, signups) = if quick { (3, 20) } else { (20, 200) };
    let options = Options {
        cells: 2,
        report_delay_ms: 1_000,
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
    let rows = page["items"].as_array().context("pacing has items")?;
    ensure!(!rows.is_empty(), "pacing is empty");
    Ok(seconds)
}

async fn provision(port: u16, slug: &str) -> Result<f64> {
    let mut person = Person::new(port)?;
    person.sign_up(slug).await?;
    let accepted = Instant::now();
    person.enter(DEADLINE).await?;
    Ok(accepted.elapsed().as_secs_f64())
}

//! Claim: in a throttled Chromium that has never seen the product, the largest paint of a page with
//! figures takes 1.5 s at most, and its interactions 200 ms.
//!
//! The measuring itself is `ui/bench/measure.mjs`, which says what each device's line and processor are;
//! here is the platform, with a person whose first advertisers are in.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use test_kit::journey::Person;
use test_kit::platform::{Options, Platform};
use tokio::process::Command;

use crate::report::{Report, Row};

const DEADLINE: Duration = Duration::from_secs(120);
const ADVERTISERS: usize = 3;
const PAINT_MS: f64 = 1_500.0;
const INTERACTION_MS: f64 = 200.0;
/// Shown beside the others; its line alone needs longer for what any page is made of.
const NOT_HELD_TO_LIMITS: &str = "slow phone";

#[derive(Debug, Deserialize)]
struct Measured {
    results: Vec<Visits>,
}

/// Visits of one page with one device; each figure has one value per visit.
#[derive(Debug, Deserialize)]
struct Visits {
    device: String,
    page: String,
    lcp_ms: Vec<f64>,
    inp_ms: Vec<f64>,
    cls: Vec<f64>,
    transferred_kb: Vec<f64>,
}

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let options = Options {
        report_delay_ms: 300,
        ..Options::default()
    };
    eprintln!("starting a platform …");
    let platform = Platform::start(&options).await?;
    let mut person = Person::new(platform.port())?;
    person.sign_up("morning-agency").await?;
    person.enter(DEADLINE).await?;
    let connection = person.connect().await?;
    person.choose_advertisers(&connection, ADVERTISERS).await?;
    person.first_pacing(DEADLINE).await?;
    let rounds = if quick { 2 } else { 5 };
    eprintln!("{rounds} visits of each page with each device …");
    let measured = measure(&platform, &person, rounds).await?;
    let rows = measured.results.iter().flat_map(rows).collect();
    Ok(Report::new("ui", quick, rows))
}

async fn measure(platform: &Platform, person: &Person, rounds: u32) -> Result<Measured> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    let origin = format!("http://{}.localhost:{}", person.slug, platform.port());
    let cookies = person.org_cookies();
    let [cookie] = cookies.as_slice() else {
        anyhow::bail!("the org gave {} cookies", cookies.len());
    };
    let output = Command::new("node")
        .current_dir(ui)
        .args(["bench/measure.mjs", &origin, cookie, &rounds.to_string()])
        .output()
        .await
        .context("start node")?;
    ensure!(
        output.status.success(),
        "measuring failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).context("read what was measured")
}

fn rows(visits: &Visits) -> Vec<Row> {
    let name = |what: &str| format!("{} {}, {what}", visits.device, visits.page);
    let (paint, interaction) = (name("largest paint"), name("interaction"));
    let timed = if visits.device == NOT_HELD_TO_LIMITS {
        [
            Row::shown(paint, "ms", &visits.lcp_ms),
            Row::shown(interaction, "ms", &visits.inp_ms),
        ]
    } else {
        [
            Row::at_most(paint, "ms", &visits.lcp_ms, PAINT_MS),
            Row::at_most(interaction, "ms", &visits.inp_ms, INTERACTION_MS),
        ]
    };
    let others = [
        Row::shown(name("layout shift"), "", &visits.cls),
        Row::shown(name("fetched"), "KB", &visits.transferred_kb),
    ];
    timed.into_iter().chain(others).collect()
}

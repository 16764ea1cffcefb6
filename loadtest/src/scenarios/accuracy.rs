//! Claims: over seeded histories of three advertisers in three time zones and currencies, with late
//! figures, credits, month close, changing clocks and people's edits, silver equals the source's
//! truth in every additive metric once it is settled, and at least 99.99 % of it inside the window
//! with the provisional flag right; and faults in 20 % of the reports together with kill -9 of the
//! worker, of Postgres and of the source change nothing about it and run no report twice.
//!
//! The histories are walked twice through the same months by the real processes, once undisturbed.
//! Time is the simulator's: what the cell would do in a day is done at once. `--histories` says
//! how many are walked, `--seed` which; a thousand are ten chunks of a hundred.

mod agency;

mod check;

mod parts;

mod walk;

mod weather;

use anyhow::Result;

use crate::report::{Report, Row};
use parts::Part;
use walk::Outcome;

/// How many histories a run without a wish walks.
const USUAL: u32 = 100;
const QUICK: u32 = 4;

pub(crate) async fn run(quick: bool, histories: Option<u32>, seed: u64) -> Result<Report> {
    service_kit::install_crypto();
    let histories = histories.unwrap_or(if quick { QUICK } else { USUAL });
    eprintln!("{histories} histories from seed {seed}, undisturbed …");
    let calm = walk::run(seed, histories, false).await?;
    eprintln!("{:.0} s; and again, disturbed …", calm.seconds);
    let rough = walk::run(seed, histories, true).await?;
    for (name, tally) in [
        ("inside", &rough.inside),
        ("flags", &rough.flags),
        ("settled", &rough.settled),
        ("undisturbed, settled", &calm.settled),
    ] {
        if let Some(first) = &tally.first {
            eprintln!("first difference, {name}: {first}");
        }
    }
    Ok(Report::new("accuracy", quick, rows(&calm, &rough)))
}

fn rows(calm: &Outcome, rough: &Outcome) -> Vec<Row> {
    let differ = calm.digests.iter().zip(&rough.digests);
    let differ = differ.filter(|(calm, rough)| calm != rough).count();
    let shown = |name: &str, unit, value: f64| Row::shown(name, unit, &[value]);
    let none = |name: &str, value: u64| Row::at_most(name, "", &[value as f64], 0.0);
    let wrong = |tally: &check::Tally| 100.0 - tally.share();
    let mut rows = vec![
        shown("histories", "", rough.digests.len() as f64),
        shown(
            "cells compared once settled",
            "",
            rough.settled.cells as f64,
        ),
        Row::at_most("  of them wrong", "%", &[wrong(&rough.settled)], 0.0),
        Row::at_most(
            "  of them wrong, undisturbed",
            "%",
            &[wrong(&calm.settled)],
            0.0,
        ),
        shown(
            "cells compared inside the window",
            "",
            rough.inside.cells as f64,
        ),
        Row::at_most("  of them wrong", "%", &[wrong(&rough.inside)], 0.01),
        shown(
            "days whose flag was looked at",
            "",
            rough.flags.cells as f64,
        ),
        Row::at_most("  of them wrong", "%", &[wrong(&rough.flags)], 0.0),
        none(
            "histories that differ from the undisturbed run",
            differ as u64,
        ),
        shown("syncs", "", rough.syncs as f64),
        shown(
            "  of them failed or refused, and started again",
            "",
            rough.repeated as f64,
        ),
        shown("reports run", "", rough.reports as f64),
        shown(
            "  of them unused and not failed",
            "",
            rough.unused_reports as f64,
        ),
        none("  of them unused, undisturbed", calm.unused_reports),
    ];
    for part in Part::ALL {
        let kills = rough.kills[part as usize];
        rows.push(shown(
            &format!("kill -9 of {}", part.name()),
            "",
            kills as f64,
        ));
    }
    if !rough.recoveries.is_empty() {
        rows.push(Row::quantile_at_most(
            "from a kill until syncs move on, worst",
            "s",
            &rough.recoveries,
            1.0,
            60.0,
        ));
    }
    rows.push(shown("seconds, undisturbed", "s", calm.seconds));
    rows.push(shown("seconds, disturbed", "s", rough.seconds));
    rows
}

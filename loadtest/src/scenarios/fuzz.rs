//! Claim: of ten million reports with something wrong in them, none makes the reader panic and none
//! is believed with other figures than those an independent reader finds in it.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use cell::ingestion::connector::{Connector, ReportRequest};
use cell::ingestion::connectors::dv360::Dv360;
use cell::ingestion::pipelines::{Spec, find_built_in};
use chrono::NaiveDate;

use self::oracle::{Dice, Figures, REPORT};
use crate::report::{Report, Row};

#[path = "../../../cell/tests/it/torture/oracle.rs"]
mod oracle;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let files: u64 = if quick { 100_000 } else { 10_000_000 };
    let started = Instant::now();
    let halves = [(0, files / 2), (files / 2, files)];
    let halves =
        halves.map(|(first, last)| tokio::task::spawn_blocking(move || try_all(first, last)));
    let (mut believed, mut wrong) = (0, 0);
    for half in halves {
        let (right, other) = half.await.context("the reader panicked")??;
        believed += right;
        wrong += other;
    }
    let rate = files as f64 / started.elapsed().as_secs_f64() / 1000.0;
    ensure!(
        believed > 0,
        "no file was right any more, so nothing was compared"
    );
    Ok(Report::new(
        "fuzz",
        quick,
        vec![
            Row::shown("files", "1", &[files as f64]),
            Row::shown("accepted and right", "1", &[believed as f64]),
            Row::at_most("accepted and wrong", "1", &[wrong as f64], 0.0),
            Row::shown("speed", "k/s", &[rate]),
        ],
    ))
}

/// How many were believed, and how many of those with other figures.
fn try_all(first: u64, last: u64) -> Result<(u64, u64)> {
    let connector = Dv360::new(super::ingest::nowhere()?)?;
    let spec = find_built_in("dv360_line_item_days").context("find the shipped pipeline")?;
    let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).context("a day");
    let request = ReportRequest {
        partner_id: "995544".to_owned(),
        advertiser_ids: vec!["630317194".to_owned(), "630317195".to_owned()],
        start: day(1)?,
        end: day(2)?,
    };
    let (mut right, mut wrong) = (0, 0);
    for seed in first..last {
        let mut bytes = REPORT.as_bytes().to_vec();
        oracle::spoil(&mut bytes, &mut Dice::new(seed));
        let Some(found) = read(&connector, &spec, &request, &bytes) else {
            continue;
        };
        right += 1;
        if oracle::read(&bytes) != Some(found) {
            eprintln!("seed {seed}:\n{}", String::from_utf8_lossy(&bytes));
            wrong += 1;
        }
    }
    Ok((right, wrong))
}

fn read(
    connector: &dyn Connector,
    spec: &Spec,
    request: &ReportRequest,
    mut bytes: &[u8],
) -> Option<Figures> {
    let read = connector.read_report(&mut bytes, spec, request, None, &mut |_| Ok(()));
    let summary = read.ok()?;
    Some(Figures {
        rows: summary.rows,
        sums: summary.sums.into_iter().collect(),
    })
}

//! Claims: a platform with two cells is ready 15 s after a warm start at most; a new cell serves
//! after 10 s at most.

use std::time::Instant;

use anyhow::Result;
use test_kit::platform::{Options, Platform};

use crate::report::{Report, Row};

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let rounds = if quick { 2 } else { 5 };
    let options = Options {
        cells: 2,
        ..Options::default()
    };
    eprintln!("first start …");
    let mut platform = Platform::start(&options).await?;
    let mut warm = Vec::new();
    for round in 0..rounds {
        platform.stop()?;
        let started = Instant::now();
        platform.restart(&options).await?;
        warm.push(started.elapsed().as_secs_f64());
        eprintln!("  warm start {round}: {:.2} s", warm[round]);
    }
    let mut cells = Vec::new();
    for round in 0..rounds {
        let name = format!("bench-{round}");
        let started = Instant::now();
        platform.cellctl(&["cells", "create", "--name", &name])?;
        cells.push(started.elapsed().as_secs_f64());
        eprintln!("  new cell {round}: {:.2} s", cells[round]);
    }
    let rows = vec![
        Row::at_most("warm start to ready", "s", &warm, 15.0),
        Row::at_most("new cell to serving", "s", &cells, 10.0),
    ];
    Ok(Report::new("restart", quick, rows))
}

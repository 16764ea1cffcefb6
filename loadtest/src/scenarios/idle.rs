//! Claims: with two cells and nobody there, everything we start uses 600 MB of memory (summed PSS)
//! and 3 % of one core at most.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use test_kit::platform::{Options, Platform};

use crate::report::{Report, Row};

/// After a start, caches fill and autovacuum settles; that is not idling yet.
const SETTLE: Duration = Duration::from_secs(20);

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (rounds, window) = if quick { (2, 5) } else { (5, 20) };
    let options = Options {
        cells: 2,
        ..Options::default()
    };
    eprintln!("starting …");
    let platform = Platform::start(&options).await?;
    tokio::time::sleep(SETTLE).await;
    let (mut memory, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (before, _) = observe(&platform)?;
        let started = Instant::now();
        tokio::time::sleep(Duration::from_secs(window)).await;
        let (after, pss_mb) = observe(&platform)?;
        cpu.push((after - before) / started.elapsed().as_secs_f64() * 100.0);
        memory.push(pss_mb);
    }
    let rows = vec![
        Row::at_most("memory of all processes (PSS)", "MB", &memory, 600.0),
        Row::at_most("CPU of all processes, of one core", "%", &cpu, 3.0),
    ];
    Ok(Report::new("idle", quick, rows))
}

/// CPU seconds and PSS in megabytes, summed over every process and its children.
fn observe(platform: &Platform) -> Result<(f64, f64)> {
    let status = platform.status()?;
    let processes = status["processes"]
        .as_array()
        .context("status lists processes")?;
    let mut pids: Vec<u64> = processes
        .iter()
        .filter_map(|one| one["pid"].as_u64())
        .collect();
    pids.extend(status["supervisor"]["pid"].as_u64());
    let (mut seconds, mut pss_kb) = (0.0, 0.0);
    for pid in with_children(&pids)? {
        seconds += cpu_seconds(pid).unwrap_or(0.0);
        pss_kb += pss_kilobytes(pid).unwrap_or(0.0);
    }
    Ok((seconds, pss_kb / 1_000.0))
}

fn with_children(roots: &[u64]) -> Result<Vec<u64>> {
    let mut all: Vec<u64> = roots.to_vec();
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u64>().ok()) else {
            continue;
        };
        if let Some(parent) = stat_field(pid, 1) {
            parents.push((pid, parent as u64));
        }
    }
    let mut seen = 0;
    while seen < all.len() {
        let parent = all[seen];
        let children = parents
            .iter()
            .filter(|(pid, of)| *of == parent && !all.contains(pid));
        let children: Vec<u64> = children.map(|(pid, _)| *pid).collect();
        all.extend(children);
        seen += 1;
    }
    Ok(all)
}

fn cpu_seconds(pid: u64) -> Option<f64> {
    /// `USER_HZ`, which Linux fixes at 100 for every architecture we build for.
    const TICKS_PER_SECOND: f64 = 100.0;
    Some((stat_field(pid, 11)? + stat_field(pid, 12)?) / TICKS_PER_SECOND)
}

/// A field of `/proc/PID/stat`, counted from the state, which follows the closing bracket.
fn stat_field(pid: u64, index: usize) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?
        .1
        .split(' ')
        .nth(index)?
        .parse()
        .ok()
}

fn pss_kilobytes(pid: u64) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    //! The readers agree with this very process.

    use super::{cpu_seconds, pss_kilobytes, with_children};

    #[test]
    fn this_process_is_seen() {
        let pid = u64::from(std::process::id());
        assert!(with_children(&[pid]).unwrap().contains(&pid));
        assert!(cpu_seconds(pid).is_some());
        assert!(pss_kilobytes(pid).is_none_or(|kb| kb > 0.0));
    }
}

//! What processes use, read from the system: memory shared fairly between those who share it
//! (PSS), and processor time. A process counts with all its descendants, so a Postgres server
//! counts with its backends.

use std::collections::BTreeMap;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::driver::process::identity;

/// The kernel's own clock may be faster, but `/proc` always counts hundredths of a second.
const TICK_MS: u64 = 10;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub pss_bytes: u64,
    /// Since it started, with everything it has waited for.
    pub cpu_ms: u64,
}

/// One look at all processes, so that many questions cost one scan.
#[derive(Debug)]
pub(super) struct Snapshot {
    children: BTreeMap<u32, Vec<u32>>,
    cpu_ticks: BTreeMap<u32, u64>,
}

impl Snapshot {
    pub(super) fn take() -> Self {
        let mut snapshot = Self {
            children: BTreeMap::new(),
            cpu_ticks: BTreeMap::new(),
        };
        for pid in identity::all_pids() {
            if let Some(stat) = identity::Stat::read(pid) {
                snapshot.children.entry(stat.parent).or_default().push(pid);
                snapshot.cpu_ticks.insert(pid, stat.cpu_ticks);
            }
        }
        snapshot
    }

    /// A process and its descendants.
    pub(super) fn tree(&self, root: u32) -> Usage {
        if !identity::has_proc() {
            return Usage {
                pss_bytes: resident_bytes(root).unwrap_or(0),
                cpu_ms: 0,
            };
        }
        let below = self.children.get(&root).into_iter().flatten();
        below.fold(self.alone(root), |sum, child| sum.plus(self.tree(*child)))
    }

    /// Without its descendants.
    pub(super) fn alone(&self, pid: u32) -> Usage {
        let ticks = self.cpu_ticks.get(&pid).copied().unwrap_or(0);
        Usage {
            pss_bytes: proportional_bytes(pid).unwrap_or(0),
            cpu_ms: ticks * TICK_MS,
        }
    }
}

impl Usage {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            pss_bytes: self.pss_bytes.saturating_add(other.pss_bytes),
            cpu_ms: self.cpu_ms.saturating_add(other.cpu_ms),
        }
    }
}

fn proportional_bytes(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// Where there is no `/proc`: what is resident, shared pages counted in full.
fn resident_bytes(pid: u32) -> Option<u64> {
    let output = Command::new("ps")
        .args(["-o", "rss=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let kib: u64 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .ok()?;
    Some(kib * 1024)
}

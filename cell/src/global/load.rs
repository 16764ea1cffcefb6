//! This process's own CPU time and memory, from the kernel.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// Knows how much CPU time had been used when it was last asked.
pub(super) struct ProcessMeter {
    cpu_ns: u128,
    at: Instant,
}

impl ProcessMeter {
    pub(super) fn new() -> Self {
        Self {
            cpu_ns: process_cpu_ns(),
            at: Instant::now(),
        }
    }

    /// Thousandths of one core since the last time, and the resident bytes now.
    pub(super) fn observe(&mut self) -> (u32, u64) {
        let (cpu_ns, at) = (process_cpu_ns(), Instant::now());
        let elapsed = at.duration_since(self.at).as_nanos().max(1);
        let milli = cpu_ns.saturating_sub(self.cpu_ns) * 1_000 / elapsed;
        *self = Self { cpu_ns, at };
        (u32::try_from(milli).unwrap_or(u32::MAX), resident_bytes())
    }
}

fn process_cpu_ns() -> u128 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, rest) = (now.tv_sec, now.tv_nsec);
    u128::try_from(seconds).unwrap_or(0) * 1_000_000_000 + u128::try_from(rest).unwrap_or(0)
}

/// `VmRSS` as the kernel tells it, in kB; zero where there is no such file.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

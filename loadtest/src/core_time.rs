//! Time on a core, which other work on the machine does not lengthen.

use std::time::Duration;

use anyhow::{Context, Result};

/// utime and stime of this thread, by the scheduler's own count in nanoseconds.
pub(crate) fn core_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = text.split_whitespace().next().context("read the time")?;
    Ok(Duration::from_nanos(first.parse()?))
}

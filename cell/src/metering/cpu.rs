//! Measures the CPU time of a future by reading the thread's CPU clock around every poll.
//!
//! Between two polls a future costs nothing, and during one it has its thread to itself, so the sum
//! is what the org's work cost, to the clock's resolution.

use std::pin::Pin;
use std::task::{Context, Poll};

use rustix::time::{ClockId, clock_gettime};

use super::{Meter, Usage};
use crate::tenancy::OrgScope;

pub struct Metered<F> {
    work: Pin<Box<F>>,
    meter: CpuMeter,
}

/// Adds up nanoseconds and reports whole microseconds when dropped, so a cancelled future counts.
pub(super) struct CpuMeter {
    usage: Usage,
    scope: OrgScope,
    nanoseconds: u64,
}

impl<F: Future> Metered<F> {
    pub(super) fn new(usage: Usage, scope: OrgScope, work: F) -> Self {
        Self {
            work: Box::pin(work),
            meter: CpuMeter::new(usage, scope),
        }
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        this.meter.measure(|| this.work.as_mut().poll(context))
    }
}

impl CpuMeter {
    pub(super) const fn new(usage: Usage, scope: OrgScope) -> Self {
        Self {
            usage,
            scope,
            nanoseconds: 0,
        }
    }

    pub(super) fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let before = thread_cpu_ns();
        let result = work();
        let spent = thread_cpu_ns().saturating_sub(before);
        self.nanoseconds = self.nanoseconds.saturating_add(spent);
        result
    }
}

impl Drop for CpuMeter {
    fn drop(&mut self) {
        let microseconds = self.nanoseconds.div_ceil(1_000);
        self.usage.add(&self.scope, Meter::CpuUs, microseconds);
    }
}

fn thread_cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, rest) = (now.tv_sec, now.tv_nsec);
    u64::try_from(seconds).unwrap_or(0) * 1_000_000_000 + u64::try_from(rest).unwrap_or(0)
}

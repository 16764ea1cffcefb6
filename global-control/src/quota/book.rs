//! The arithmetic of one pool: what each cell may believe it holds, and what is left. Pure.
//!
//! The promise: on every day, the standing calls that cells may take, plus what is lent, stay within
//! what the provider allows less the headroom, whatever messages are lost, late or repeated.

use contracts::CellId;
use contracts::quota::{QuotaReport, SetPool, Share};

/// A cell's weight is its number of orgs, and at least this.
const LEAST_WEIGHT: u64 = 1;
/// No cell is kept below this pace, as far as there is room: it could not finish one report.
const LEAST_MILLI: u64 = 100;
/// A lease is at most this part of the reserve, so that one cell does not take all of it at once.
const LEASE_PART: u32 = 4;
const LEAST_LEASE: u32 = 20;

/// One cell's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) cell: CellId,
    pub(super) orgs: u32,
    pub(super) version: i64,
    /// The most the cell may believe it holds on any day.
    pub(super) assured_calls: u32,
    pub(super) assured_milli: u32,
    /// What it was told last.
    pub(super) offered_calls: u32,
    pub(super) offered_milli: u32,
    /// What it may take today and tomorrow, where that is settled already.
    pub(super) today: Option<u32>,
    pub(super) tomorrow: Option<u32>,
}

/// Which day a cell's report is of, by our clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Yesterday,
    Today,
    Tomorrow,
}

/// All lines of a pool on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) pool: SetPool,
    pub(super) lines: Vec<Line>,
    /// Claims of cells that are gone.
    pub(super) gone_today: u32,
    /// Lent for today and not given back.
    pub(super) lent_today: u32,
}

impl Line {
    fn weight(&self) -> u64 {
        u64::from(self.orgs).max(LEAST_WEIGHT)
    }

    fn claim_today(&self) -> u32 {
        self.today.unwrap_or(self.assured_calls)
    }

    fn claim_tomorrow(&self) -> u32 {
        self.tomorrow.unwrap_or(self.assured_calls)
    }

    pub(super) fn share(&self) -> Share {
        Share {
            version: self.version,
            calls_per_day: self.offered_calls,
            per_second_milli: self.offered_milli,
        }
    }
}

impl Book {
    /// Everything there is to give on a day.
    fn total(&self) -> u32 {
        self.pool.calls_per_day.saturating_sub(self.pool.headroom)
    }

    /// The part of it that standing shares are made of.
    fn standing(&self) -> u32 {
        self.total().saturating_sub(self.pool.reserve)
    }

    fn sum(&self, of: impl Fn(&Line) -> u32) -> u32 {
        self.lines.iter().map(of).fold(0, u32::saturating_add)
    }

    /// What is neither claimed nor lent today.
    pub(super) fn free_today(&self) -> u32 {
        self.total()
            .saturating_sub(self.sum(Line::claim_today))
            .saturating_sub(self.gone_today)
            .saturating_sub(self.lent_today)
    }

    /// Takes over what the cell says it holds. `whose`: the cell's day beside ours, as clocks differ.
    pub(super) fn hear(&mut self, at: usize, report: &QuotaReport, whose: Whose) {
        let line = &mut self.lines[at];
        // First, because a share that shrinks is still today's claim in full.
        line.today = Some(line.claim_today());
        if whose == Whose::Tomorrow {
            line.tomorrow = Some(line.claim_tomorrow());
        }
        if report.share_version > line.version {
            // It knows more than we do, so we have forgotten; what it may hold counts.
            line.version = report.share_version;
            line.assured_calls = line.assured_calls.max(report.standing);
            line.offered_calls = line.assured_calls;
            return;
        }
        if report.share_version < line.version || line.version == 0 {
            return;
        }
        line.assured_calls = line.offered_calls;
        line.assured_milli = line.offered_milli;
        let day = match whose {
            Whose::Yesterday => return,
            Whose::Today => &mut line.today,
            Whose::Tomorrow => &mut line.tomorrow,
        };
        *day = day.map(|claim| claim.min(report.standing));
    }

    /// Offers the cell what its weight is worth, as far as others have let go of it.
    pub(super) fn offer(&mut self, at: usize) {
        let weights: u64 = self.lines.iter().map(Line::weight).sum();
        let part = |whole: u32, line: &Line| {
            let part = u64::from(whole) * line.weight() / weights.max(1);
            u32::try_from(part).unwrap_or(u32::MAX)
        };
        let line = self.lines[at];
        let wished_calls = part(self.standing(), &line);
        let least =
            LEAST_MILLI.min(u64::from(self.pool.per_second_milli) / self.lines.len() as u64);
        let least = u32::try_from(least).unwrap_or(0);
        let wished_milli = part(self.pool.per_second_milli, &line).max(least);
        let held = self.sum(|line| line.assured_calls);
        let held = held.max(self.sum(Line::claim_tomorrow));
        let calls = raised(
            line.assured_calls,
            wished_calls,
            self.standing().saturating_sub(held),
        );
        let held = self.sum(|line| line.assured_milli);
        let room = self.pool.per_second_milli.saturating_sub(held);
        let milli = raised(line.assured_milli, wished_milli, room);
        let claim = line.claim_today();
        let room = self
            .standing()
            .saturating_sub(self.sum(Line::claim_today).saturating_add(self.gone_today));
        // What it gave back for today it does not get again: others may have borrowed it.
        let fresh = calls > line.offered_calls || line.version == 0;
        let today = if fresh {
            raised(claim, calls, room.min(self.free_today())).max(claim)
        } else {
            claim
        };
        let line = &mut self.lines[at];
        if calls == line.offered_calls
            && milli == line.offered_milli
            && today == claim
            && line.version > 0
        {
            return;
        }
        line.version += 1;
        line.offered_calls = calls;
        line.offered_milli = milli;
        line.assured_calls = line.assured_calls.max(calls);
        line.assured_milli = line.assured_milli.max(milli);
        line.today = Some(today);
    }

    /// How many calls a cell that wants so many is lent today; 0: none.
    pub(super) fn lend(&mut self, wanted: u32) -> u32 {
        let most = (self.pool.reserve / LEASE_PART).max(LEAST_LEASE);
        let calls = wanted.min(most).min(self.free_today());
        self.lent_today = self.lent_today.saturating_add(calls);
        calls
    }
}

/// Down at once, up as far as there is room.
fn raised(held: u32, wished: u32, room: u32) -> u32 {
    if wished <= held {
        wished
    } else {
        held.saturating_add((wished - held).min(room))
    }
}

#[cfg(test)]
mod tests;

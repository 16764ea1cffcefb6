//! The choice itself: a walk down the org's order of cells, with a reason for each cell passed by.
//!
//! Spread follows "consistent hashing with bounded loads": no cell may hold more than its share of
//! all orgs plus a slack, so a full fleet fills evenly and an org still lands near its ring place.

use contracts::provisioning::CellState;
use contracts::{CellId, OrgId};
use serde::{Deserialize, Serialize};

use crate::fleet::{Cell, Fleet};

/// What an operator may tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// A cell that uses more than this is taken only when all others do too.
    pub busy_milli: u32,
    /// How far above its share of all orgs a cell may be, in percent of that share.
    pub slack_percent: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            busy_milli: 1_600,
            slack_percent: 25,
        }
    }
}

/// The cell an org should live in, and how it came to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub cell: CellId,
    /// In the org's order of cells, up to the one taken.
    pub considered: Vec<Considered>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    pub cell: CellId,
    pub verdict: Verdict,
}

/// Taken, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    Taken {
        orgs: u32,
        capacity_orgs: u32,
    },
    /// Every cell with room is busy; this is the first of them.
    TakenThoughBusy {
        load_milli: u32,
    },
    NotActive {
        state: CellState,
    },
    Full {
        capacity_orgs: u32,
    },
    Busy {
        load_milli: u32,
        limit_milli: u32,
    },
    /// Taking one more would put it above its share plus slack.
    AboveShare {
        orgs: u32,
        limit: u32,
    },
}

/// No cell can take the org.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    pub why: Why,
    pub considered: Vec<Considered>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("no cell is registered")]
    NoCells,
    #[error("no cell is active")]
    NoneActive,
    #[error("every active cell is full")]
    Full,
}

pub fn choose_cell(fleet: &Fleet, org: OrgId, policy: &Policy) -> Result<Choice, Refusal> {
    let usable: Vec<&Cell> = fleet.cells().filter(|cell| is_usable(cell)).collect();
    let calm = |cell: &Cell| cell.load_milli <= policy.busy_milli;
    let all_busy = !usable.iter().any(|cell| calm(cell));
    let sharing = usable.iter().filter(|cell| all_busy || calm(cell));
    let share = Share::of(sharing.copied(), policy.slack_percent);
    let mut considered = Vec::new();
    for cell in fleet.candidates(org) {
        let verdict = judge(cell, policy, all_busy, &share);
        considered.push(Considered {
            cell: cell.id,
            verdict,
        });
        if matches!(
            verdict,
            Verdict::Taken { .. } | Verdict::TakenThoughBusy { .. }
        ) {
            return Ok(Choice {
                cell: cell.id,
                considered,
            });
        }
    }
    let why = if fleet.cells().next().is_none() {
        Why::NoCells
    } else if fleet.cells().all(|cell| cell.state != CellState::Active) {
        Why::NoneActive
    } else {
        Why::Full
    };
    Err(Refusal { why, considered })
}

fn is_usable(cell: &Cell) -> bool {
    cell.state == CellState::Active && cell.has_room()
}

fn judge(cell: &Cell, policy: &Policy, all_busy: bool, share: &Share) -> Verdict {
    let limit = share.limit(cell);
    if cell.state != CellState::Active {
        Verdict::NotActive { state: cell.state }
    } else if !cell.has_room() {
        Verdict::Full {
            capacity_orgs: cell.capacity_orgs,
        }
    } else if !all_busy && cell.load_milli > policy.busy_milli {
        Verdict::Busy {
            load_milli: cell.load_milli,
            limit_milli: policy.busy_milli,
        }
    } else if cell.orgs >= limit {
        Verdict::AboveShare {
            orgs: cell.orgs,
            limit,
        }
    } else if all_busy {
        Verdict::TakenThoughBusy {
            load_milli: cell.load_milli,
        }
    } else {
        Verdict::Taken {
            orgs: cell.orgs + 1,
            capacity_orgs: cell.capacity_orgs,
        }
    }
}

/// How many orgs each of the cells in question may hold. The limits add up to at least one more
/// than there are orgs, so one of the cells is always below its own.
struct Share {
    orgs: u64,
    capacity: u64,
    slack_percent: u64,
}

impl Share {
    fn of<'a>(cells: impl Iterator<Item = &'a Cell>, slack_percent: u32) -> Self {
        let (orgs, capacity) = cells.fold((0, 0), |(orgs, capacity), cell| {
            (
                orgs + u64::from(cell.orgs),
                capacity + u64::from(cell.capacity_orgs),
            )
        });
        Self {
            orgs,
            capacity,
            slack_percent: u64::from(slack_percent),
        }
    }

    fn limit(&self, cell: &Cell) -> u32 {
        if self.capacity == 0 {
            return 0;
        }
        let wanted = u128::from(self.orgs + 1)
            * u128::from(100 + self.slack_percent)
            * u128::from(cell.capacity_orgs);
        let limit = wanted.div_ceil(u128::from(self.capacity) * 100);
        u32::try_from(limit).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;

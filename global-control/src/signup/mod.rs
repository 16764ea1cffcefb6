//! A new org from request to route, as a durable operation: place, prepare, publish, wait, done.
//!
//! `next` is pure, `perform` (in `perform`) may be repeated, `operations::advance` is the only write
//! of the state. Nothing is published before its cell is ready; nothing published is taken back.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{CellId, Epoch};
use serde::{Deserialize, Serialize};

use crate::operations;

pub mod http;

mod perform;

mod run;

pub use perform::{Context, Error, Outcome, Retry, perform};
pub use run::{Ran, run};

/// Routers that live have this long to take in a new org before it is called active anyway.
pub const ROUTERS_MS: i64 = 2_000;
/// A cell has this long to forget an org whose signup was given up.
pub const FORGET_MS: i64 = 10_000;
/// Failures in one state before the signup is given up.
pub const ATTEMPTS_MAX: u32 = 7;

/// The cell and epoch an org was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub cell: CellId,
    pub epoch: Epoch,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// A cell is to be chosen.
    Placing,
    /// The cell makes itself ready for the org.
    Preparing {
        place: Place,
    },
    /// The assignment is about to become a fact.
    Publishing {
        place: Place,
    },
    /// Routers take the route in; `seq` is its number in the log.
    AwaitingRouters {
        place: Place,
        seq: i64,
        deadline: DateTime<Utc>,
    },
    Done {
        place: Place,
    },
    /// Given up: the cell forgets the org, then the slug is free again.
    Aborting {
        place: Option<Place>,
        reason: String,
        deadline: DateTime<Utc>,
    },
    Aborted {
        reason: String,
    },
}

impl operations::State for State {
    const KIND: &'static str = "signup";

    fn name(&self) -> &'static str {
        match self {
            Self::Placing => "placing",
            Self::Preparing { .. } => "preparing",
            Self::Publishing { .. } => "publishing",
            Self::AwaitingRouters { .. } => "awaiting_routers",
            Self::Done { .. } => "done",
            Self::Aborting { .. } => "aborting",
            Self::Aborted { .. } => "aborted",
        }
    }

    fn ended(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Aborted { .. })
    }
}

/// What `next` may know besides the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    pub now: DateTime<Utc>,
    /// Failures since the state was entered.
    pub attempts: u32,
    /// The failure that no repetition can help, if there was one.
    pub hopeless: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Place,
    Prepare {
        place: Place,
    },
    Publish {
        place: Place,
    },
    /// Look whether every live router has the route; `overdue`: go on without those that have not.
    CheckRouters {
        place: Place,
        seq: i64,
        overdue: bool,
        deadline: DateTime<Utc>,
    },
    GiveUp {
        place: Option<Place>,
        reason: String,
    },
    /// `overdue`: free the slug even though the cell does not answer.
    Forget {
        place: Option<Place>,
        reason: String,
        overdue: bool,
    },
    Nothing,
}

/// What is to be done now. Only what has not been published can be given up.
pub fn next(state: &State, seen: &Observed) -> Action {
    let give_up = |place: Option<Place>, exhausted: &str| {
        let reason = match &seen.hopeless {
            Some(reason) => Some(reason.clone()),
            None => (seen.attempts >= ATTEMPTS_MAX).then(|| exhausted.to_owned()),
        };
        reason.map(|reason| Action::GiveUp { place, reason })
    };
    match state {
        State::Placing => give_up(None, "no cell could take the org").unwrap_or(Action::Place),
        State::Preparing { place } => give_up(
            Some(*place),
            "the cell chosen for the org did not get it ready",
        )
        .unwrap_or(Action::Prepare { place: *place }),
        State::Publishing { place } => Action::Publish { place: *place },
        State::AwaitingRouters {
            place,
            seq,
            deadline,
        } => Action::CheckRouters {
            place: *place,
            seq: *seq,
            overdue: seen.now >= *deadline,
            deadline: *deadline,
        },
        State::Aborting {
            place,
            reason,
            deadline,
        } => Action::Forget {
            place: *place,
            reason: reason.clone(),
            overdue: seen.now >= *deadline || seen.hopeless.is_some(),
        },
        State::Done { .. } | State::Aborted { .. } => Action::Nothing,
    }
}

fn after_ms(now: DateTime<Utc>, ms: i64) -> DateTime<Utc> {
    now + TimeDelta::milliseconds(ms)
}

#[cfg(test)]
mod tests;

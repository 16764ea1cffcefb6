//! How a sync stands, for those who started it.

use contracts::SyncId;

use super::{Problem, State, store};
use crate::tenancy::OrgTx;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    UnderWay,
    Done { rows: u64 },
    Quarantined,
    Failed { problem: Problem },
}

/// None: there is no such sync.
pub(crate) async fn outcome(tx: &mut OrgTx, id: SyncId) -> Result<Option<Outcome>, sqlx::Error> {
    let sync = store::find(tx, id).await?;
    Ok(sync.map(|sync| match &sync.record.state {
        State::Done { rows, .. } => Outcome::Done { rows: *rows },
        State::Quarantined { .. } => Outcome::Quarantined,
        state if state.over() => {
            let stopped = || Problem::new("sync_stopped", "the sync of these days was stopped");
            let problem = state.problem().cloned().unwrap_or_else(stopped);
            Outcome::Failed { problem }
        }
        _ => Outcome::UnderWay,
    }))
}

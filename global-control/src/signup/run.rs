//! Runs one claimed signup as far as it goes now: to its end, to a wait, or to a failure.

use chrono::{DateTime, TimeDelta, Utc};
use service_kit::error::chain;
use service_kit::failpoints;
use service_kit::supervise::backoff;

use super::{Context, Error, Observed, Outcome, Retry, State, next, perform};
use crate::db;
use crate::operations::{self, Operation, State as _};

const BACKOFF_BASE_MS: u64 = 60;
const BACKOFF_MAX_MS: u64 = 2_000;

/// How far it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    Ended(State),
    /// Given back until then.
    Waiting {
        until: DateTime<Utc>,
    },
    /// Another worker moved it on; it is theirs.
    Lost,
}

pub async fn run(context: &Context, mut held: Operation<State>) -> Result<Ran, db::Error> {
    while !held.state.ended() {
        let now = Utc::now();
        let outcome = match step(context, &held, None, now).await {
            // What no repetition can help is answered at once, with what `next` makes of it.
            Err(error) if error.retry() == Retry::Never => {
                let reason = Some(error.to_string());
                tracing::warn!(
                    org.id = %held.org, error = chain(&error), state = held.state.name(),
                    "a signup met an obstacle that will not go away"
                );
                step(context, &held, reason, now).await
            }
            outcome => outcome,
        };
        match outcome {
            Ok(Outcome::Advance(state)) => {
                let mut tx = context.db.begin().await?;
                if !operations::advance(&mut tx, held.id, held.revision, &state).await? {
                    return Ok(Ran::Lost);
                }
                tx.commit().await?;
                // Only worth crashing at: what is committed cannot fail any more.
                let _ = failpoints::hit("signup.advanced");
                held.state = state;
                held.revision += 1;
                held.attempts = 0;
            }
            Ok(Outcome::Wait { until }) => return give_back(context, &held, until, None).await,
            Err(error) => {
                let pause = backoff(held.attempts, BACKOFF_BASE_MS, BACKOFF_MAX_MS);
                let until = now + TimeDelta::from_std(pause).unwrap_or_default();
                tracing::warn!(
                    org.id = %held.org, error = chain(&error), state = held.state.name(),
                    attempts = held.attempts, "a signup step failed and will be repeated"
                );
                let text = chain(&error);
                return give_back(context, &held, until, Some(&text)).await;
            }
        }
    }
    Ok(Ran::Ended(held.state))
}

async fn step(
    context: &Context,
    held: &Operation<State>,
    hopeless: Option<String>,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let seen = Observed {
        now,
        attempts: held.attempts,
        hopeless,
    };
    perform(context, held.org, next(&held.state, &seen), now).await
}

async fn give_back(
    context: &Context,
    held: &Operation<State>,
    until: DateTime<Utc>,
    failure: Option<&str>,
) -> Result<Ran, db::Error> {
    let mut tx = context.db.begin().await?;
    operations::release(&mut tx, held.id, held.revision, until, failure).await?;
    tx.commit().await?;
    Ok(Ran::Waiting { until })
}

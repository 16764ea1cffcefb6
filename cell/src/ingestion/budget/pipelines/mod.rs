//! What a pipeline may use in a day by its own spec, besides the org's limits. At four fifths of it
//! people are warned and backfills wait, at all of it the pipeline asks for nothing until the
//! source's day is over.

use chrono::{DateTime, Utc};
use contracts::quota;

use super::limits::{Budgets, Limit, Line, Resource, Terms};
use crate::ingestion::permit::Denied;
use crate::ingestion::pipelines::{self, spec};
use crate::tenancy::OrgTx;

mod store;

/// What a pipeline has used today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) calls: u64,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

/// A pipeline that has a budget, with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PipelineBudgets {
    pub(crate) pipeline: String,
    pub(crate) budgets: Budgets,
}

fn budgets(budget: &spec::Budget, spent: Spent, now: DateTime<Utc>) -> Budgets {
    let resets_at = quota::end_of(quota::day_of(now));
    let line = |resource, hard: Option<u64>, used| {
        let limit = Limit {
            soft: hard.map(|hard| hard.saturating_mul(4).div_ceil(5)),
            hard,
        };
        hard.map(|_| Line {
            resource,
            used,
            limit,
            own: limit,
            resets_at,
        })
    };
    let calls = budget.calls_per_day.map(u64::from);
    let lines = [
        line(Resource::Calls, calls, spent.calls),
        line(Resource::Rows, budget.rows_per_day, spent.rows),
        line(Resource::Bytes, budget.bytes_per_day, spent.bytes),
    ];
    Budgets {
        terms: Terms::default(),
        lines: lines.into_iter().flatten().collect(),
    }
}

/// Of a pipeline as it is now, whatever a sync began with.
pub(crate) async fn read(
    tx: &mut OrgTx,
    pipeline: &str,
    now: DateTime<Utc>,
) -> Result<Budgets, sqlx::Error> {
    let effective = pipelines::find_effective(tx, pipeline).await?;
    let budget = effective.map(|one| one.spec.budget).unwrap_or_default();
    if budget == spec::Budget::default() {
        return Ok(budgets(&budget, Spent::default(), now));
    }
    let spent = store::fetch(tx, pipeline, quota::day_of(now)).await?;
    Ok(budgets(&budget, spent, now))
}

/// All that have a budget.
pub(crate) async fn list(
    tx: &mut OrgTx,
    now: DateTime<Utc>,
) -> Result<Vec<PipelineBudgets>, sqlx::Error> {
    let mut found = Vec::new();
    for pipeline in pipelines::list(tx).await? {
        let budgets = read(tx, &pipeline.name, now).await?;
        if !budgets.lines.is_empty() {
            found.push(PipelineBudgets {
                pipeline: pipeline.name,
                budgets,
            });
        }
    }
    Ok(found)
}

/// Counts what a step has used, and warns of what it brought to its limit.
pub(crate) async fn spend(
    tx: &mut OrgTx,
    pipeline: &str,
    spent: Spent,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if spent == Spent::default() {
        return Ok(());
    }
    store::add(tx, pipeline, quota::day_of(now), spent).await?;
    if let Some(denied) = read(tx, pipeline, now).await?.backfill_refusal() {
        tracing::warn!(org.id = %tx.org(), pipeline, %denied, "a pipeline has used most of its budget");
    }
    Ok(())
}

/// The reason in the pipeline's name.
pub(crate) fn said(pipeline: &str, denied: &Denied) -> String {
    format!("pipeline {pipeline}: {}", denied.message)
}

#[cfg(test)]
mod tests {
    //! A pipeline is warned at four fifths and stopped at all of its budget.

    use chrono::{DateTime, Utc};

    use super::{Spent, budgets};
    use crate::ingestion::budget::limits::Standing;
    use crate::ingestion::pipelines::spec::Budget;

    #[test]
    fn most_of_a_budget_warns_and_all_of_it_ends_the_day() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let budget = Budget {
            calls_per_day: Some(10),
            bytes_per_day: Some(1),
            ..Budget::default()
        };
        let of = |calls| {
            let spent = Spent {
                calls,
                ..Spent::default()
            };
            budgets(&budget, spent, now)
        };
        let standings = [7, 8, 9, 10].map(|calls| of(calls).lines[0].standing());
        let expected = [
            Standing::Within,
            Standing::Soft,
            Standing::Soft,
            Standing::UsedUp,
        ];
        assert_eq!(standings, expected);
        assert_eq!(of(0).lines.len(), 2, "what has no limit has no line");
        assert!(of(9).refusal().is_none());
        let denied = of(10).refusal().unwrap();
        assert_eq!(denied.retry_at.to_rfc3339(), "2026-11-25T08:00:00+00:00");
    }
}

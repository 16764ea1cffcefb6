//! `GET /api/budgets`, `PUT /api/budgets` and the history of what was put there.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use contracts::UserId;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Query};
use uuid::Uuid;

use super::{Budgets, Change, Limit, Line, MOST, Resource, Standing, store};
use crate::app::App;
use crate::auth::Member;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::budget;
use crate::ingestion::budget::pipelines::{self, PipelineBudgets};
use crate::tenancy::{self, OrgTx};

const PAGE: usize = 50;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BudgetList {
    pub items: Vec<BudgetLine>,
    /// Of the pipelines whose specs have a budget.
    pub pipelines: Vec<PipelineBudget>,
}

/// What a pipeline may use in a day of the source's quota, by its own spec.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PipelineBudget {
    pub pipeline: String,
    pub items: Vec<BudgetLine>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Budget)]
pub struct BudgetLine {
    pub resource: Resource,
    /// Since the last reset.
    pub used: u64,
    /// What holds: the lower of the org's own limit and the platform's.
    pub limit: Limit,
    /// What the org itself has set.
    pub own: Limit,
    pub standing: Standing,
    pub resets_at: DateTime<Utc>,
}

impl From<Line> for BudgetLine {
    fn from(line: Line) -> Self {
        Self {
            resource: line.resource,
            used: line.used,
            limit: line.limit,
            own: line.own,
            standing: line.standing(),
            resets_at: line.resets_at,
        }
    }
}

fn lines(budgets: Budgets) -> Vec<BudgetLine> {
    budgets.lines.into_iter().map(BudgetLine::from).collect()
}

async fn answer(app: &App, tx: &mut OrgTx) -> Result<BudgetList, tenancy::Error> {
    let now = Utc::now();
    let pipeline = |one: PipelineBudgets| PipelineBudget {
        pipeline: one.pipeline,
        items: lines(one.budgets),
    };
    Ok(BudgetList {
        items: lines(app.ingestion.budget.read_in(tx, now).await?),
        pipelines: (pipelines::list(tx, now).await?.into_iter())
            .map(pipeline)
            .collect(),
    })
}

/// All of the org's own limits; what is left out is the platform's again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudgets {
    pub limits: BTreeMap<Resource, Limit>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    cursor: Option<Uuid>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BudgetChangeList {
    /// Newest first.
    pub items: Vec<BudgetChange>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BudgetChange {
    pub changed_at: DateTime<Utc>,
    pub changed_by: UserId,
    /// What was different afterwards.
    pub limits: Vec<ChangedLimit>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChangedLimit {
    pub resource: Resource,
    pub before: Limit,
    pub after: Limit,
}

impl From<Change> for BudgetChange {
    fn from(change: Change) -> Self {
        let limit = |resource: Resource| {
            let of = |limits: &BTreeMap<Resource, Limit>| {
                limits.get(&resource).copied().unwrap_or_default()
            };
            ChangedLimit {
                resource,
                before: of(&change.before),
                after: of(&change.after),
            }
        };
        let mut limits = Vec::from(Resource::ALL.map(limit));
        limits.retain(|one| one.before != one.after);
        Self {
            changed_at: change.changed_at,
            changed_by: change.changed_by,
            limits,
        }
    }
}

/// What the org may use to bring its data in, and has used
#[utoipa::path(get, path = "/api/budgets", tag = "budgets",
    responses((status = 200, body = BudgetList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<BudgetList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let budgets = answer(&app, &mut tx).await?;
    tx.commit().await?;
    Ok(axum::Json(budgets))
}

/// Set the org's own limits
///
/// The platform's hold beside them: whichever is lower. At the soft limit backfills wait, at the hard
/// one nothing is asked of sources until the time is over.
#[utoipa::path(put, path = "/api/budgets", tag = "budgets",
    params(("idempotency-key" = String, Header)), request_body = SetBudgets,
    responses((status = 200, body = BudgetList), (status = 422, description = "`invalid_limit`")))]
pub async fn set(
    State(app): State<App>,
    member: Member,
    write: Write,
    Json(wish): Json<SetBudgets>,
) -> Result<Response, ApiError> {
    for (resource, limit) in &wish.limits {
        check(*resource, *limit)?;
    }
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let tx = write.tx();
    let stored = store::replace(tx, &wish.limits, member.user).await;
    stored.map_err(tenancy::Error::from)?;
    let resumed = budget::resume_waiting(tx).await;
    resumed.map_err(tenancy::Error::from)?;
    let budgets = answer(&app, tx).await?;
    let answer = write.finish(StatusCode::OK, &budgets).await?;
    app.ingestion.budget.forget(&member.scope);
    Ok(answer)
}

/// Who changed the org's own limits, newest first
#[utoipa::path(get, path = "/api/budgets/changes", tag = "budgets", params(ChangesQuery),
    responses((status = 200, body = BudgetChangeList), (status = 400, description = "`invalid_query`")))]
pub async fn changes(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ChangesQuery>,
) -> Result<axum::Json<BudgetChangeList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::list_changes(&mut tx, query.cursor, PAGE as i64 + 1).await;
    let mut found = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    Ok(axum::Json(BudgetChangeList {
        next_cursor: last.map(|one| one.change_id.to_string()),
        items: found.into_iter().map(BudgetChange::from).collect(),
    }))
}

fn check(resource: Resource, limit: Limit) -> Result<(), ApiError> {
    let name = resource.as_str();
    if [limit.soft, limit.hard]
        .into_iter()
        .flatten()
        .any(|number| number > MOST)
    {
        let message = format!("a limit of {name} is at most {MOST}");
        return Err(ApiError::unprocessable("invalid_limit", message));
    }
    if limit
        .hard
        .zip(limit.soft)
        .is_some_and(|(hard, soft)| soft > hard)
    {
        let message = format!("the soft limit of {name} is above the hard one");
        return Err(ApiError::unprocessable("invalid_limit", message));
    }
    Ok(())
}

//! The health of a connection over HTTP.

use axum::extract::State;
use chrono::{DateTime, Utc};
use contracts::ConnectionId;
use serde::Serialize;
use service_kit::ApiError;
use service_kit::extract::Path;

use super::what_to_do;
use crate::app::App;
use crate::auth::Member;
use crate::connections::{ConnectionState, Error, store};
use crate::ingestion::sync::breaker::{self, BreakerState};
use crate::ingestion::sync::http::SyncSummary;
use crate::ingestion::sync::store as syncs;
use crate::ingestion::sync::{self, Problem};
use crate::jobs;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionHealth {
    pub connection_id: ConnectionId,
    pub state: ConnectionState,
    pub problem: Option<Problem>,
    /// For the person who looks; absent when nothing is to be done.
    pub what_to_do: Option<String>,
    /// Who consented.
    pub identity: Option<String>,
    pub scopes: Vec<String>,
    pub breaker: BreakerAnswer,
    pub pipelines: Vec<PipelineHealth>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Breaker)]
pub struct BreakerAnswer {
    pub state: BreakerState,
    /// In a row.
    pub failures: i32,
    /// When the source is tried again.
    pub retry_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PipelineHealth {
    pub pipeline: String,
    pub last_success_at: Option<DateTime<Utc>>,
    pub last_sync: Option<SyncSummary>,
    pub next_run_at: Option<DateTime<Utc>>,
}

/// Whether a connection works
#[utoipa::path(get, path = "/api/connections/{connection_id}/health", tag = "connections",
    params(("connection_id" = ConnectionId, Path)),
    responses((status = 200, body = ConnectionHealth),
        (status = 404, description = "`connection_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<ConnectionHealth>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::find(&mut tx, id).await.map_err(Error::from)?;
    let connection = found.ok_or(Error::NotFound)?;
    let breaker = breaker::store::find(&mut tx, id)
        .await
        .map_err(Error::from)?;
    let mut pipelines = Vec::new();
    let names = syncs::pipelines_of(&mut tx, id).await;
    for pipeline in names.map_err(Error::from)? {
        let page = syncs::Page {
            connection_id: Some(id),
            pipeline: Some(&pipeline),
            limit: 1,
            ..syncs::Page::default()
        };
        let latest = syncs::list(&mut tx, &page).await.map_err(Error::from)?;
        let job = sync::daily_job_id(id, &pipeline);
        pipelines.push(PipelineHealth {
            last_success_at: syncs::last_success(&mut tx, id, &pipeline)
                .await
                .map_err(Error::from)?,
            last_sync: latest.into_iter().next().map(SyncSummary::from),
            next_run_at: jobs::next_run(&mut tx, job).await.map_err(Error::from)?,
            pipeline,
        });
    }
    tx.commit().await?;
    let last = pipelines.iter().filter_map(|one| one.last_sync.as_ref());
    let last = last.filter_map(|sync| sync.problem.as_ref()).next();
    let advice = what_to_do(
        connection.state,
        breaker.state,
        connection.problem.as_ref(),
        last,
    );
    Ok(axum::Json(ConnectionHealth {
        connection_id: id,
        state: connection.state,
        what_to_do: advice.map(str::to_owned),
        problem: connection.problem,
        identity: connection.account_email,
        scopes: connection.scopes,
        breaker: BreakerAnswer {
            state: breaker.state,
            failures: breaker.failures,
            retry_at: breaker.retry_at,
            last_error: breaker.last_error,
        },
        pipelines,
    }))
}

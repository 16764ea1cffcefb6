//! Backfills over HTTP: forecast, confirm, list, show, cancel.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BackfillId, ConnectionId, UserId};
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::{Json, Path};

use super::forecast::Forecast;
use super::{Backfill, Error, State, Window, Wish, store};
use crate::app::App;
use crate::auth::Member;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::ingestion::sync::Problem;

/// The most of one list.
const LIST_LIMIT: i64 = 100;

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Backfill)]
pub struct BackfillAnswer {
    pub backfill_id: BackfillId,
    pub connection_id: ConnectionId,
    pub pipeline: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub state: State,
    /// From 0 to 1, by days.
    pub progress: f64,
    pub rows_loaded: u64,
    /// Newest days first.
    pub windows: Vec<Window>,
    pub forecast: Forecast,
    /// Why it waits or has failed.
    pub problem: Option<Problem>,
    pub retry_at: Option<DateTime<Utc>>,
    /// Who asked for the forecast.
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ForecastAnswer {
    /// Confirm with it before `valid_until`.
    pub forecast_id: BackfillId,
    pub valid_until: DateTime<Utc>,
    pub start: NaiveDate,
    pub end: NaiveDate,
    #[serde(flatten)]
    pub forecast: Forecast,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BackfillList {
    /// Newest first, at most a hundred.
    pub items: Vec<BackfillAnswer>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBackfill {
    pub forecast_id: BackfillId,
}

impl From<Backfill> for BackfillAnswer {
    fn from(backfill: Backfill) -> Self {
        Self {
            progress: backfill.progress(),
            rows_loaded: backfill.rows_loaded(),
            backfill_id: backfill.backfill_id,
            connection_id: backfill.connection_id,
            pipeline: backfill.pipeline,
            start: backfill.range.0,
            end: backfill.range.1,
            state: backfill.state,
            windows: backfill.windows,
            forecast: backfill.forecast,
            problem: backfill.problem,
            retry_at: backfill.retry_at,
            created_by: backfill.created_by,
            created_at: backfill.created_at,
            started_at: backfill.started_at,
            finished_at: backfill.finished_at,
        }
    }
}

/// Say what a backfill would take
///
/// Nothing is asked of the source. The forecast has to be confirmed while it is fresh.
#[utoipa::path(post, path = "/api/backfills/forecast", tag = "backfills", request_body = Wish,
    params(("idempotency-key" = String, Header)),
    responses((status = 200, body = ForecastAnswer), (status = 404, description = "`connection_not_found`, `pipeline_not_found`"),
        (status = 409, description = "`connection_not_ready`"), (status = 422, description = "`invalid_range`, `leaves_a_gap`")))]
pub async fn forecast(
    Shared(app): Shared<App>,
    member: Member,
    write: Write,
    Json(wish): Json<Wish>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let budget = &app.ingestion.budget;
    let said = super::foresee(write.tx(), budget, &wish, member.user, Utc::now()).await?;
    let answer = ForecastAnswer {
        forecast_id: said.backfill_id,
        valid_until: said.expires_at,
        start: said.range.0,
        end: said.range.1,
        forecast: said.forecast,
    };
    write.finish(StatusCode::OK, &answer).await
}

/// Start a backfill that was forecast
#[utoipa::path(post, path = "/api/backfills", tag = "backfills", request_body = ConfirmBackfill,
    params(("idempotency-key" = String, Header)),
    responses((status = 202, body = BackfillAnswer), (status = 404, description = "`backfill_not_found`"),
        (status = 409, description = "`forecast_too_old`, `backfill_under_way`")))]
pub async fn confirm(
    Shared(app): Shared<App>,
    write: Write,
    Json(wish): Json<ConfirmBackfill>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let started = super::confirm(write.tx(), wish.forecast_id, Utc::now()).await?;
    let answer = BackfillAnswer::from(started);
    write.finish(StatusCode::ACCEPTED, &answer).await
}

/// List backfills, newest first
#[utoipa::path(get, path = "/api/backfills", tag = "backfills",
    responses((status = 200, body = BackfillList)))]
pub async fn list(
    Shared(app): Shared<App>,
    member: Member,
) -> Result<axum::Json<BackfillList>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::list(&mut tx, LIST_LIMIT)
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(BackfillList {
        items: found.into_iter().map(BackfillAnswer::from).collect(),
        next_cursor: None,
    }))
}

/// One backfill, with its windows
#[utoipa::path(get, path = "/api/backfills/{backfill_id}", tag = "backfills",
    params(("backfill_id" = BackfillId, Path)),
    responses((status = 200, body = BackfillAnswer), (status = 404, description = "`backfill_not_found`")))]
pub async fn show(
    Shared(app): Shared<App>,
    member: Member,
    Path(id): Path<BackfillId>,
) -> Result<axum::Json<BackfillAnswer>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::find(&mut tx, id).await.map_err(Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(found.ok_or(Error::NotFound)?.into()))
}

/// Cancel a backfill
///
/// The window that is under way is finished; what was loaded stays.
#[utoipa::path(post, path = "/api/backfills/{backfill_id}/cancel", tag = "backfills",
    params(("backfill_id" = BackfillId, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = BackfillAnswer), (status = 404, description = "`backfill_not_found`"),
        (status = 409, description = "`backfill_over`")))]
pub async fn cancel(
    Shared(app): Shared<App>,
    write: Write,
    Path(id): Path<BackfillId>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let cancelled = super::cancel(write.tx(), id, Utc::now()).await?;
    let answer = BackfillAnswer::from(cancelled);
    write.finish(StatusCode::OK, &answer).await
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound => Self::not_found("backfill_not_found", message),
            Error::Range => Self::unprocessable("invalid_range", message),
            Error::Gap(_) => Self::unprocessable("leaves_a_gap", message),
            Error::Stale => Self::conflict("forecast_too_old", message),
            Error::Over => Self::conflict("backfill_over", message),
            Error::UnderWay => Self::conflict("backfill_under_way", message),
            Error::Connection(source) => source.into(),
            Error::Tenancy(source) => source.into(),
        }
    }
}

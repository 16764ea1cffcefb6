//! Replays, passed on to global-control: it knows where an org is, and we hold the operator's key.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use contracts::ReplayId;
use contracts::replays::{Replay, ReplayList, StartReplay};
use service_kit::ApiError;
use service_kit::extract::Json as JsonBody;

use super::Admin;
use crate::fleet::Error;

pub(super) fn routes() -> Router<Admin> {
    Router::new()
        .route("/orgs/{org}/replays", get(list))
        .route("/orgs/{org}/replays/{replay}", get(show).put(start))
        .route("/orgs/{org}/replays/{replay}/cancel", post(cancel))
}

async fn start(
    State(admin): State<Admin>,
    Path((org, id)): Path<(String, ReplayId)>,
    JsonBody(wish): JsonBody<StartReplay>,
) -> Result<Json<Replay>, ApiError> {
    let started = admin.platform.fleet.start_replay(&org, id, &wish).await;
    Ok(Json(started.map_err(answer)?))
}

async fn list(
    State(admin): State<Admin>,
    Path(org): Path<String>,
) -> Result<Json<ReplayList>, ApiError> {
    let list = admin.platform.fleet.list_replays(&org).await;
    Ok(Json(list.map_err(answer)?))
}

async fn show(
    State(admin): State<Admin>,
    Path((org, id)): Path<(String, ReplayId)>,
) -> Result<Json<Replay>, ApiError> {
    let replay = admin.platform.fleet.fetch_replay(&org, id).await;
    Ok(Json(replay.map_err(answer)?))
}

async fn cancel(
    State(admin): State<Admin>,
    Path((org, id)): Path<(String, ReplayId)>,
) -> Result<Json<Replay>, ApiError> {
    let replay = admin.platform.fleet.cancel_replay(&org, id).await;
    Ok(Json(replay.map_err(answer)?))
}

/// What may be better in a moment is a 503; the command line waits for that, and for nothing else.
fn answer(error: Error) -> ApiError {
    let refused = |status: StatusCode, message: String| match status {
        StatusCode::SERVICE_UNAVAILABLE => ApiError::unavailable("unreachable", message, 1),
        _ => ApiError::new(status, "refused", message),
    };
    match error {
        Error::Unreachable { .. } => refused(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        Error::Refused(message) => refused(StatusCode::CONFLICT, message),
        Error::Failed { status, message } => {
            let status = StatusCode::from_u16(status).ok();
            let status = status.filter(|status| !status.is_success());
            refused(status.unwrap_or(StatusCode::BAD_GATEWAY), message)
        }
    }
}

//! Start, watch and stop a replay of any org in this cell.

use axum::extract::State;
use axum::http::StatusCode;
use contracts::replays::{Replay as Answer, StartReplay};
use contracts::{Epoch, OrgId, ReplayId};
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use crate::app::App;
use crate::ingestion::replay;
use crate::tenancy::OrgScope;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochQuery {
    epoch: Epoch,
}

pub async fn start(
    State(app): State<App>,
    Path(org): Path<OrgId>,
    Query(query): Query<EpochQuery>,
    Json(wish): Json<StartReplay>,
) -> Result<(StatusCode, axum::Json<Answer>), ApiError> {
    let mut tx = app.db.begin(&scope(org, &query)).await?;
    let started = replay::start(&mut tx, wish).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, axum::Json(started.into())))
}

pub async fn show(
    State(app): State<App>,
    Path((org, id)): Path<(OrgId, ReplayId)>,
    Query(query): Query<EpochQuery>,
) -> Result<axum::Json<Answer>, ApiError> {
    let scope = scope(org, &query);
    Ok(axum::Json(replay::http::find(&app, &scope, id).await?))
}

pub async fn cancel(
    State(app): State<App>,
    Path((org, id)): Path<(OrgId, ReplayId)>,
    Query(query): Query<EpochQuery>,
) -> Result<axum::Json<Answer>, ApiError> {
    let mut tx = app.db.begin(&scope(org, &query)).await?;
    let replay = replay::cancel(&mut tx, id).await?;
    tx.commit().await?;
    Ok(axum::Json(replay.into()))
}

/// The caller's token has just been verified; the fence still has the last word on the epoch.
fn scope(org: OrgId, query: &EpochQuery) -> OrgScope {
    OrgScope::vouched(org, query.epoch)
}

//! Start, watch and stop a replay of any org in this cell.

use axum::extract::State;
use axum::http::StatusCode;
use contracts::replays::{Replay as Answer, ReplayList, StartReplay};
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    epoch: Epoch,
    /// The last page's `next_cursor`.
    cursor: Option<ReplayId>,
}

/// The caller names the replay, so that a call whose answer got lost can be made again.
pub async fn start(
    State(app): State<App>,
    Path((org, id)): Path<(OrgId, ReplayId)>,
    Query(query): Query<EpochQuery>,
    Json(wish): Json<StartReplay>,
) -> Result<(StatusCode, axum::Json<Answer>), ApiError> {
    let mut tx = app.db.begin(&scope(org, query.epoch)).await?;
    let started = replay::ensure(&mut tx, id, wish).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, axum::Json(started.into())))
}

pub async fn list(
    State(app): State<App>,
    Path(org): Path<OrgId>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<ReplayList>, ApiError> {
    let scope = scope(org, query.epoch);
    let page = replay::http::page(&app, &scope, query.cursor).await?;
    Ok(axum::Json(page))
}

pub async fn show(
    State(app): State<App>,
    Path((org, id)): Path<(OrgId, ReplayId)>,
    Query(query): Query<EpochQuery>,
) -> Result<axum::Json<Answer>, ApiError> {
    let scope = scope(org, query.epoch);
    Ok(axum::Json(replay::http::find(&app, &scope, id).await?))
}

pub async fn cancel(
    State(app): State<App>,
    Path((org, id)): Path<(OrgId, ReplayId)>,
    Query(query): Query<EpochQuery>,
) -> Result<axum::Json<Answer>, ApiError> {
    let mut tx = app.db.begin(&scope(org, query.epoch)).await?;
    let replay = replay::cancel(&mut tx, id).await?;
    tx.commit().await?;
    Ok(axum::Json(replay.into()))
}

/// The caller's token has just been verified; the fence still has the last word on the epoch.
fn scope(org: OrgId, epoch: Epoch) -> OrgScope {
    OrgScope::vouched(org, epoch)
}

//! Replays as people and programs see them: start one, look at it, stop it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use contracts::ReplayId;
use contracts::replays::{Replay as Answer, ReplayDayList, ReplayList, StartReplay};
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::{Error, store, versions};
use crate::app::App;
use crate::auth::Member;
use crate::idempotency::Write;
use crate::idempotency::http::Started;
use crate::tenancy::{OrgScope, OrgTx};

const PAGE: i64 = 50;
const DAYS_PAGE: i64 = 1_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReplaysQuery {
    /// The last page's `next_cursor`.
    cursor: Option<ReplayId>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReplayDaysQuery {
    /// The last page's `next_cursor`.
    cursor: Option<String>,
}

/// Read stored files again
///
/// Compares what they give with what is there and, unless it is a dry run, puts it in its place.
#[utoipa::path(post, path = "/api/replays", tag = "replays", request_body = StartReplay,
    params(("idempotency-key" = String, Header)),
    responses((status = 202, body = Answer),
        (status = 422, description = "`backwards`, `too_long`, `nothing_loaded`, `which_pipeline`, `unknown_version`, `unknown_pipeline`")))]
pub async fn start(
    State(app): State<App>,
    write: Write,
    Json(wish): Json<StartReplay>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let replay = super::start(write.tx(), ReplayId::new(), wish).await?;
    write
        .finish(StatusCode::ACCEPTED, &Answer::from(replay))
        .await
}

/// List replays, newest first
#[utoipa::path(get, path = "/api/replays", tag = "replays", params(ReplaysQuery),
    responses((status = 200, body = ReplayList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<ReplaysQuery>,
) -> Result<axum::Json<ReplayList>, ApiError> {
    Ok(axum::Json(page(&app, &member.scope, query.cursor).await?))
}

pub(super) async fn page(
    app: &App,
    scope: &OrgScope,
    cursor: Option<ReplayId>,
) -> Result<ReplayList, ApiError> {
    let mut tx = app.db.begin_read(scope).await?;
    let replays = store::list(&mut tx, cursor, PAGE).await;
    let replays = replays.map_err(Error::from)?;
    tx.commit().await?;
    let full = i64::try_from(replays.len()).is_ok_and(|count| count == PAGE);
    let last = replays.last().filter(|_| full);
    let next_cursor = last.map(|replay| replay.replay_id.to_string());
    Ok(ReplayList {
        items: replays.into_iter().map(Answer::from).collect(),
        next_cursor,
    })
}

/// One replay: how far it is, and what it has found
#[utoipa::path(get, path = "/api/replays/{replay_id}", tag = "replays",
    params(("replay_id" = ReplayId, Path)),
    responses((status = 200, body = Answer), (status = 404, description = "`replay_not_found`")))]
pub async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ReplayId>,
) -> Result<axum::Json<Answer>, ApiError> {
    Ok(axum::Json(find(&app, &member.scope, id).await?))
}

pub(super) async fn find(app: &App, scope: &OrgScope, id: ReplayId) -> Result<Answer, ApiError> {
    let mut tx = app.db.begin_read(scope).await?;
    let replay = store::find(&mut tx, id).await.map_err(Error::from)?;
    tx.commit().await?;
    Ok(replay.ok_or(Error::NotFound)?.into())
}

/// The days of a replay, with the hash of each on both sides
#[utoipa::path(get, path = "/api/replays/{replay_id}/days", tag = "replays",
    params(("replay_id" = ReplayId, Path), ReplayDaysQuery),
    responses((status = 200, body = ReplayDayList),
        (status = 404, description = "`replay_not_found`"),
        (status = 422, description = "`invalid_cursor`")))]
pub async fn days(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ReplayId>,
    Query(query): Query<ReplayDaysQuery>,
) -> Result<axum::Json<ReplayDayList>, ApiError> {
    let after = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let mut tx = app.db.begin_read(&member.scope).await?;
    let replay = store::find(&mut tx, id).await.map_err(Error::from)?;
    replay.ok_or(Error::NotFound)?;
    let items = list_days(&mut tx, id, after).await?;
    tx.commit().await?;
    let full = i64::try_from(items.len()).is_ok_and(|count| count == DAYS_PAGE);
    let last = items.last().filter(|_| full);
    let next_cursor = last.map(|day| format!("{}.{}", day.date, day.advertiser_id));
    Ok(axum::Json(ReplayDayList { items, next_cursor }))
}

async fn list_days(
    tx: &mut OrgTx,
    id: ReplayId,
    after: Option<(String, NaiveDate)>,
) -> Result<Vec<contracts::replays::ReplayDay>, Error> {
    Ok(store::page_days(tx, id, after.as_ref(), DAYS_PAGE).await?)
}

fn parse_cursor(text: &str) -> Result<(String, NaiveDate), ApiError> {
    let parsed = text.split_once('.').and_then(|(date, id)| {
        let date = date.parse().ok()?;
        Some((id.to_owned(), date))
    });
    parsed
        .ok_or_else(|| ApiError::unprocessable("invalid_cursor", "this is no cursor of this list"))
}

/// Stop a replay
///
/// What it has replaced until then stays: each day is whole. One that is over stays as it is.
#[utoipa::path(post, path = "/api/replays/{replay_id}/cancel", tag = "replays",
    params(("replay_id" = ReplayId, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = Answer), (status = 404, description = "`replay_not_found`")))]
pub async fn cancel(
    State(app): State<App>,
    write: Write,
    Path(id): Path<ReplayId>,
) -> Result<Response, ApiError> {
    let mut write = match write.begin(&app).await? {
        Started::Fresh(write) => write,
        Started::Repeated(answer) => return Ok(answer),
    };
    let replay = super::cancel(write.tx(), id).await?;
    write.finish(StatusCode::OK, &Answer::from(replay)).await
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound => Self::not_found("replay_not_found", message),
            Error::OtherWish(_) => Self::conflict("other_replay", message),
            Error::Backwards => Self::unprocessable("backwards", message),
            Error::TooLong => Self::unprocessable("too_long", message),
            Error::NothingLoaded => Self::unprocessable("nothing_loaded", message),
            Error::WhichPipeline(_) => Self::unprocessable("which_pipeline", message),
            Error::Version(versions::Error::Tenancy(error)) | Error::Tenancy(error) => error.into(),
            Error::Version(versions::Error::UnknownPipeline(_)) => {
                Self::unprocessable("unknown_pipeline", message)
            }
            Error::Version(
                versions::Error::UnknownVersion { .. }
                | versions::Error::OfAnother(..)
                | versions::Error::OtherCode { .. },
            ) => Self::unprocessable("unknown_version", message),
        }
    }
}

//! The supervisor's own API. Long changes answer with a line of JSON per step.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::StreamExt as _;
use ring::hmac;
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::Json as JsonBody;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::Error;
use super::super::client::{CreateCell, Event, OneProcess};
use super::super::platform::{Platform, PlatformPhase};
use super::super::status::{self, CellStatus, Status};
use super::text_of;
use crate::driver::process::secrets::Secret;
use crate::driver::{CellName, CellSpec, DeletedCell, ObservedCell, Progress};

mod replays;

#[derive(Clone)]
struct Admin {
    platform: Arc<Platform>,
    stop: CancellationToken,
}

pub(super) fn router(platform: Arc<Platform>, token: &Secret, stop: CancellationToken) -> Router {
    let expected = format!("Bearer {}", token.expose());
    Router::new()
        .route("/status", get(show_status))
        .route("/phase", get(show_phase))
        .route("/cells", get(list_cells).post(create_cell))
        .route("/cells/{name}", axum::routing::delete(delete_cell))
        .route("/trash", get(list_deleted).delete(purge))
        .route("/trash/{name}/restore", post(restore_cell))
        .merge(replays::routes())
        .route("/hold", post(hold))
        .route("/release", post(release))
        .route("/down", post(down))
        .layer(middleware::from_fn_with_state(
            Arc::new(expected),
            check_token,
        ))
        .with_state(Admin { platform, stop })
}

async fn check_token(
    State(expected): State<Arc<String>>,
    request: Request,
    next: Next,
) -> Response {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .map(|value| value.as_bytes());
    // Equal under a key of this moment: the time it takes tells nothing about the token.
    let key = hmac::Key::new(hmac::HMAC_SHA256, &service_kit::keys::random_32());
    let tag = hmac::sign(&key, expected.as_bytes());
    if hmac::verify(&key, given.unwrap_or_default(), tag.as_ref()).is_ok() {
        next.run(request).await
    } else {
        ApiError::unauthorized("bad_token", "the token is not the one in run/admin.json")
            .into_response()
    }
}

async fn show_status(State(admin): State<Admin>) -> Result<Json<Status>, ApiError> {
    Ok(Json(
        status::observe(&admin.platform).await.map_err(answer)?,
    ))
}

async fn show_phase(State(admin): State<Admin>) -> Json<PlatformPhase> {
    Json(admin.platform.phase())
}

async fn list_cells(State(admin): State<Admin>) -> Result<Json<Vec<CellStatus>>, ApiError> {
    let cells = status::list_cells(&admin.platform).await;
    Ok(Json(cells.map_err(answer)?))
}

async fn create_cell(State(admin): State<Admin>, JsonBody(wish): JsonBody<CreateCell>) -> Response {
    let platform = admin.platform;
    streamed(move |progress| async move {
        platform
            .create_cell(wish.name, wish.capacity_orgs, &progress)
            .await
    })
}

async fn restore_cell(State(admin): State<Admin>, Path(name): Path<CellName>) -> Response {
    let platform = admin.platform;
    streamed(move |progress| async move { platform.restore_cell(&name, &progress).await })
}

#[derive(Deserialize)]
struct Deletion {
    #[serde(default)]
    dry_run: bool,
}

async fn delete_cell(
    State(admin): State<Admin>,
    Path(name): Path<CellName>,
    Query(deletion): Query<Deletion>,
) -> Result<Response, ApiError> {
    let platform = admin.platform;
    if deletion.dry_run {
        let spec: CellSpec = platform.check_deletion(&name).await.map_err(answer)?;
        return Ok(Json(spec).into_response());
    }
    // In a task of its own: a caller that goes away must not stop it half-way.
    let work = tokio::spawn(async move { platform.delete_cell(&name).await });
    let deleted = work.await.map_err(ApiError::internal)?;
    Ok(Json(deleted.map_err(answer)?).into_response())
}

async fn list_deleted(State(admin): State<Admin>) -> Result<Json<Vec<DeletedCell>>, ApiError> {
    let deleted = admin.platform.driver.list_deleted();
    Ok(Json(deleted.map_err(|err| answer(err.into()))?))
}

async fn purge(State(admin): State<Admin>) -> Result<Json<Vec<DeletedCell>>, ApiError> {
    let purged = admin.platform.driver.purge();
    Ok(Json(purged.map_err(|err| answer(err.into()))?))
}

async fn hold(
    State(admin): State<Admin>,
    JsonBody(wish): JsonBody<OneProcess>,
) -> Result<StatusCode, ApiError> {
    let held = admin.platform.processes.hold(&wish.process).await;
    changed(held, &wish.process, "runs")
}

async fn release(
    State(admin): State<Admin>,
    JsonBody(wish): JsonBody<OneProcess>,
) -> Result<StatusCode, ApiError> {
    let released = admin.platform.processes.release(&wish.process);
    changed(released, &wish.process, "is held")
}

fn changed(done: bool, process: &str, how: &str) -> Result<StatusCode, ApiError> {
    let missing = || format!("no process {process} {how}; `cellctl local-status` lists all");
    done.then_some(StatusCode::NO_CONTENT)
        .ok_or_else(|| ApiError::not_found("process_not_found", missing()))
}

async fn down(State(admin): State<Admin>) -> StatusCode {
    admin.stop.cancel();
    StatusCode::ACCEPTED
}

/// Runs a change in a task of its own and streams its steps, then its outcome.
fn streamed<F, Fut>(change: F) -> Response
where
    F: FnOnce(Progress) -> Fut + Send + 'static,
    Fut: Future<Output = Result<ObservedCell, Error>> + Send,
{
    let (progress, mut steps) = Progress::channel();
    let (events, lines) = mpsc::unbounded_channel();
    let forward = events.clone();
    tokio::spawn(async move {
        let stepping = tokio::spawn(async move {
            while let Some(step) = steps.recv().await {
                // The caller may have gone; the change goes on.
                let _ = forward.send(Event::Step(step));
            }
        });
        let outcome = match change(progress).await {
            Ok(cell) => Event::Done(cell),
            Err(err) => Event::Failed {
                message: text_of(&err),
            },
        };
        // All steps before the outcome.
        let _ = stepping.await;
        let _ = events.send(outcome);
    });
    let lines = futures::stream::unfold(lines, |mut lines| async {
        let event = lines.recv().await?;
        let mut line = serde_json::to_vec(&event).expect("an event is plain JSON");
        line.push(b'\n');
        Some((Bytes::from(line), lines))
    });
    let body = Body::from_stream(lines.map(Ok::<_, std::convert::Infallible>));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

/// The caller is the operator himself: he gets every cause.
fn answer(error: Error) -> ApiError {
    let status = match &error {
        Error::CellInUse { .. } | Error::Fleet(crate::fleet::Error::Refused(_)) => {
            return ApiError::conflict("cell_in_use", text_of(&error));
        }
        Error::UnknownCell(_) => return ApiError::not_found("cell_not_found", text_of(&error)),
        _ => StatusCode::BAD_GATEWAY,
    };
    ApiError::new(status, "failed", text_of(&error))
}

//! Internal endpoints for routers.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use contracts::RouterId;
use contracts::routes::RouteAck;
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Query};

use super::Error;
use crate::app::App;
use crate::internal::http::Caller;

pub async fn snapshot(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, ApiError> {
    caller.reads_routes()?;
    let bytes = app.feed.snapshot(&app.signing).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], bytes).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    after: i64,
    router: RouterId,
}

pub async fn stream(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<StreamQuery>,
) -> Result<Response, ApiError> {
    caller.router(query.router)?;
    let lines = app.feed.stream(query.after).await?;
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(lines)).into_response())
}

pub async fn acknowledge(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(ack): Json<RouteAck>,
) -> Result<StatusCode, ApiError> {
    caller.router(ack.router)?;
    let mut tx = app.db.begin().await?;
    super::acknowledge(&mut tx, ack.router, ack.seq).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Gap => Self::new(StatusCode::GONE, "feed_gap", message),
            Error::Ahead => Self::conflict("seq_unknown", message),
            Error::Encode(source) => Self::internal(source),
            Error::Database(source) => source.into(),
        }
    }
}

//! Internal endpoints by which operators replay any org's data. The org goes by its id or address.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use contracts::ReplayId;
use contracts::replays::StartReplay;
use serde::Deserialize;
use serde_json::Value;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::{Ask, Error};
use crate::app::App;
use crate::internal::http::Caller;

type Answer = Result<(StatusCode, axum::Json<Value>), ApiError>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListReplays {
    cursor: Option<ReplayId>,
}

pub async fn start(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((org, id)): Path<(String, ReplayId)>,
    Json(wish): Json<StartReplay>,
) -> Answer {
    ask(&app, &caller, &org, &Ask::Start(id, wish)).await
}

pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(org): Path<String>,
    Query(query): Query<ListReplays>,
) -> Answer {
    ask(&app, &caller, &org, &Ask::List(query.cursor)).await
}

pub async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((org, id)): Path<(String, ReplayId)>,
) -> Answer {
    ask(&app, &caller, &org, &Ask::Show(id)).await
}

pub async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((org, id)): Path<(String, ReplayId)>,
) -> Answer {
    ask(&app, &caller, &org, &Ask::Cancel(id)).await
}

async fn ask(app: &App, caller: &Caller, org: &str, wish: &Ask) -> Answer {
    caller.operator()?;
    let (status, body) = super::ask(&app.db, &app.cells, org, wish).await?;
    Ok((status, axum::Json(body)))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::UnknownOrg(_) => Self::not_found("org_not_found", message),
            Error::NotReady(_) => Self::conflict("org_not_ready", message).retry_after(1),
            Error::Failed(_) => Self::conflict("org_failed", message),
            Error::CellSilent { source, .. } => {
                Self::unavailable("cell_unreachable", message, 2).with_source(source)
            }
            Error::CellConfused { .. } => {
                Self::new(StatusCode::BAD_GATEWAY, "cell_confused", message)
            }
            Error::Org(source) => source.into(),
            Error::Database(source) => source.into(),
        }
    }
}

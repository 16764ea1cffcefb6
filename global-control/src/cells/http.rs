//! Internal endpoints of the fleet: operators register and remove, cells report.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use contracts::CellId;
use contracts::provisioning::{CellHeartbeat, CellSummary, RegisterCell};
use service_kit::ApiError;
use service_kit::extract::{Json, Path};

use super::Error;
use crate::app::App;
use crate::internal::http::{Caller, Page};

pub async fn register(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(wish): Json<RegisterCell>,
) -> Result<axum::Json<CellSummary>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let cell = super::register(&mut tx, &wish).await?;
    tx.commit().await?;
    Ok(axum::Json(cell))
}

pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Page<CellSummary>>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let items = super::list(&mut tx).await?;
    Ok(axum::Json(Page {
        items,
        next_cursor: None,
    }))
}

pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(cell): Path<CellId>,
) -> Result<StatusCode, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    super::delete(&mut tx, cell).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn heartbeat(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(cell): Path<CellId>,
    Json(heartbeat): Json<CellHeartbeat>,
) -> Result<StatusCode, ApiError> {
    caller.cell(cell)?;
    let mut tx = app.db.begin().await?;
    super::record_heartbeat(&mut tx, cell, &heartbeat).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Name => Self::unprocessable("invalid_name", message),
            Error::NameTaken => Self::conflict("cell_name_taken", message),
            Error::NotFound => Self::not_found("cell_not_found", message),
            Error::InUse => Self::conflict("cell_in_use", message),
            Error::Range => Self::unprocessable("out_of_range", message),
            Error::Database(source) => source.into(),
        }
    }
}

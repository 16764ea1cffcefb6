//! Internal endpoints: cells pull, operators read and write.

use std::sync::Arc;

use axum::extract::State;
use contracts::config_docs::ConfigBatch;
use contracts::{CellId, OrgId};
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::{Error, Kept, NewVersion};
use crate::app::App;
use crate::internal::http::{Caller, Page};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullQuery {
    #[serde(default)]
    after: i64,
}

pub async fn pull(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(cell): Path<CellId>,
    Query(query): Query<PullQuery>,
) -> Result<axum::Json<ConfigBatch>, ApiError> {
    caller.cell(cell)?;
    let mut tx = app.db.begin_snapshot().await?;
    let batch = super::fetch_batch(&mut tx, cell, query.after).await?;
    Ok(axum::Json(batch))
}

pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    Json(new): Json<NewVersion>,
) -> Result<axum::Json<Kept>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let kept = super::put(&mut tx, &name, &new, "operator").await?;
    tx.commit().await?;
    Ok(axum::Json(kept))
}

pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Page<Kept>>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let items = super::list_heads(&mut tx).await?;
    Ok(axum::Json(Page {
        items,
        next_cursor: None,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    org: Option<OrgId>,
}

pub async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<HistoryQuery>,
) -> Result<axum::Json<Page<Kept>>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    let items = super::list_history(&mut tx, &name, query.org).await?;
    Ok(axum::Json(Page {
        items,
        next_cursor: None,
    }))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Schema(_) => Self::unprocessable("invalid_document", message),
            Error::OrgNotFound => Self::not_found("org_not_found", message),
            Error::Changed => Self::conflict("changed_meanwhile", message),
            Error::Database(source) => source.into(),
        }
    }
}

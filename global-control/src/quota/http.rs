//! Internal endpoints: cells report and are answered, operators look and set.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use contracts::CellId;
use contracts::quota::{QuotaGrant, QuotaReport, SetPool};
use service_kit::ApiError;
use service_kit::extract::{Json, Path};

use super::{Error, PoolSummary};
use crate::app::App;
use crate::internal::http::{Caller, Page};

pub async fn report(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(cell): Path<CellId>,
    Json(report): Json<QuotaReport>,
) -> Result<axum::Json<QuotaGrant>, ApiError> {
    caller.cell(cell)?;
    let mut tx = app.db.begin().await?;
    let now = super::fetch_now(&mut tx).await?;
    let grant = super::answer(&mut tx, cell, &report, now).await?;
    tx.commit().await?;
    Ok(axum::Json(grant))
}

pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Page<PoolSummary>>, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin_snapshot().await?;
    let now = super::fetch_now(&mut tx).await?;
    let items = super::list(&mut tx, now).await?;
    Ok(axum::Json(Page {
        items,
        next_cursor: None,
    }))
}

pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(terms): Json<SetPool>,
) -> Result<StatusCode, ApiError> {
    caller.operator()?;
    let mut tx = app.db.begin().await?;
    super::set_pool(&mut tx, &terms).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound => Self::not_found("quota_not_found", message),
            Error::NoCell => Self::not_found("cell_not_found", message),
            Error::Clock => Self::unprocessable("other_day", message),
            Error::ForeignLease => Self::conflict("foreign_lease", message),
            Error::Range | Error::NothingLeft => Self::unprocessable("out_of_range", message),
            Error::Database(source) => source.into(),
        }
    }
}

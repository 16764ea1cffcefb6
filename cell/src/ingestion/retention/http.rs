//! `GET /api/data/retention`: what the next run would drop, without dropping it.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use service_kit::ApiError;

use super::{plan, store};
use crate::app::App;
use crate::auth::Member;
use crate::tenancy;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionPlan {
    pub items: Vec<RetentionLine>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionLine {
    pub pipeline: String,
    /// Earlier days are dropped, each advertiser's.
    pub silver_before: NaiveDate,
    pub days_due: i64,
    pub rows_due: i64,
    /// Files fetched earlier expire, unless a day that may still change came from them.
    pub bronze_before: DateTime<Utc>,
    pub files_due: i64,
    pub bytes_due: i64,
}

/// What is kept no longer
///
/// Dropped once a day, by what the pipelines say of retention. Nothing is changed by asking.
#[utoipa::path(get, path = "/api/data/retention", tag = "data",
    responses((status = 200, body = RetentionPlan)))]
pub async fn show(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<RetentionPlan>, ApiError> {
    let mut tx = app.db.begin_read(&member.scope).await?;
    let bounds = plan(&mut tx, Utc::now()).await;
    let mut items = Vec::new();
    for one in bounds.map_err(tenancy::Error::from)? {
        let due = store::count_due(&mut tx, &one).await;
        let due = due.map_err(tenancy::Error::from)?;
        items.push(RetentionLine {
            pipeline: one.pipeline,
            silver_before: one.silver_before,
            days_due: due.days,
            rows_due: due.rows,
            bronze_before: one.bronze_before,
            files_due: due.files,
            bytes_due: due.bytes,
        });
    }
    tx.commit().await?;
    Ok(axum::Json(RetentionPlan { items }))
}

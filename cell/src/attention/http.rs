//! `GET /api/attention`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use service_kit::ApiError;

use super::Item;
use crate::app::App;
use crate::auth::Member;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AttentionList {
    pub as_of: DateTime<Utc>,
    /// The worst first; empty: all is well.
    pub items: Vec<Item>,
}

/// What needs somebody now
#[utoipa::path(get, path = "/api/attention", tag = "home",
    responses((status = 200, body = AttentionList)))]
pub async fn list(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<AttentionList>, ApiError> {
    let as_of = Utc::now();
    let mut tx = app.db.begin_read(&member.scope).await?;
    let items = super::list(&app, &mut tx, as_of).await?;
    tx.commit().await?;
    Ok(axum::Json(AttentionList { as_of, items }))
}

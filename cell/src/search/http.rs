//! `GET /api/search`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;
use service_kit::extract::Query;

use super::{FoundKind, pattern, store};
use crate::app::App;
use crate::auth::Member;
use crate::tenancy;

/// Nothing is called by more.
const LONGEST: usize = 200;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// A part of a name, or a whole id.
    q: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FoundList {
    /// A few of each kind, the best first.
    pub items: Vec<Found>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Found {
    pub kind: FoundKind,
    pub dsp: String,
    pub id: String,
    pub name: String,
    pub advertiser_name: String,
    /// Of an insertion order its own, of a line item its order's.
    pub insertion_order_id: Option<String>,
}

/// Advertisers, insertion orders and line items by name or id
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = FoundList), (status = 400, description = "`invalid_query`")))]
pub async fn find(
    State(app): State<App>,
    member: Member,
    Query(query): Query<SearchQuery>,
) -> Result<axum::Json<FoundList>, ApiError> {
    let text = query.q.trim();
    if text.is_empty() || text.chars().count() > LONGEST || text.contains('\0') {
        let message = format!("`q` has 1 to {LONGEST} letters");
        return Err(ApiError::bad_request("invalid_query", message));
    }
    let mut tx = app.db.begin_read(&member.scope).await?;
    let found = store::find(&mut tx, text, &pattern(text)).await;
    let items = found.map_err(tenancy::Error::from)?;
    tx.commit().await?;
    Ok(axum::Json(FoundList { items }))
}

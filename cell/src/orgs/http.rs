//! What global-control asks of this cell, on the internal listener, with a token made for it.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use contracts::provisioning::{PrepareOrg, PreparedOrg};
use contracts::{Epoch, OrgId};
use serde::{Deserialize, Serialize};
use service_kit::extract::{Json, Path, Query};
use service_kit::{ApiError, tokens};

use super::Error;
use crate::app::App;

/// Who may call the internal listener.
const CALLER: &str = "global-control";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochQuery {
    epoch: Epoch,
}

#[derive(Debug, Serialize)]
pub struct OrgList {
    items: Vec<OrgEntry>,
}

#[derive(Debug, Serialize)]
struct OrgEntry {
    org: OrgId,
    state: &'static str,
    epoch: Epoch,
}

pub async fn prepare(
    State(app): State<App>,
    Path(org): Path<OrgId>,
    Json(wish): Json<PrepareOrg>,
) -> Result<axum::Json<PreparedOrg>, ApiError> {
    let here = super::prepare(&app.db, &app.cell_key, org, &wish).await?;
    Ok(axum::Json(PreparedOrg {
        org: here.org,
        epoch: here.epoch,
    }))
}

pub async fn remove(
    State(app): State<App>,
    Path(org): Path<OrgId>,
    Query(query): Query<EpochQuery>,
) -> Result<StatusCode, ApiError> {
    super::remove(&app.db, org, query.epoch).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn list(State(app): State<App>) -> Result<axum::Json<OrgList>, ApiError> {
    let items = super::list(&app.db)
        .await?
        .into_iter()
        .map(|here| OrgEntry {
            org: here.org,
            state: here.state.as_str(),
            epoch: here.epoch,
        })
        .collect();
    Ok(axum::Json(OrgList { items }))
}

/// In front of every route of the internal listener that does more than watch.
pub async fn require_global_control(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let audience = app.config.cell_id.to_string();
    let claims = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .and_then(|token| {
            tokens::verify_internal(token, &audience, app.config.control_key.bytes()).ok()
        });
    match claims {
        Some(claims) if claims.iss == CALLER => Ok(next.run(request).await),
        _ => Err(ApiError::unauthorized(
            "bad_token",
            "this call needs a token of global-control",
        )),
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Conflict(here) => Self::conflict(
                "org_in_another_state",
                format!("here it is {} at epoch {}", here.state.as_str(), here.epoch),
            ),
            Error::InUse => Self::conflict("org_in_use", "somebody has used this org already"),
            Error::Tenancy(error) => error.into(),
        }
    }
}

//! The extractor that names an internal caller, and the shape of lists.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use contracts::{CellId, RouterId};
use serde::Serialize;
use service_kit::ApiError;

use super::{Identity, identify};
use crate::app::App;

/// Who calls; 401 without a valid token.
pub struct Caller(pub Identity);

impl Caller {
    pub fn operator(&self) -> Result<(), ApiError> {
        match self.0 {
            Identity::Operator => Ok(()),
            Identity::Cell(_) | Identity::Router(_) => Err(not_yours()),
        }
    }

    /// This cell and no other.
    pub fn cell(&self, cell: CellId) -> Result<(), ApiError> {
        match self.0 {
            Identity::Cell(caller) if caller == cell => Ok(()),
            Identity::Cell(_) | Identity::Operator | Identity::Router(_) => Err(not_yours()),
        }
    }

    /// This router and no other.
    pub fn router(&self, router: RouterId) -> Result<(), ApiError> {
        match self.0 {
            Identity::Router(caller) if caller == router => Ok(()),
            Identity::Router(_) | Identity::Operator | Identity::Cell(_) => Err(not_yours()),
        }
    }

    /// Any router, or the operator.
    pub fn reads_routes(&self) -> Result<(), ApiError> {
        match self.0 {
            Identity::Router(_) | Identity::Operator => Ok(()),
            Identity::Cell(_) => Err(not_yours()),
        }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.strip_prefix("Bearer "))
            .and_then(|token| identify(app.master.bytes(), token))
            .map(Self)
            .ok_or_else(|| ApiError::unauthorized("not_identified", "send a valid internal token"))
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

fn not_yours() -> ApiError {
    ApiError::forbidden("not_yours", "this caller may not do that")
}

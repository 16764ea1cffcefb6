//! `GET /oauth/dv360/callback`, the one redirect address registered with Google.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;
use service_kit::ApiError;
use service_kit::error::ErrorBody;
use service_kit::extract::Query;

use super::{Callback, Error, target};
use crate::app::App;

/// Google adds parameters of its own over time, so unknown ones are let pass, and dropped.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    scope: Option<String>,
}

/// Where DV360's consent page comes back to
#[utoipa::path(
    get, path = "/oauth/dv360/callback", tag = "connections",
    params(CallbackQuery),
    responses(
        (status = 303, description = "On to the org's own host"),
        (status = 400, body = ErrorBody, description = "`bad_state`"),
    )
)]
pub async fn dv360_callback(
    State(app): State<Arc<App>>,
    Query(query): Query<CallbackQuery>,
) -> Result<Redirect, ApiError> {
    let callback = Callback {
        state: query.state.as_deref(),
        code: query.code.as_deref(),
        error: query.error.as_deref(),
        scope: query.scope.as_deref(),
    };
    Ok(Redirect::to(&target(&app.urls, callback)?))
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::State | Error::TooLong => Self::bad_request("bad_state", error.to_string()),
        }
    }
}

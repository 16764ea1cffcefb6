//! The one error that leaves a service over HTTP: a status, a stable code, a message for people.
//!
//! It is made in a slice's `http.rs` from that slice's own error by a full `match`. Bodies of 5xx are
//! generic; the cause goes to the log, once, with the request id that the body carries too.

use std::error::Error as StdError;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::http::current_request_id;

type Source = Box<dyn StdError + Send + Sync>;

#[derive(Debug)]
pub struct ApiError(Box<Answer>);

/// Boxed, so that a `Result` that carries an `ApiError` stays small.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    code: &'static str,
    message: String,
    headers: HeaderMap,
    source: Option<Source>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Answer {
            status,
            code,
            message: message.into(),
            headers: HeaderMap::new(),
            source: None,
        }))
    }

    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    pub fn unprocessable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    pub fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// Something of ours is wrong; the person is told so and no more.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong on our side; it has been logged",
        )
        .with_source(source)
    }

    /// For now it cannot be done; `seconds` says when to try again.
    pub fn unavailable(code: &'static str, message: impl Into<String>, seconds: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message).retry_after(seconds)
    }

    pub fn too_many(code: &'static str, message: impl Into<String>, seconds: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, message).retry_after(seconds)
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    #[must_use]
    pub fn with_header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The body alone, for whoever stores an answer to repeat it.
    pub fn body(&self) -> ErrorBody {
        ErrorBody {
            error: ErrorDetail {
                code: self.0.code.to_owned(),
                message: self.0.message.clone(),
                request_id: current_request_id().map(|id| id.to_string()),
            },
        }
    }

    fn log(&self) {
        let cause = self.0.source.as_deref().map(chain);
        let cause = cause.as_deref().unwrap_or("");
        if self.0.status.is_server_error() && self.0.status != StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(
                code = self.0.code,
                error = cause,
                "request failed: {}",
                self.0.message
            );
        } else if self.0.source.is_some() {
            tracing::warn!(
                code = self.0.code,
                error = cause,
                "request refused: {}",
                self.0.message
            );
        }
    }
}

/// The message of an error and of everything below it, on one line.
pub fn chain(error: &(dyn StdError + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(": ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}

/// `{"error":{"code":"org_not_found","message":"…","request_id":"…"}}`
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ErrorDetail {
    /// Stable and meant for programs.
    pub code: String,
    /// For people: what happened and what to do.
    pub message: String,
    /// Names this request in our logs.
    pub request_id: Option<String>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let body = self.body();
        (self.0.status, self.0.headers, axum::Json(body)).into_response()
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

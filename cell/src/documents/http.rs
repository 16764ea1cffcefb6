//! Versions of documents over HTTP: `ETag` says which one was read, `If-Match` which one a change
//! was made on.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use service_kit::ApiError;

/// The version that the person saw; another one in force is a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub u32);

/// For an answer that is this version of a document.
pub fn etag(version: u32) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

/// Somebody changed the document after it was read.
pub fn changed(version: u32) -> ApiError {
    let message = format!("somebody changed it in the meantime: its version is {version}");
    ApiError::new(StatusCode::PRECONDITION_FAILED, "version_conflict", message)
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(ApiError::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if_match_missing",
                "say in if-match which version the change was made on, as its etag does",
            ));
        };
        let version = value.to_str().ok().and_then(|text| {
            let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
            text.parse().ok()
        });
        version.map(Self).ok_or_else(|| {
            ApiError::bad_request("invalid_if_match", "if-match is an etag of this document")
        })
    }
}

//! The `idempotency-key` header: a write that is sent twice happens once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::ApiError;

pub const HEADER: &str = "idempotency-key";
pub const MAX_LEN: usize = 128;

/// What the client calls this write; the same key with the same content is the same write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the header from any request's headers.
    pub fn from_headers(headers: &axum::http::HeaderMap) -> Result<Self, ApiError> {
        let value = headers.get(HEADER).ok_or_else(|| {
            ApiError::bad_request(
                "idempotency_key_required",
                "send an idempotency-key header, a fresh random value per intended write",
            )
        })?;
        let text = value.to_str().unwrap_or("");
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=MAX_LEN).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ApiError::bad_request(
                "idempotency_key_invalid",
                "the idempotency-key is 1 to 128 visible ASCII characters",
            ))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Self::from_headers(&parts.headers)
    }
}

//! The `Write` extractor, the digest of the body it needs, and repeating a stored answer.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service_kit::ApiError;
use service_kit::idempotency::Key;

use super::{Begun, Error, StoredAnswer, Write, WriteTx};
use crate::app::App;
use crate::auth::Member;
use crate::tenancy::sha256;

/// Says that the answer is that of an earlier, identical request.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Routes that are harmless to repeat and need no key.
const EXEMPT: [&str; 1] = ["/api/logout"];

/// A file is known by its own hash, and is not read here: it may be large.
fn is_upload(path: &str) -> bool {
    let inner = path.strip_prefix("/api/connections/");
    inner.is_some_and(|rest| {
        rest.split_once('/')
            .is_some_and(|(_, rest)| rest == "files")
    })
}

/// In a request's extensions: what its body was.
#[derive(Debug, Clone, Copy)]
pub struct Digest {
    sha256: [u8; 32],
}

/// In an answer's extensions: the ledger has this call already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted;

/// What a handler goes on with.
pub enum Started {
    Fresh(WriteTx),
    Repeated(Response),
}

/// Around the whole API: every write must carry a key, and its body is hashed on the way in.
pub async fn digest(request: Request, next: Next) -> Result<Response, ApiError> {
    let path = request.uri().path();
    if request.method().is_safe() || EXEMPT.contains(&path) || is_upload(path) {
        return Ok(next.run(request).await);
    }
    Key::from_headers(request.headers())?;
    let (mut parts, body) = request.into_parts();
    // Read under the limit that the outer layer has put into the extensions.
    let limited = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(limited, &()).await.map_err(|_| {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "the request body is too large",
        )
    })?;
    parts.extensions.insert(Digest {
        sha256: sha256(&bytes),
    });
    Ok(next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await)
}

impl<S: Send + Sync> FromRequestParts<S> for Write {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let member = Member::from_request_parts(parts, state).await?;
        let key = Key::from_headers(&parts.headers)?;
        let digest = parts.extensions.get::<Digest>();
        let digest = digest.ok_or_else(|| ApiError::internal("a write outside the digest"))?;
        Ok(Self {
            scope: member.scope,
            user: member.user,
            key: key.as_str().to_owned(),
            request: format!("{} {}", parts.method, parts.uri.path()),
            body_hash: digest.sha256,
        })
    }
}

impl Write {
    /// The transaction to work in, or the answer to give at once.
    pub async fn begin(self, app: &App) -> Result<Started, ApiError> {
        match self.begin_in(&app.db).await? {
            Begun::Fresh(tx) => Ok(Started::Fresh(tx)),
            Begun::Repeated(answer) => {
                app.metrics.count_repeated_write();
                let mut response = respond(&answer);
                let headers = response.headers_mut();
                headers.insert(REPEATED, HeaderValue::from_static("true"));
                Ok(Started::Repeated(response))
            }
        }
    }
}

impl WriteTx {
    /// Stores the answer, commits it together with the effects, and gives it.
    pub async fn finish<T: Serialize>(
        self,
        status: StatusCode,
        body: &T,
    ) -> Result<Response, ApiError> {
        let body = serde_json::to_vec(body).map_err(ApiError::internal)?;
        self.finish_bytes(status, body).await
    }

    /// The same without a body: 204.
    pub async fn finish_empty(self) -> Result<Response, ApiError> {
        self.finish_bytes(StatusCode::NO_CONTENT, Vec::new()).await
    }

    async fn finish_bytes(self, status: StatusCode, body: Vec<u8>) -> Result<Response, ApiError> {
        let answer = StoredAnswer {
            status: status.as_u16(),
            body,
        };
        self.finish_with(&answer).await?;
        let mut response = respond(&answer);
        response.extensions_mut().insert(Counted);
        Ok(response)
    }
}

fn respond(answer: &StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    if answer.body.is_empty() {
        return status.into_response();
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, answer.body.clone()).into_response()
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::InProgress => Self::conflict(
                "idempotency_in_progress",
                "the same request is still being worked on; ask again in a moment",
            )
            .retry_after(1),
            Error::Reused => Self::unprocessable(
                "idempotency_key_reused",
                "this idempotency-key belongs to another request; use a fresh one",
            ),
            Error::Tenancy(error) => error.into(),
        }
    }
}

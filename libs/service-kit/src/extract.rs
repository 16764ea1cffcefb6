//! Extractors whose rejections are `ApiError` bodies, so that every bad input reads alike.

use axum::body::Bytes;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// A JSON object as the body. Too large: 413. Not JSON: 400. Not the expected shape: 422 naming
/// the field.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        let body = body.map_err(|rejection| refused(rejection.into_response().status(), ""))?;
        let mut again = Request::new(body.clone().into());
        *again.headers_mut() = headers;
        let axum::Json(value) = axum::Json::<T>::from_request(again, state).await?;
        // Serde also reads a struct from a list, by position; nobody means that.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(ApiError::unprocessable(
                "invalid_body",
                "send a JSON object",
            ));
        }
        Ok(Self(value))
    }
}

/// Postgres cannot hold a NUL, so nothing that is looked for has one.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            let message = "a parameter must not hold the character U+0000";
            return Err(ApiError::bad_request("invalid_query", message));
        }
        let axum::extract::Query(value) =
            axum::extract::Query::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

/// A path with an id of the wrong form leads nowhere: 404, like any id that is not yours.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let axum::extract::Path(value) =
            axum::extract::Path::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        refused(rejection.status(), &rejection.body_text())
    }
}

fn refused(status: StatusCode, message: &str) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(status, "body_too_large", "the request body is too large")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::new(
            status,
            "not_json",
            "send a JSON body with content-type: application/json",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => ApiError::unprocessable("invalid_body", message),
        _ if message.is_empty() => {
            ApiError::bad_request("malformed_json", "the request body could not be read")
        }
        _ => ApiError::bad_request("malformed_json", message),
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request("invalid_query", rejection.body_text())
    }
}

impl From<PathRejection> for ApiError {
    fn from(_: PathRejection) -> Self {
        nothing_here()
    }
}

fn nothing_here() -> ApiError {
    ApiError::not_found("not_found", "there is nothing here")
}

#[cfg(test)]
mod tests {
    //! Which inputs are refused at the door, and with what.

    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::{get, post};
    use http_body_util::BodyExt;
    use serde::Deserialize;
    use tower::ServiceExt;

    use super::{Json, Path, Query};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Text {
        text: String,
    }

    async fn ask(request: Request<Body>) -> (u16, String) {
        let app = Router::new()
            .route("/json", post(async |Json(it): Json<Text>| it.text))
            .route("/query", get(async |Query(it): Query<Text>| it.text))
            .route("/path/{text}", get(async |Path(it): Path<String>| it));
        let response = app.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_body_is_an_object() {
        for (body, status) in [
            (r#" {"text":"a"}"#, 200),
            (r#"["a"]"#, 422),
            (r#"{"text":1}"#, 422),
            (r#"{"text":"a","more":1}"#, 422),
            ("null", 422),
            ("", 400),
            ("{", 400),
        ] {
            let request = Request::post("/json").header("content-type", "application/json");
            let answer = ask(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.0, status, "{body} {}", answer.1);
            assert!(status == 200 || answer.1.contains("\"code\""), "{body}");
        }
        let bare = Request::post("/json").body(Body::from("{}")).unwrap();
        assert_eq!(ask(bare).await.0, 415);
    }

    #[tokio::test]
    async fn no_query_holds_a_nul() {
        for (target, status) in [
            ("/query?text=a", 200),
            ("/query?text=a%00", 400),
            ("/query?text=%2500", 200),
            ("/path/a", 200),
            ("/path/%ff", 404),
        ] {
            let request = Request::get(target).body(Body::empty()).unwrap();
            assert_eq!(ask(request).await.0, status, "{target}");
        }
    }
}

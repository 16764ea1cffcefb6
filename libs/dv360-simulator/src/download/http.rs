//! The route that serves report files, with the XML errors of Google's storage.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use chrono::Utc;
use futures::stream::{self, StreamExt as _};

use super::{Error, find_ids};
use crate::app::Shared;
use crate::bid_manager::render;
use crate::faults::DownloadFault;

const PIECE: usize = 64 * 1024;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/download/{bucket}/{file}", get(fetch))
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Error::AccessDenied => (StatusCode::FORBIDDEN, "AccessDenied", "Access denied."),
            Error::SignatureDoesNotMatch => (
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            ),
            Error::ExpiredToken => (
                StatusCode::BAD_REQUEST,
                "ExpiredToken",
                "The provided token has expired.",
            ),
            Error::NoSuchKey => (
                StatusCode::NOT_FOUND,
                "NoSuchKey",
                "The specified key does not exist.",
            ),
            Error::ServiceUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                "Service unavailable.",
            ),
        };
        let body = format!(
            "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        (
            status,
            [(header::CONTENT_TYPE, "application/xml; charset=UTF-8")],
            body,
        )
            .into_response()
    }
}

async fn fetch(
    State(app): State<Shared>,
    uri: Uri,
    Path((_, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    app.quota.count_download();
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&query.unwrap_or_default()).map_err(|_| Error::AccessDenied)?;
    let of = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    app.links.check(
        uri.path(),
        of("Expires"),
        of("Signature"),
        Utc::now().timestamp(),
    )?;
    let (query, report) = find_ids(&file).ok_or(Error::NoSuchKey)?;
    let report = app
        .reports
        .find_report(query, report)
        .ok_or(Error::NoSuchKey)?;
    let fault = app.faults.draw_download(&report.request.advertisers);
    let rendering = tokio::task::spawn_blocking(move || {
        render::file(&app.world, &report.request, &app.restatement)
    });
    let body = Bytes::from(rendering.await.map_err(|_| Error::ServiceUnavailable)?);
    let name = format!("attachment; filename=\"{file}\"");
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::CONTENT_DISPOSITION, name);
    let response = match fault {
        Some(DownloadFault::Unavailable) => return Err(Error::ServiceUnavailable),
        Some(DownloadFault::CutBody { at }) => response.body(Body::from(cut(&body, at))),
        Some(DownloadFault::CutConnection { at }) => response
            .header(header::CONTENT_LENGTH, body.len())
            .body(broken(cut(&body, at))),
        None => response
            .header(header::CONTENT_LENGTH, body.len())
            .body(Body::from(body)),
    };
    response.map_err(|_| Error::ServiceUnavailable)
}

fn cut(body: &Bytes, at: usize) -> Bytes {
    body.slice(..at.min(body.len()))
}

/// Sends what there is and then breaks the connection. The pause in between makes the server
/// flush what it has; without it the answer would break off before its first byte.
fn broken(body: Bytes) -> Body {
    let pieces: Vec<_> = body
        .chunks(PIECE)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut on purpose"))
    });
    Body::from_stream(stream::iter(pieces).chain(end))
}

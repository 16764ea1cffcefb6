//! The route that serves report files, with the XML errors of Google's storage.

use std::io::Write as _;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use chrono::Utc;
use futures::stream::{self, StreamExt as _};

use super::{Error, find_ids};
use crate::app::Shared;
use crate::bid_manager::render;
use crate::faults::DownloadFault;
use crate::world::mix;

const PIECE: usize = 64 * 1024;
const SMALL: usize = 1024;
const SIGN_IN: &str = "<!DOCTYPE html><html><body>Sign in to continue</body></html>";
/// An address inside somebody's network, which no client should follow.
const INSIDE: &str = "http://169.254.169.254/latest/meta-data/";

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
            Error::RangeNotSatisfiable => (
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The requested range cannot be satisfied.",
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
    headers: HeaderMap,
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
        let world = app.worlds.at(report.request.revision);
        render::bytes(&world, &report.request, &report.file)
    });
    let body = Bytes::from(rendering.await.map_err(|_| Error::ServiceUnavailable)?);
    let range = headers.get(header::RANGE).and_then(|one| one.to_str().ok());
    let part = match (range, fault) {
        (Some(range), None) => Part::read(range, body.len())?,
        _ => None,
    };
    serve(&file, body, part, fault)
}

/// The bytes a client asked to go on with.
struct Part {
    from: usize,
    /// One past the last.
    to: usize,
}

impl Part {
    /// `bytes=<from>-` and `bytes=<from>-<to>`; any other form is answered with the whole file.
    fn read(range: &str, length: usize) -> Result<Option<Part>, Error> {
        let bounds = range
            .strip_prefix("bytes=")
            .and_then(|one| one.split_once('-'));
        let Some((from, to)) = bounds else {
            return Ok(None);
        };
        let Ok(from) = from.parse::<usize>() else {
            return Ok(None);
        };
        let to = to
            .parse::<usize>()
            .map_or(length, |last| last.saturating_add(1).min(length));
        if from >= length || from >= to {
            return Err(Error::RangeNotSatisfiable);
        }
        Ok(Some(Part { from, to }))
    }
}

fn serve(
    file: &str,
    body: Bytes,
    part: Option<Part>,
    fault: Option<DownloadFault>,
) -> Result<Response, Error> {
    let name = format!("attachment; filename=\"{file}\"");
    let etag = format!("\"{:016x}\"", mix::bytes(&body));
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::ETAG, etag);
    let response = match fault {
        Some(DownloadFault::Unavailable) => return Err(Error::ServiceUnavailable),
        Some(DownloadFault::Expired) => return Err(Error::ExpiredToken),
        Some(DownloadFault::Html) => return Ok(Html(SIGN_IN).into_response()),
        Some(DownloadFault::Redirect) => return Ok(Redirect::temporary(INSIDE).into_response()),
        Some(DownloadFault::CutBody { at }) => response.body(Body::from(cut(&body, at))),
        Some(DownloadFault::CutConnection { at }) => response
            .header(header::CONTENT_LENGTH, body.len())
            .body(broken(cut(&body, at))),
        Some(DownloadFault::LongLength { by }) => response
            .header(header::CONTENT_LENGTH, body.len().saturating_add(by))
            .body(broken(body)),
        Some(DownloadFault::WithoutLength) => response.body(pieces(body, None)),
        Some(DownloadFault::Slow { ms }) => response
            .header(header::CONTENT_LENGTH, body.len())
            .body(pieces(body, Some(Duration::from_millis(u64::from(ms))))),
        Some(DownloadFault::Gzip) => response
            .header(header::CONTENT_ENCODING, "gzip")
            .body(Body::from(gzip(&body)?)),
        Some(DownloadFault::NoRanges) | None => match part {
            Some(Part { from, to }) => response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(
                    header::CONTENT_RANGE,
                    format!("bytes {from}-{}/{}", to - 1, body.len()),
                )
                .body(Body::from(body.slice(from..to))),
            None => response
                .header(header::ACCEPT_RANGES, "bytes")
                .header(header::CONTENT_LENGTH, body.len())
                .body(Body::from(body)),
        },
    };
    response.map_err(|_| Error::ServiceUnavailable)
}

fn cut(body: &Bytes, at: usize) -> Bytes {
    body.slice(..at.min(body.len()))
}

fn gzip(body: &Bytes) -> Result<Vec<u8>, Error> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let written = packed.write_all(body).and_then(|()| packed.finish());
    written.map_err(|_| Error::ServiceUnavailable)
}

/// In pieces of unknown number, with a pause after each.
fn pieces(body: Bytes, pause: Option<Duration>) -> Body {
    let size = if pause.is_some() { SMALL } else { PIECE };
    let pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let paced = stream::iter(pieces).then(move |piece| async move {
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
        Ok::<_, std::io::Error>(piece)
    });
    Body::from_stream(paced)
}

/// Sends what there is and then breaks the connection. The pause in between makes the server
/// flush what it has; without it the answer would break off before its first byte.
pub(crate) fn broken(body: Bytes) -> Body {
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

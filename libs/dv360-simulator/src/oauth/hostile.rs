//! A token endpoint that fails, or that is not one at all.

use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bytes::Bytes;
use futures::stream::{self, StreamExt as _};

use super::Error;
use crate::faults::TokenFault;

const PIECE: &[u8] = &[b' '; 64 * 1024];
/// 1 GiB in all: nobody who reads it to the end is left standing.
const PIECES: usize = 16 * 1024;
const INSIDE: &str = "http://169.254.169.254/latest/meta-data/";

/// `None` if the endpoint shall answer as always.
pub(super) async fn answer(fault: Option<TokenFault>) -> Option<Result<Response, Error>> {
    Some(match fault? {
        TokenFault::InvalidGrant => Err(Error::dead_grant()),
        TokenFault::Unavailable => Err(Error::new(
            503,
            "temporarily_unavailable",
            "The service is currently unavailable.",
        )),
        TokenFault::Html => {
            Ok(Html("<html><body>Sign in to the hotel's network</body></html>").into_response())
        }
        TokenFault::Huge => Ok(huge()),
        TokenFault::Slow { ms } => {
            tokio::time::sleep(Duration::from_millis(u64::from(ms))).await;
            return None;
        }
        TokenFault::Redirect => Ok(Redirect::temporary(INSIDE).into_response()),
    })
}

fn huge() -> Response {
    let pieces = stream::repeat(Bytes::from_static(PIECE)).take(PIECES);
    let body = Body::from_stream(pieces.map(Ok::<_, std::io::Error>));
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::OK, kind, body).into_response()
}

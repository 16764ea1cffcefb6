//! What the router answers itself: JSON for programs, a small page for people in browsers.

use std::time::Duration;

use bytes::Bytes;
use contracts::{RequestId, edge};
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, EXPECT, LOCATION,
    RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method, StatusCode};
use pingora::Result;
use pingora::http::ResponseHeader;
use pingora::proxy::Session;
use serde_json::json;

use crate::context::RequestContext;
use crate::decide::Reject;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const MAX_DRAIN_BYTES: u64 = 64 * 1024;
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Answers with the reason, in the form the client asked for.
pub(crate) async fn refuse(
    session: &mut Session,
    context: &mut RequestContext,
    reject: Reject,
) -> Result<()> {
    context.refused = Some(reject);
    let request = session.req_header();
    let page = wants_page(&request.method, &request.headers);
    let body = if page {
        page_text(reject, context.id)
    } else {
        json_text(reject, context.id)
    };
    let mut header = ResponseHeader::build(reject.status(), Some(8))?;
    if page {
        header.insert_header(CONTENT_TYPE, "text/html; charset=utf-8")?;
        header.insert_header(CONTENT_SECURITY_POLICY, PAGE_POLICY)?;
    } else {
        header.insert_header(CONTENT_TYPE, "application/json")?;
    }
    if let Some(seconds) = reject.retry_after() {
        header.insert_header(RETRY_AFTER, seconds.to_string())?;
    }
    send(session, context, header, body).await
}

pub(crate) async fn redirect(
    session: &mut Session,
    context: &RequestContext,
    location: &str,
) -> Result<()> {
    let mut header = ResponseHeader::build(StatusCode::PERMANENT_REDIRECT, Some(5))?;
    header.insert_header(LOCATION, location)?;
    send(session, context, header, String::new()).await
}

async fn send(
    session: &mut Session,
    context: &RequestContext,
    mut header: ResponseHeader,
    body: String,
) -> Result<()> {
    header.insert_header(CONTENT_LENGTH, body.len().to_string())?;
    header.insert_header(CACHE_CONTROL, "no-store")?;
    header.insert_header(X_CONTENT_TYPE_OPTIONS, "nosniff")?;
    header.insert_header(edge::SERVED_BY, "router")?;
    header.insert_header(edge::REQUEST_ID, context.id.to_string())?;
    read_rest(session).await;
    let bare = body.is_empty() || session.req_header().method == Method::HEAD;
    session
        .write_response_header(Box::new(header), bare)
        .await?;
    if !bare {
        session
            .write_response_body(Some(Bytes::from(body)), true)
            .await?;
    }
    Ok(())
}

/// Closing with bytes unread resets the connection, and the client may never see its answer. A
/// small body is read away; after anything else the connection ends.
async fn read_rest(session: &mut Session) {
    if session.is_body_done() {
        return;
    }
    let headers = &session.req_header().headers;
    let small = !headers.contains_key(EXPECT)
        && headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
            .is_some_and(|length| length <= MAX_DRAIN_BYTES);
    if small {
        session.set_total_drain_timeout(Some(DRAIN_TIMEOUT));
    }
    if !small || session.drain_request_body().await.is_err() {
        session.set_keepalive(None);
    }
}

/// A browser that navigates says `text/html`; `fetch` and programs don't.
fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
        && headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
}

fn json_text(reject: Reject, id: RequestId) -> String {
    json!({
        "error": { "code": reject.code(), "message": reject.message(), "request_id": id }
    })
    .to_string()
}

/// Nothing from the request stands in the page, so there is nothing to escape.
fn page_text(reject: Reject, id: RequestId) -> String {
    let message = reject.message();
    let refresh = match reject.retry_after() {
        Some(_) => "<meta http-equiv=\"refresh\" content=\"3\">",
        None => "",
    };
    let title = match reject.status() {
        404 => "Not found",
        503 => "One moment",
        _ => "That did not work",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">{refresh}\
         <title>{title}</title><style>\
         :root{{color-scheme:light dark}}\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}}\
         h1{{font-size:1.5rem;margin:0 0 .5rem}}p{{margin:0 0 1.5rem}}\
         small{{opacity:.7;overflow-wrap:anywhere}}\
         </style></head><body><main><h1>{title}</h1><p>{message}</p>\
         <small>{code} · {id}</small></main></body></html>\n",
        code = reject.code(),
    )
}

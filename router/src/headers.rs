//! Header hygiene on both sides, and the signed word of the router to whoever answers.
//!
//! What a client may not say is removed first; then the router says it itself.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use contracts::edge::{self, EdgeContext, EdgeOrg, EdgeRequest};
use http::header::{FORWARDED, HOST, HeaderName};
use http::{HeaderMap, Uri};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::proxy::Session;
use pingora::{Error, ErrorType, Result};
use service_kit::edge::signed_headers;
use uuid::Uuid;

use crate::context::{RequestContext, Target};

const X_FORWARDED: &str = "x-forwarded-";
const X_REAL_IP: &str = "x-real-ip";
const TRACEPARENT: &str = "traceparent";

/// Turns what the client sent into what the upstream gets.
pub(crate) fn prepare_request(
    session: &Session,
    request: &mut RequestHeader,
    context: &RequestContext,
    app_key: &[u8; 32],
) -> Result<()> {
    for name in names_where(&request.headers, is_ours) {
        request.remove_header(&name);
    }
    // Absolute-form and HTTP/2 targets become the origin-form that is signed.
    let target = request
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let uri: Uri = target.parse().map_err(|_| malformed("request target"))?;
    request.set_uri(uri);
    let host = host_of(&request.headers)
        .ok_or_else(|| malformed("host"))?
        .to_owned();

    let client = client_ip(session);
    let (org, key) = match &context.target {
        Target::Org(forward) => {
            let org = EdgeOrg {
                org: forward.org,
                epoch: forward.epoch,
            };
            (Some(org), &forward.cell.edge_key)
        }
        Target::App | Target::None => (None, app_key),
    };
    let said = EdgeContext {
        org,
        client,
        request_id: context.id,
        timestamp: unix_seconds(),
    };
    let signed = EdgeRequest {
        method: request.method.as_str(),
        host: &host,
        path_and_query: &target,
    };
    for (name, value) in signed_headers(key, &said, signed) {
        request.insert_header(name, value)?;
    }
    request.insert_header("x-forwarded-for", client.to_string())?;
    request.insert_header("x-forwarded-proto", scheme(session))?;
    request.insert_header("x-forwarded-host", host)?;
    if !has_traceparent(&request.headers) {
        request.insert_header(TRACEPARENT, new_traceparent(context.id.as_uuid()))?;
    }
    Ok(())
}

/// Turns what the upstream answered into what the client gets.
pub(crate) fn prepare_response(
    response: &mut ResponseHeader,
    context: &RequestContext,
) -> Result<()> {
    for name in names_where(&response.headers, |name| name.starts_with(edge::PREFIX)) {
        response.remove_header(&name);
    }
    response.insert_header(edge::SERVED_BY, context.target.served_by())?;
    response.insert_header(edge::REQUEST_ID, context.id.to_string())
}

fn is_ours(name: &str) -> bool {
    name.starts_with(edge::PREFIX)
        || name.starts_with(X_FORWARDED)
        || name == X_REAL_IP
        || name == FORWARDED
}

/// Collected first, since removing needs the headers to itself; mostly there are none.
fn names_where(headers: &HeaderMap, unwanted: impl Fn(&str) -> bool) -> Vec<HeaderName> {
    headers
        .keys()
        .filter(|name| unwanted(name.as_str()))
        .cloned()
        .collect()
}

/// The host a request names, in the header of HTTP/1 or the authority of HTTP/2.
pub(crate) fn requested_host(request: &RequestHeader) -> Option<&str> {
    host_of(&request.headers).or_else(|| request.uri.authority().map(|host| host.as_str()))
}

fn host_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

/// Only a client on a unix socket has no address; there is no such listener.
pub(crate) fn client_ip(session: &Session) -> IpAddr {
    session
        .client_addr()
        .and_then(|address| address.as_inet())
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip)
}

fn scheme(session: &Session) -> &'static str {
    let secure = session
        .digest()
        .is_some_and(|digest| digest.ssl_digest.is_some());
    if secure { "https" } else { "http" }
}

fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

fn malformed(what: &'static str) -> Box<Error> {
    Error::explain(ErrorType::InvalidHTTPHeader, what).into_down()
}

/// W3C Trace Context: exactly one header of version 00 with non-zero ids.
fn has_traceparent(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(TRACEPARENT).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    value.to_str().is_ok_and(is_traceparent)
}

fn is_traceparent(text: &str) -> bool {
    let hex = |part: &str, length: usize| {
        part.len() == length
            && part
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let non_zero = |part: &str| part.bytes().any(|byte| byte != b'0');
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        ["00", trace, span, flags] => {
            hex(trace, 32) && hex(span, 16) && hex(flags, 2) && non_zero(trace) && non_zero(span)
        }
        _ => false,
    }
}

/// The trace id is the request id's, so that one leads to the other.
fn new_traceparent(request: Uuid) -> String {
    let trace = request.simple();
    let (_, span) = request.as_u64_pair();
    format!("00-{trace}-{span:016x}-01")
}

#[cfg(test)]
mod tests {
    //! Which header names and trace contexts pass.

    use uuid::Uuid;

    use super::{is_ours, is_traceparent, new_traceparent};

    #[test]
    fn headers_that_speak_for_the_router_are_ours() {
        for name in [
            "x-cellplane-org",
            "x-cellplane-anything",
            "x-forwarded-for",
            "x-forwarded-prefix",
            "x-real-ip",
            "forwarded",
        ] {
            assert!(is_ours(name), "{name}");
        }
        for name in ["x-cellplan", "cookie", "x-forwarded", "host"] {
            assert!(!is_ours(name), "{name}");
        }
    }

    #[test]
    fn only_valid_trace_contexts_pass() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(is_traceparent(valid));
        assert!(is_traceparent(&new_traceparent(Uuid::now_v7())));
        for text in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert!(!is_traceparent(text), "{text}");
        }
    }
}

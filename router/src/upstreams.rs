//! How the router connects on both sides, and what it makes of the failures of upstreams.
//!
//! Pingora's own defaults are no timeouts and sixteen tries; everything here is set on purpose.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT, UPGRADE};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::protocols::TcpKeepalive;
use pingora::proxy::Session;
use pingora::upstreams::peer::HttpPeer;
use pingora::{Error, ErrorSource, ErrorType, Result};

use crate::context::{RequestContext, Target};
use crate::decide::{MAX_BODY_BYTES, Reject};

/// One try and two more; Pingora counts tries.
pub(crate) const MAX_TRIES: usize = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// The longest silence of an upstream within one answer, and of a peer that takes no bytes.
const IO_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the rest of a body is awaited after its answer, to keep the connection.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// Cells keep idle connections longer, so that it is never they who close first.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Notices a vanished host below a stream that may rightly be silent.
const KEEPALIVE: TcpKeepalive = TcpKeepalive {
    idle: Duration::from_secs(15),
    interval: Duration::from_secs(5),
    count: 3,
    user_timeout: Duration::from_secs(30),
};

/// What Pingora leaves open on a client's connection.
pub(crate) fn tune_client(session: &mut Session) {
    // Without it a second request that came along with the first is dropped.
    session.set_pipelining_enabled(true);
    session.set_write_timeout(Some(IO_TIMEOUT));
    session.set_total_drain_timeout(Some(DRAIN_TIMEOUT));
}

/// Where one try goes. Pools are per cell, even when a new cell gets an old one's address.
pub(crate) fn peer(target: &Target, app: SocketAddr, request: &RequestHeader) -> HttpPeer {
    let (addr, pool) = match target {
        Target::Org(forward) => (forward.cell.addr, forward.cell.id.as_uuid().as_u64_pair().1),
        Target::App | Target::None => (app, 0),
    };
    let mut peer = HttpPeer::new(addr, false, String::new());
    peer.group_key = pool;
    peer.options.connection_timeout = Some(CONNECT_TIMEOUT);
    peer.options.total_connection_timeout = Some(CONNECT_TIMEOUT);
    peer.options.read_timeout = (!is_stream(request)).then_some(IO_TIMEOUT);
    peer.options.write_timeout = Some(IO_TIMEOUT);
    peer.options.idle_timeout = Some(POOL_IDLE_TIMEOUT);
    peer.options.tcp_keepalive = Some(KEEPALIVE);
    peer
}

/// Server-sent events and WebSockets may be silent for long.
fn is_stream(request: &RequestHeader) -> bool {
    request.headers.contains_key(UPGRADE)
        || request
            .headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Nothing was sent yet. A refused connection may be a cell restarting, so it is worth another
/// try; one that timed out has used up its time.
pub(crate) fn connect_failed(mut error: Box<Error>) -> Box<Error> {
    error.as_up();
    error.set_retry(matches!(error.etype(), ErrorType::ConnectRefused));
    error
}

/// A cell says 421 when it has not carried the request out because the org is not (or no longer)
/// its own. Until the request can be replayed elsewhere, the client is asked to come back.
pub(crate) fn check_ownership(response: &ResponseHeader, target: &Target) -> Result<()> {
    if response.status == StatusCode::MISDIRECTED_REQUEST && matches!(target, Target::Org(_)) {
        let text = "the cell does not have this org";
        return Err(Error::explain(ErrorType::HTTPStatus(421), text).into_up());
    }
    Ok(())
}

/// A body without an announced length is counted as it comes. A WebSocket is not a body.
pub(crate) fn count_body(
    session: &Session,
    context: &mut RequestContext,
    part: Option<&Bytes>,
) -> Result<()> {
    if session.was_upgraded() {
        return Ok(());
    }
    context.body_bytes += part.map_or(0, |part| part.len() as u64);
    if context.body_bytes > MAX_BODY_BYTES {
        return Error::e_explain(ErrorType::HTTPStatus(413), "the body grew too large");
    }
    Ok(())
}

/// The answer a failed try ends in; `None` when the client is gone.
pub(crate) fn verdict(context: &RequestContext, error: &Error) -> Option<Reject> {
    match (error.etype(), error.esource()) {
        (ErrorType::HTTPStatus(421), _) => Some(Reject::OrgMoving),
        (ErrorType::HTTPStatus(413), _) => Some(Reject::BodyTooLarge),
        (ErrorType::HTTPStatus(503), _) => Some(context.refused.unwrap_or(Reject::Internal)),
        (_, ErrorSource::Upstream) => Some(match context.target {
            Target::App => Reject::ControlPlaneUnavailable,
            Target::Org(_) => Reject::CellUnavailable,
            Target::None => Reject::Internal,
        }),
        (
            ErrorType::ReadError
            | ErrorType::ReadTimedout
            | ErrorType::WriteError
            | ErrorType::WriteTimedout
            | ErrorType::ConnectionClosed,
            ErrorSource::Downstream,
        ) => None,
        (_, ErrorSource::Downstream) => Some(Reject::BadRequest),
        (_, ErrorSource::Internal | ErrorSource::Unset) => Some(Reject::Internal),
    }
}

//! One line per request with the fixed fields, one more when an upstream failed, and the counts.
//!
//! Paths are logged without their query, which can carry codes.

use pingora::Error;
use pingora::proxy::Session;

use crate::context::{RequestContext, Target};
use crate::headers;
use crate::metrics::Metrics;

pub(crate) fn answered(session: &Session, context: &RequestContext, metrics: &Metrics) {
    let status = session
        .response_written()
        .map(|response| response.status.as_u16());
    let took = context.started.elapsed();
    metrics.request(&context.target, status, took);

    let request = session.req_header();
    let (org, cell, epoch) = match &context.target {
        Target::Org(forward) => (
            Some(forward.org),
            Some(forward.cell.id),
            Some(forward.epoch.0),
        ),
        Target::App | Target::None => (None, None, None),
    };
    tracing::info!(
        org.id = org.map(tracing::field::display),
        cell.id = cell.map(tracing::field::display),
        epoch,
        request.id = %context.id,
        status = status.unwrap_or(0),
        duration_ms = took.as_secs_f64() * 1_000.0,
        method = %request.method,
        host = headers::requested_host(request),
        path = request.uri.path(),
        client = %headers::client_ip(session),
        code = context.refused.map(|reject| reject.code()),
        bytes_out = session.body_bytes_sent() as u64,
        "answered"
    );
}

/// A failed upstream is worth a warning; a client that left is not.
pub(crate) fn failed(context: &RequestContext, error: &Error, metrics: &Metrics) {
    if *error.esource() == pingora::ErrorSource::Upstream {
        metrics.upstream_error(context.target.served_by());
        tracing::warn!(
            request.id = %context.id,
            upstream = context.target.served_by(),
            tries = context.tries,
            %error,
            "an upstream did not answer"
        );
    } else {
        tracing::debug!(request.id = %context.id, %error, "a request failed");
    }
}

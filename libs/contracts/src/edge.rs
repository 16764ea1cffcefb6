//! What the router tells a cell about a request, and the exact text it signs.
//!
//! The router strips these headers from what clients send, sets its own, and signs them with the
//! key it shares with that one cell. A cell refuses anything that did not come through a router.

use std::net::IpAddr;

use crate::{Epoch, OrgId, RequestId};

pub const ORG: &str = "x-cellplane-org";
pub const EPOCH: &str = "x-cellplane-epoch";
pub const CLIENT: &str = "x-cellplane-client";
pub const REQUEST_ID: &str = "x-cellplane-request-id";
pub const TIMESTAMP: &str = "x-cellplane-timestamp";
pub const SIGNATURE: &str = "x-cellplane-signature";

/// Every header a client must never be able to set.
pub const PREFIX: &str = "x-cellplane-";

/// Set by the router on every answer: which cell served it.
pub const SERVED_BY: &str = "x-served-by";

/// How far a signed timestamp may be from the receiver's clock, in seconds.
pub const MAX_SKEW_SECONDS: i64 = 30;

/// The org a request belongs to. Requests to the app host belong to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeOrg {
    pub org: OrgId,
    pub epoch: Epoch,
}

/// Everything the router vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeContext {
    pub org: Option<EdgeOrg>,
    pub client: IpAddr,
    pub request_id: RequestId,
    /// Seconds since the Unix epoch.
    pub timestamp: i64,
}

/// The request line the signature is bound to, so that it fits no other request.
#[derive(Debug, Clone, Copy)]
pub struct EdgeRequest<'a> {
    pub method: &'a str,
    pub host: &'a str,
    pub path_and_query: &'a str,
}

/// The text that is signed: one field a line, in this order, none of which can hold a line feed.
pub fn canonical(context: &EdgeContext, request: EdgeRequest<'_>) -> String {
    let (org, epoch) = match context.org {
        Some(edge) => (edge.org.to_string(), edge.epoch.to_string()),
        None => ("-".to_owned(), "-".to_owned()),
    };
    format!(
        "cellplane-edge-v1\n{org}\n{epoch}\n{client}\n{id}\n{time}\n{method}\n{host}\n{path}",
        client = context.client,
        id = context.request_id,
        time = context.timestamp,
        method = request.method,
        host = request.host,
        path = request.path_and_query,
    )
}

#[cfg(test)]
mod tests;

//! Signing and checking the router's word about a request (`contracts::edge`).

use std::str::FromStr;

use contracts::edge::{self, EdgeContext, EdgeOrg, EdgeRequest};
use contracts::{Epoch, OrgId, RequestId};
use http::HeaderMap;

use crate::keys;

/// The request did not come through a router that holds this receiver's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EdgeError {
    #[error("the header {0} is missing or malformed")]
    Header(&'static str),
    #[error(
        "the router's clock and ours differ by more than {} s",
        edge::MAX_SKEW_SECONDS
    )]
    Skew,
    #[error("the router's signature does not fit the request")]
    Signature,
}

/// The headers the router sets, ready to insert.
pub fn signed_headers(
    key: &[u8; 32],
    context: &EdgeContext,
    request: EdgeRequest<'_>,
) -> Vec<(&'static str, String)> {
    let mut headers = Vec::with_capacity(6);
    if let Some(org) = context.org {
        headers.push((edge::ORG, org.org.to_string()));
        headers.push((edge::EPOCH, org.epoch.to_string()));
    }
    headers.push((edge::CLIENT, context.client.to_string()));
    headers.push((edge::REQUEST_ID, context.request_id.to_string()));
    headers.push((edge::TIMESTAMP, context.timestamp.to_string()));
    headers.push((edge::SIGNATURE, sign(key, context, request)));
    headers
}

pub fn sign(key: &[u8; 32], context: &EdgeContext, request: EdgeRequest<'_>) -> String {
    keys::hmac_hex(key, edge::canonical(context, request).as_bytes())
}

/// Reads and checks the router's headers; `now` is in seconds since the Unix epoch.
pub fn verify(
    key: &[u8; 32],
    headers: &HeaderMap,
    request: EdgeRequest<'_>,
    now: i64,
) -> Result<EdgeContext, EdgeError> {
    let context = EdgeContext {
        org: org_of(headers)?,
        client: required(headers, edge::CLIENT)?,
        request_id: required::<RequestId>(headers, edge::REQUEST_ID)?,
        timestamp: required(headers, edge::TIMESTAMP)?,
    };
    let signature: String = required(headers, edge::SIGNATURE)?;
    let text = edge::canonical(&context, request);
    if !keys::verify_hmac_hex(key, text.as_bytes(), &signature) {
        return Err(EdgeError::Signature);
    }
    if now.saturating_sub(context.timestamp).saturating_abs() > edge::MAX_SKEW_SECONDS {
        return Err(EdgeError::Skew);
    }
    Ok(context)
}

fn org_of(headers: &HeaderMap) -> Result<Option<EdgeOrg>, EdgeError> {
    if !headers.contains_key(edge::ORG) {
        return Ok(None);
    }
    let org: OrgId = required(headers, edge::ORG)?;
    let epoch = Epoch(required(headers, edge::EPOCH)?);
    Ok(Some(EdgeOrg { org, epoch }))
}

/// A header that stands there exactly once and parses.
fn required<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<T, EdgeError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value
            .to_str()
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(EdgeError::Header(name)),
        _ => Err(EdgeError::Header(name)),
    }
}

#[cfg(test)]
mod tests;

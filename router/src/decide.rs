//! Where a request goes: a pure function of the route table and the request.
//!
//! Fails closed: an unknown host or org is refused, and there is no default cell.

use std::sync::Arc;

use contracts::{Epoch, OrgId};
use serde::Serialize;

use crate::host::Host;
use crate::route_table::{Cell, RouteTable};

/// Larger request bodies are refused.
pub const MAX_BODY_BYTES: u64 = 10 * 1024 * 1024;

/// The label of the host that global-control serves.
pub const APP_LABEL: &str = "app";

/// Everything of a request that a decision may depend on.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    pub host: Option<&'a str>,
    pub path_and_query: &'a str,
    pub content_length: Option<u64>,
}

#[derive(Debug, Clone)]
pub enum Decision {
    /// The app host: global-control.
    ToApp,
    /// The bare domain has nothing of its own.
    Redirect {
        location: String,
    },
    Forward(Forward),
    Reject(Reject),
}

/// An org's request and the cell that the org lives in.
#[derive(Debug, Clone)]
pub struct Forward {
    pub org: OrgId,
    pub epoch: Epoch,
    pub cell: Arc<Cell>,
    /// The org is between two cells: nothing may be sent before this is over.
    pub held: bool,
}

/// Every answer that the router makes itself; the codes are part of the public API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reject {
    BadHost,
    BadRequest,
    HostNotFound,
    OrgNotFound,
    BodyTooLarge,
    HeadersTooLarge,
    CellUnknown,
    CellUnavailable,
    OrgMoving,
    ControlPlaneUnavailable,
    Internal,
}

pub fn decide(table: &RouteTable, domain: &str, request: RequestParts<'_>) -> Decision {
    let (name, port) = match Host::parse(request.host) {
        Ok(Host::Name { name, port }) => (name, port),
        Ok(Host::Ip) => return Decision::Reject(Reject::HostNotFound),
        Err(_) => return Decision::Reject(Reject::BadHost),
    };
    if name == domain {
        let location = app_location(domain, port, request.path_and_query);
        return Decision::Redirect { location };
    }
    let known_as = match name
        .strip_suffix(domain)
        .and_then(|rest| rest.strip_suffix('.'))
    {
        Some(label) if label.contains('.') => return Decision::Reject(Reject::HostNotFound),
        Some(label) => KnownAs::Label(label),
        None => KnownAs::Custom(&name),
    };
    if request
        .content_length
        .is_some_and(|length| length > MAX_BODY_BYTES)
    {
        return Decision::Reject(Reject::BodyTooLarge);
    }
    let found = match known_as {
        KnownAs::Label(APP_LABEL) => return Decision::ToApp,
        KnownAs::Label(label) => table.find_host(label).ok_or(Reject::OrgNotFound),
        // A name of one label is a slug in the table, and no host of anybody.
        KnownAs::Custom(host) if !host.contains('.') => Err(Reject::HostNotFound),
        KnownAs::Custom(host) => table.find_host(host).ok_or(Reject::HostNotFound),
    };
    let assignment = match found {
        Ok(assignment) => assignment,
        Err(reject) => return Decision::Reject(reject),
    };
    match table.find_cell(assignment.cell) {
        Some(cell) => Decision::Forward(Forward {
            org: assignment.org,
            epoch: assignment.epoch,
            cell: Arc::clone(cell),
            held: assignment.held,
        }),
        None => Decision::Reject(Reject::CellUnknown),
    }
}

/// A host by what it is to the platform.
enum KnownAs<'a> {
    /// `<label>.<domain>`
    Label(&'a str),
    /// A name outside the domain, which an org may have brought.
    Custom(&'a str),
}

/// Without a scheme, so that the browser keeps the one it came with.
fn app_location(domain: &str, port: Option<u16>, path_and_query: &str) -> String {
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let path = if path_and_query.starts_with('/') {
        path_and_query
    } else {
        "/"
    };
    format!("//{APP_LABEL}.{domain}{port}{path}")
}

impl Reject {
    pub const fn status(self) -> u16 {
        match self {
            Self::BadHost | Self::BadRequest => 400,
            Self::HostNotFound | Self::OrgNotFound => 404,
            Self::BodyTooLarge => 413,
            Self::HeadersTooLarge => 431,
            Self::Internal => 500,
            Self::CellUnknown
            | Self::CellUnavailable
            | Self::OrgMoving
            | Self::ControlPlaneUnavailable => 503,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::BadHost => "bad_host",
            Self::BadRequest => "bad_request",
            Self::HostNotFound => "host_not_found",
            Self::OrgNotFound => "org_not_found",
            Self::BodyTooLarge => "body_too_large",
            Self::HeadersTooLarge => "headers_too_large",
            Self::CellUnknown => "cell_unknown",
            Self::CellUnavailable => "cell_unavailable",
            Self::OrgMoving => "org_moving",
            Self::ControlPlaneUnavailable => "control_plane_unavailable",
            Self::Internal => "internal",
        }
    }

    /// What a person should know or do.
    pub const fn message(self) -> &'static str {
        match self {
            Self::BadHost => "The request's Host header is missing or is not a valid host name.",
            Self::BadRequest => "The request is not valid HTTP.",
            Self::HostNotFound => "Nothing is served at this host. Check the address.",
            Self::OrgNotFound => "There is no organisation at this address. Check the spelling.",
            Self::BodyTooLarge => "The request body is larger than 10 MiB.",
            Self::HeadersTooLarge => "The address or the headers of the request are too long.",
            Self::CellUnknown | Self::CellUnavailable => {
                "This organisation is briefly unavailable. Try again in a moment."
            }
            Self::OrgMoving => "This organisation is being moved. Try again in a moment.",
            Self::ControlPlaneUnavailable => {
                "Signing up and signing in are briefly unavailable. Organisations you are already \
                 signed in to keep working. Try again in a moment."
            }
            Self::Internal => "Something went wrong on our side.",
        }
    }

    /// Seconds after which the same request may succeed.
    pub const fn retry_after(self) -> Option<u32> {
        match self.status() {
            503 => Some(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

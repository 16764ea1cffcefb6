//! What the router vouches for. A request without its signature is nobody's and goes nowhere.

use std::net::IpAddr;

use crate::tenancy::OrgScope;

pub mod http;

/// In the extensions of every request that reaches a public route.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub scope: OrgScope,
    pub client: IpAddr,
}

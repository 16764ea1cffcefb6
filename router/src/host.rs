//! The one host normaliser: what a `Host` header names, however it is spelled.
//!
//! Case, a port and one trailing dot do not matter; anything that is not a DNS name or an IP
//! address is refused, so that nothing behind this file ever sees an odd spelling.

use std::net::{Ipv4Addr, Ipv6Addr};

use contracts::custom_host::{MAX_NAME, is_label};

/// A host in the one spelling that everything else compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    Name { name: String, port: Option<u16> },
    Ip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the request names no host")]
    Missing,
    #[error("the host is too long")]
    TooLong,
    #[error("the host is not a valid name")]
    Malformed,
}

impl Host {
    pub fn parse(raw: Option<&str>) -> Result<Self, Error> {
        let raw = raw.filter(|raw| !raw.is_empty()).ok_or(Error::Missing)?;
        // A name with its dot and the longest port; longer is refused before it is looked at.
        if raw.len() > MAX_NAME + ".:65535".len() {
            return Err(Error::TooLong);
        }
        if let Some(bracketed) = raw.strip_prefix('[') {
            return parse_v6(bracketed);
        }
        let (name, port) = match raw.split_once(':') {
            Some((name, port)) => (name, parse_port(port)?),
            None => (raw, None),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.len() > MAX_NAME {
            return Err(Error::TooLong);
        }
        if name.parse::<Ipv4Addr>().is_ok() {
            return Ok(Self::Ip);
        }
        if name.is_empty() || !name.split('.').all(is_label) {
            return Err(Error::Malformed);
        }
        Ok(Self::Name {
            name: name.to_ascii_lowercase(),
            port,
        })
    }
}

fn parse_v6(bracketed: &str) -> Result<Host, Error> {
    let (address, rest) = bracketed.split_once(']').ok_or(Error::Malformed)?;
    match rest.strip_prefix(':') {
        Some(port) => drop(parse_port(port)?),
        None if rest.is_empty() => {}
        None => return Err(Error::Malformed),
    }
    match address.parse::<Ipv6Addr>() {
        Ok(_) => Ok(Host::Ip),
        Err(_) => Err(Error::Malformed),
    }
}

/// An empty port is allowed by RFC 3986 and means the default one.
fn parse_port(text: &str) -> Result<Option<u16>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::Malformed);
    }
    text.parse().map(Some).map_err(|_| Error::Malformed)
}

#[cfg(test)]
mod tests;

//! Binds every address before anything starts, so that a busy port is one clear error.
//!
//! Pingora would bind by itself, retry for half a minute and panic; it is handed bound sockets.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::IntoRawFd;

use pingora::server::Fds;

/// "Address family not supported": a kernel without IPv6. The standard library has no kind for it.
const EAFNOSUPPORT: i32 = 97;

#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {reason}")]
pub(crate) struct Error {
    address: SocketAddr,
    reason: String,
    source: io::Error,
}

/// Bound sockets, by the address that they really have.
pub(crate) struct Bound(Vec<(SocketAddr, TcpListener)>);

impl Bound {
    /// All of them; an IPv6 address that this machine does not have is left out if others remain.
    pub(crate) fn all(addresses: &[SocketAddr]) -> Result<Self, Error> {
        let mut bound = Vec::new();
        let mut absent = None;
        for address in addresses {
            match bind(*address) {
                Ok(pair) => bound.push(pair),
                Err(error) if address.is_ipv6() && is_absent(&error.source) => {
                    tracing::warn!(%error, "left an address out");
                    absent = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        match (bound.is_empty(), absent) {
            (true, Some(error)) => Err(error),
            (_, _) => Ok(Self(bound)),
        }
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|(address, _)| *address).collect()
    }

    /// Hands the sockets over, in the form in which Pingora takes inherited ones.
    pub(crate) fn into_fds(self) -> Fds {
        let mut fds = Fds::new();
        for (address, listener) in self.0 {
            fds.add(address.to_string(), listener.into_raw_fd());
        }
        fds
    }
}

/// As in the settings: a comma between two.
impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<String> = self.addresses().iter().map(ToString::to_string).collect();
        f.write_str(&addresses.join(","))
    }
}

fn bind(address: SocketAddr) -> Result<(SocketAddr, TcpListener), Error> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok((listener.local_addr()?, listener))
    };
    listen().map_err(|source: io::Error| Error {
        address,
        reason: reason(&source),
        source,
    })
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(EAFNOSUPPORT)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another process is using this port".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not use this port".to_owned(),
        _ => error.to_string(),
    }
}

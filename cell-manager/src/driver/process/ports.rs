//! Ports on loopback: picked free, remembered by what they are for, and picked anew when somebody
//! else has taken one in the meantime. The file is only a memory; it may be deleted.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::{files, holder};

/// Below the range the system hands out to outgoing connections, so that none of those takes a
/// port between two runs.
const FIRST: u16 = 20_000;
const LAST: u16 = 31_999;

const REMEDY: &str = "it only remembers ports: delete it and start again";

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("port {port} is in use{}; stop it, or choose another with --port", by(.holder.as_deref()))]
    Busy { port: u16, holder: Option<String> },
    #[error("port {port} may not be used by this account; choose one above 1023 with --port")]
    Forbidden { port: u16, source: std::io::Error },
    #[error("no free port between {FIRST} and {LAST} on 127.0.0.1")]
    NoneFree,
    #[error(transparent)]
    Files(#[from] files::Error),
}

fn by(holder: Option<&str>) -> String {
    holder.map_or_else(String::new, |name| format!(" by {name}"))
}

/// All ports of one data directory.
#[derive(Debug)]
pub struct Ports {
    path: PathBuf,
    book: Mutex<Book>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    ports: BTreeMap<String, u16>,
}

impl Ports {
    pub fn open(path: PathBuf) -> Result<Self, Error> {
        let book = files::read_json(&path, REMEDY)?.unwrap_or_default();
        Ok(Self {
            path,
            book: Mutex::new(book),
        })
    }

    /// The address for this purpose: the one it had, unless somebody else sits there now.
    /// Whoever asked must not be listening on it yet.
    pub fn claim(&self, purpose: &str) -> Result<SocketAddr, Error> {
        let mut book = self
            .book
            .lock()
            .expect("nothing panics while it holds the book");
        if let Some(port) = book
            .ports
            .get(purpose)
            .copied()
            .filter(|port| is_free(*port))
        {
            return Ok(loopback(port));
        }
        let port = pick(&book, random_start()).ok_or(Error::NoneFree)?;
        book.ports.insert(purpose.to_owned(), port);
        files::write_json(&self.path, &*book, 0o600)?;
        Ok(loopback(port))
    }

    /// What a process listens on: its own port as `main`, others by the rest of their purpose.
    pub fn of(&self, process: &str) -> BTreeMap<String, SocketAddr> {
        let book = self
            .book
            .lock()
            .expect("nothing panics while it holds the book");
        let own = book.ports.iter().filter_map(|(purpose, port)| {
            let rest = purpose.strip_prefix(process)?;
            let name = if rest.is_empty() {
                "main"
            } else {
                rest.strip_prefix('/')?
            };
            Some((name.to_owned(), loopback(*port)))
        });
        own.collect()
    }

    /// Forgets every purpose that begins like this.
    pub fn forget(&self, prefix: &str) -> Result<(), Error> {
        let mut book = self
            .book
            .lock()
            .expect("nothing panics while it holds the book");
        book.ports.retain(|purpose, _| !purpose.starts_with(prefix));
        Ok(files::write_json(&self.path, &*book, 0o600)?)
    }
}

/// The listening addresses for a port that the user has chosen: both loopbacks where there are two.
pub fn public(port: u16) -> Result<Vec<SocketAddr>, Error> {
    let mut addresses = vec![loopback(port)];
    check(port, addresses[0])?;
    let v6 = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, port));
    match check(port, v6) {
        Ok(()) => addresses.push(v6),
        Err(busy @ Error::Busy { .. }) => return Err(busy),
        // No IPv6 on this machine.
        Err(_) => {}
    }
    Ok(addresses)
}

fn check(port: u16, address: SocketAddr) -> Result<(), Error> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(err) if err.kind() == std::io::ErrorKind::AddrInUse => Err(Error::Busy {
            port,
            holder: holder::of_port(port),
        }),
        Err(source) => Err(Error::Forbidden { port, source }),
    }
}

fn pick(book: &Book, start: u16) -> Option<u16> {
    (start..=LAST)
        .chain(FIRST..start)
        .find(|port| !book.ports.values().any(|taken| taken == port) && is_free(*port))
}

fn random_start() -> u16 {
    rand::random_range(FIRST..=LAST)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(loopback(port)).is_ok()
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    //! Ports are stable over restarts, unless somebody else took one.

    use std::net::TcpListener;

    use super::{Error, Ports, public};

    #[test]
    fn a_purpose_keeps_its_port_over_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        let first = Ports::open(path.clone())
            .unwrap()
            .claim("router/admin")
            .unwrap();
        let again = Ports::open(path).unwrap().claim("router/admin").unwrap();
        assert_eq!(first, again);
    }

    #[test]
    fn a_remembered_port_that_is_busy_now_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports::open(folder.path().join("state.json")).unwrap();
        let first = ports.claim("cell-1/postgres").unwrap();
        let _holder = TcpListener::bind(first).unwrap();
        assert_ne!(ports.claim("cell-1/postgres").unwrap(), first);
    }

    #[test]
    fn two_purposes_never_share_a_port() {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports::open(folder.path().join("state.json")).unwrap();
        assert_ne!(ports.claim("a").unwrap(), ports.claim("b").unwrap());
    }

    #[test]
    fn a_busy_public_port_names_its_holder() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = public(port).unwrap_err();
        assert!(matches!(error, Error::Busy { .. }));
        let text = error.to_string();
        assert!(
            text.contains(&format!("port {port} is in use by ")),
            "{text}"
        );
        assert!(
            text.contains(&format!("pid {}", std::process::id())),
            "{text}"
        );
        assert!(text.contains("--port"), "{text}");
    }
}

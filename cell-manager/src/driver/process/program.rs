//! What to run and how to tell that it works: the description of one child process, and the
//! probes that ask it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::files;
use super::privileges::Account;

/// Marks every child, so that one whose pid was never written down is found after a crash.
pub const MARK: &str = "CELLPLANE_DATA";

const PROBE_TIMEOUT: Duration = Duration::from_secs(3);
const GOODBYE: Duration = Duration::from_millis(200);

#[derive(Debug, Clone)]
pub struct Program {
    /// Unique in a data directory: `cell-1/serve`.
    pub name: String,
    pub path: PathBuf,
    pub arguments: Vec<OsString>,
    /// The whole environment; nothing is inherited beyond `Environment::inherited`.
    pub environment: Vec<(OsString, OsString)>,
    pub account: Option<Account>,
    pub log: PathBuf,
    pub stop: StopBy,
    pub probe: Probe,
}

/// How a program is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopBy {
    Terminate,
    /// Postgres: SIGINT disconnects clients and writes a checkpoint.
    FastShutdown,
}

#[derive(Debug, Clone)]
pub enum Probe {
    /// `GET /readyz`: any answer means alive, 200 means ready.
    Http(SocketAddr),
    Postgres(SocketAddr),
    Redis(SocketAddr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Ready,
    /// Alive, but asks not to be used yet.
    NotReady,
    Silent,
}

impl Program {
    /// Tells the program to listen here.
    pub fn listen(&mut self, variable: &str, addr: SocketAddr) {
        self.environment
            .push((variable.into(), addr.to_string().into()));
    }

    /// The command, ready to be spawned with its output going to the log.
    pub fn command(&self) -> Result<Command, files::Error> {
        let open = || {
            std::fs::File::options()
                .create(true)
                .append(true)
                .open(&self.log)
        };
        let log = open().map_err(|source| files::write_error(&self.log, source))?;
        let second = log
            .try_clone()
            .map_err(|source| files::write_error(&self.log, source))?;
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(second)
            .current_dir("/")
            // A group of its own: Ctrl-C on the terminal must reach only the supervisor.
            .process_group(0);
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        Ok(command)
    }
}

impl Probe {
    pub async fn ask(&self) -> Answer {
        let asked = async {
            match self {
                Self::Http(addr) => ask_http(*addr).await,
                Self::Postgres(addr) => ask_postgres(*addr).await,
                Self::Redis(addr) => ask_redis(*addr).await,
            }
        };
        match tokio::time::timeout(PROBE_TIMEOUT, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Answer::Silent,
        }
    }
}

async fn ask_http(addr: SocketAddr) -> std::io::Result<Answer> {
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n");
    let reply = exchange(addr, request.as_bytes(), 12).await?;
    Ok(match reply.as_slice() {
        b"HTTP/1.1 200" => Answer::Ready,
        [] => Answer::Silent,
        _ => Answer::NotReady,
    })
}

/// What `pg_isready` does: a start-up message; a server that takes connections asks for a password.
async fn ask_postgres(addr: SocketAddr) -> std::io::Result<Answer> {
    let body = b"\0\x03\0\0user\0probe\0database\0probe\0\0";
    let length = u32::try_from(body.len() + 4).expect("a few bytes");
    let mut message = length.to_be_bytes().to_vec();
    message.extend_from_slice(body);
    Ok(match exchange(addr, &message, 1).await?.as_slice() {
        b"R" => Answer::Ready,
        [] => Answer::Silent,
        _ => Answer::NotReady,
    })
}

/// Without a password the answer is a refusal, which is proof enough of life.
async fn ask_redis(addr: SocketAddr) -> std::io::Result<Answer> {
    let reply = exchange(addr, b"PING\r\n", 7).await?;
    Ok(match reply.as_slice() {
        b"-NOAUTH" | b"+PONG\r\n" => Answer::Ready,
        [] => Answer::Silent,
        _ => Answer::NotReady,
    })
}

/// Sends a message and reads the first `length` bytes of the answer.
async fn exchange(addr: SocketAddr, message: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(message).await?;
    let mut reply = Vec::with_capacity(length);
    let limit = u64::try_from(length).expect("a few bytes");
    (&mut stream).take(limit).read_to_end(&mut reply).await?;
    // Leaving with the answer half read looks like a broken connection and fills Postgres' log.
    let leave = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(GOODBYE, leave).await;
    Ok(reply)
}

//! How other `cellctl` commands reach a running supervisor: a listener on loopback, and a file
//! that only its owner reads with the address and a token made for this run.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Error;
use super::platform::Platform;
use crate::driver::process::files;
use crate::driver::process::secrets::Secret;

mod http;

const REMEDY: &str = "it is written anew at every start: stop the platform by its pid";

/// `run/admin.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    pub pid: u32,
    pub addr: SocketAddr,
    pub token: Secret,
}

impl Access {
    pub fn path(data: &Path) -> PathBuf {
        data.join("run/admin.json")
    }

    pub fn read(data: &Path) -> Result<Option<Self>, files::Error> {
        files::read_json(&Self::path(data), REMEDY)
    }
}

/// Serves until `stopped`; the file goes when the listener does.
pub(super) async fn serve(
    platform: Arc<Platform>,
    stop: CancellationToken,
    stopped: CancellationToken,
) -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(Error::Admin)?;
    let access = Access {
        pid: std::process::id(),
        addr: listener.local_addr().map_err(Error::Admin)?,
        token: Secret::random(),
    };
    let path = Access::path(&platform.layout.data);
    files::write_json(&path, &access, 0o600)?;
    let router = http::router(platform, &access.token, stop);
    tokio::spawn(async move {
        if let Err(err) = service_kit::http::serve(listener, router, stopped).await {
            tracing::error!(error = %err, "the listener for other cellctl commands ended");
        }
    });
    Ok(())
}

/// An error with all its causes on one line.
pub(super) fn text_of(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text += &format!(": {source}");
        cause = source.source();
    }
    text
}

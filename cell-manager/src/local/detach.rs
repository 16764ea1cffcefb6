//! `--detach`: the supervisor runs in a session of its own, writing to a log; we show that log
//! until it is ready, and leave.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::client::Client;
use super::platform::PlatformPhase;
use super::preflight;
use crate::driver::process::{files, processes};

const POLL: Duration = Duration::from_millis(50);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the platform did not start; see above")]
    Failed,
    #[error("start the supervisor")]
    Spawn(#[source] std::io::Error),
    #[error("leave the terminal")]
    Session(#[source] std::io::Error),
    #[error(transparent)]
    Files(#[from] files::Error),
    #[error(transparent)]
    Data(#[from] super::Error),
}

/// In the child: no terminal, so none that can close on us.
pub fn leave_terminal() -> Result<(), Error> {
    rustix::process::setsid()
        .map(|_| ())
        .map_err(|err| Error::Session(err.into()))
}

/// Starts `command` in the background and shows what it says until it is ready.
pub async fn start(
    mut command: Command,
    data: &Path,
    show: &mut (impl Write + Send),
) -> Result<(), Error> {
    preflight::ensure_data_folder(data)?;
    files::ensure_folder(&data.join("log"), 0o700)?;
    let path = data.join("log/supervisor.log");
    processes::rotate(&path);
    let fail = |source| files::write_error(&path, source);
    let log = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(fail)?;
    let second = log.try_clone().map_err(fail)?;
    let mut seen = log.metadata().map_err(fail)?.len();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(second)
        .spawn()
        .map_err(Error::Spawn)?;
    loop {
        let ended = child.try_wait().map_err(Error::Spawn)?;
        seen = show_new(&path, seen, show);
        if ended.is_some() {
            return Err(Error::Failed);
        }
        if is_ready(data, &child).await {
            show_new(&path, seen, show);
            return Ok(());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The platform that answers must be the one we started.
async fn is_ready(data: &Path, child: &Child) -> bool {
    let Ok(client) = Client::open(data) else {
        return false;
    };
    if Some(client.pid()) != child.id() {
        return false;
    }
    client
        .phase()
        .await
        .is_ok_and(|phase| phase == PlatformPhase::Ready)
}

/// A log that cannot be shown is no reason to fail.
fn show_new(path: &Path, seen: u64, show: &mut impl Write) -> u64 {
    let mut read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(seen))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        show.write_all(&text)?;
        show.flush()?;
        Ok(text)
    };
    let new = read().map_or(0, |text| text.len());
    seen + u64::try_from(new).unwrap_or(0)
}

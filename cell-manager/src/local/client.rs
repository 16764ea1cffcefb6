//! The client side of the supervisor's API, for the other `cellctl` commands.

use std::path::{Path, PathBuf};
use std::time::Duration;

use contracts::ReplayId;
use contracts::replays::{Replay, ReplayList, StartReplay};
use futures::StreamExt as _;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::admin::Access;
use super::platform::PlatformPhase;
use super::status::{CellStatus, Status};
use crate::driver::process::files;
use crate::driver::process::lock::DataLock;
use crate::driver::{CellName, CellSpec, DeletedCell, ObservedCell, Step};
use crate::fleet::error_message;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "no platform runs on {data}; start one with `cellctl local --data {data}` (in a checkout: `cargo x up`)"
    )]
    NotRunning { data: PathBuf },
    #[error("{0}")]
    Refused(String),
    /// It may be better in a moment.
    #[error("{0}")]
    Unavailable(String),
    #[error("talk to the platform; it may be stopping")]
    Transport(#[from] reqwest::Error),
    #[error("understand the platform's answer; is it of another version?")]
    Answer(#[from] serde_json::Error),
    #[error("the platform ended before the work was done")]
    Cut,
    #[error("the platform did not stop within {0} s")]
    StillRunning(u64),
    #[error(transparent)]
    Files(#[from] files::Error),
}

/// Body of `POST /cells`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCell {
    pub name: Option<CellName>,
    pub capacity_orgs: Option<u32>,
}

/// Body of `POST /hold` and `POST /release`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneProcess {
    pub process: String,
}

/// A line of a streamed answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Step(Step),
    Done(ObservedCell),
    Failed { message: String },
}

/// A running platform.
#[derive(Debug)]
pub struct Client {
    data: PathBuf,
    access: Access,
    http: reqwest::Client,
}

impl Client {
    /// The platform of this data folder, if it runs.
    pub fn open(data: &Path) -> Result<Self, Error> {
        let not_running = || Error::NotRunning {
            data: data.to_path_buf(),
        };
        if !DataLock::is_held(data) {
            return Err(not_running());
        }
        Ok(Self {
            data: data.to_path_buf(),
            access: Access::read(data)?.ok_or_else(not_running)?,
            http: reqwest::Client::new(),
        })
    }

    pub fn pid(&self) -> u32 {
        self.access.pid
    }

    pub async fn status(&self) -> Result<Status, Error> {
        self.ask(Method::GET, "/status").await
    }

    /// Cheaper than the whole status.
    pub async fn phase(&self) -> Result<PlatformPhase, Error> {
        self.ask(Method::GET, "/phase").await
    }

    pub async fn list_cells(&self) -> Result<Vec<CellStatus>, Error> {
        self.ask(Method::GET, "/cells").await
    }

    pub async fn check_deletion(&self, name: &CellName) -> Result<CellSpec, Error> {
        self.ask(Method::DELETE, &format!("/cells/{name}?dry_run=true"))
            .await
    }

    pub async fn delete_cell(&self, name: &CellName) -> Result<DeletedCell, Error> {
        self.ask(Method::DELETE, &format!("/cells/{name}")).await
    }

    pub async fn list_deleted(&self) -> Result<Vec<DeletedCell>, Error> {
        self.ask(Method::GET, "/trash").await
    }

    pub async fn purge(&self) -> Result<Vec<DeletedCell>, Error> {
        self.ask(Method::DELETE, "/trash").await
    }

    pub async fn create_cell(
        &self,
        wish: &CreateCell,
        on_step: impl FnMut(Step),
    ) -> Result<ObservedCell, Error> {
        let request = self.request(Method::POST, "/cells").json(wish);
        follow(request, on_step).await
    }

    pub async fn restore_cell(
        &self,
        name: &CellName,
        on_step: impl FnMut(Step),
    ) -> Result<ObservedCell, Error> {
        let request = self.request(Method::POST, &format!("/trash/{name}/restore"));
        follow(request, on_step).await
    }

    /// Asking again under the same name starts no second one.
    pub async fn start_replay(
        &self,
        org: &str,
        replay: ReplayId,
        wish: &StartReplay,
    ) -> Result<Replay, Error> {
        let request = self.request(Method::PUT, &format!("{}/{replay}", replays_of(org)));
        Ok(serde_json::from_str(&text_of(request.json(wish)).await?)?)
    }

    pub async fn list_replays(&self, org: &str) -> Result<ReplayList, Error> {
        self.ask(Method::GET, &replays_of(org)).await
    }

    pub async fn fetch_replay(&self, org: &str, replay: ReplayId) -> Result<Replay, Error> {
        let path = format!("{}/{replay}", replays_of(org));
        self.ask(Method::GET, &path).await
    }

    pub async fn cancel_replay(&self, org: &str, replay: ReplayId) -> Result<Replay, Error> {
        let path = format!("{}/{replay}/cancel", replays_of(org));
        self.ask(Method::POST, &path).await
    }

    /// Ends one process and keeps it from being started again.
    pub async fn hold(&self, process: &str) -> Result<(), Error> {
        self.change_process("/hold", process).await
    }

    pub async fn release(&self, process: &str) -> Result<(), Error> {
        self.change_process("/release", process).await
    }

    async fn change_process(&self, path: &str, process: &str) -> Result<(), Error> {
        let process = process.to_owned();
        let request = self.request(Method::POST, path);
        text_of(request.json(&OneProcess { process })).await?;
        Ok(())
    }

    /// Asks the platform to stop and waits until it has.
    pub async fn down(&self, within: Duration) -> Result<(), Error> {
        text_of(self.request(Method::POST, "/down")).await?;
        let stopped = async {
            while DataLock::is_held(&self.data) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(within, stopped)
            .await
            .map_err(|_| Error::StillRunning(within.as_secs()))
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str) -> Result<T, Error> {
        let text = text_of(self.request(method, path)).await?;
        Ok(serde_json::from_str(&text)?)
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("http://{}{path}", self.access.addr))
            .bearer_auth(self.access.token.expose())
    }
}

fn replays_of(org: &str) -> String {
    format!("/orgs/{org}/replays")
}

async fn text_of(request: reqwest::RequestBuilder) -> Result<String, Error> {
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    match status {
        _ if status.is_success() => Ok(text),
        StatusCode::SERVICE_UNAVAILABLE => Err(Error::Unavailable(error_message(&text))),
        _ => Err(Error::Refused(error_message(&text))),
    }
}

/// Hands every step on as it comes; returns the outcome.
async fn follow(
    request: reqwest::RequestBuilder,
    mut on_step: impl FnMut(Step),
) -> Result<ObservedCell, Error> {
    let response = request.send().await?;
    if response.status() != StatusCode::OK {
        return Err(Error::Refused(error_message(&response.text().await?)));
    }
    let mut buffer = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        buffer.extend_from_slice(&chunk?);
        while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=end).collect();
            match serde_json::from_slice(&line)? {
                Event::Step(step) => on_step(step),
                Event::Done(cell) => return Ok(cell),
                Event::Failed { message } => return Err(Error::Refused(message)),
            }
        }
    }
    Err(Error::Cut)
}

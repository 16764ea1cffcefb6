//! The client of global-control's internal API, as an operator: makes cells known, asks what became
//! of them, and has an org's data read again.

use std::net::SocketAddr;
use std::time::Duration;

use contracts::provisioning::{CellSummary, RegisterCell};
use contracts::replays::{Replay, ReplayList, StartReplay};
use contracts::{CellId, ReplayId};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service_kit::{keys, tokens};

const ISSUER: &str = "operator";
const AUDIENCE: &str = "global-control";
const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("global-control does not answer on {addr}")]
    Unreachable {
        addr: SocketAddr,
        source: reqwest::Error,
    },
    #[error("global-control refused: {0}")]
    Refused(String),
    #[error("global-control failed ({status}): {message}")]
    Failed { status: u16, message: String },
}

#[derive(Debug, Clone)]
pub struct Fleet {
    addr: SocketAddr,
    key: [u8; 32],
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Fleet {
    pub fn new(addr: SocketAddr, control_master_key: &[u8; 32]) -> Self {
        Self {
            addr,
            key: keys::derive(control_master_key, keys::CONTROL, ISSUER),
            http: reqwest::Client::new(),
        }
    }

    pub async fn register_cell(&self, cell: &RegisterCell) -> Result<(), Error> {
        let body = serde_json::to_value(cell).expect("a registration is plain JSON");
        self.send(Method::POST, "/internal/cells", Some(body))
            .await?;
        Ok(())
    }

    pub async fn list_cells(&self) -> Result<Vec<CellSummary>, Error> {
        let list: Items<CellSummary> = self.ask(Method::GET, "/internal/cells", None).await?;
        Ok(list.items)
    }

    /// The caller names the replay, so asking again starts no second one.
    pub async fn start_replay(
        &self,
        org: &str,
        replay: ReplayId,
        wish: &StartReplay,
    ) -> Result<Replay, Error> {
        let body = serde_json::to_value(wish).expect("a wish is plain JSON");
        let path = format!("{}/{replay}", replays_of(org));
        self.ask(Method::PUT, &path, Some(body)).await
    }

    /// The newest ones.
    pub async fn list_replays(&self, org: &str) -> Result<ReplayList, Error> {
        self.ask(Method::GET, &replays_of(org), None).await
    }

    pub async fn fetch_replay(&self, org: &str, replay: ReplayId) -> Result<Replay, Error> {
        let path = format!("{}/{replay}", replays_of(org));
        self.ask(Method::GET, &path, None).await
    }

    pub async fn cancel_replay(&self, org: &str, replay: ReplayId) -> Result<Replay, Error> {
        let path = format!("{}/{replay}/cancel", replays_of(org));
        self.ask(Method::POST, &path, None).await
    }

    /// Refused while orgs are assigned; a cell it does not know is fine.
    pub async fn forget_cell(&self, cell: CellId) -> Result<(), Error> {
        match self
            .send(Method::DELETE, &format!("/internal/cells/{cell}"), None)
            .await
        {
            Err(Error::Failed { status: 404, .. }) | Ok(_) => Ok(()),
            Err(err) => Err(err),
        }
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Result<T, Error> {
        let text = self.send(method, path, body).await?;
        serde_json::from_str(&text).map_err(|err| Error::Failed {
            status: 200,
            message: format!("its answer makes no sense: {err}"),
        })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Result<String, Error> {
        let unreachable = |source| Error::Unreachable {
            addr: self.addr,
            source,
        };
        let mut request = self
            .http
            .request(method, format!("http://{}{path}", self.addr))
            .bearer_auth(tokens::internal_token(ISSUER, AUDIENCE, &self.key))
            .timeout(TIMEOUT);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(text);
        }
        let message = error_message(&text);
        Err(match status {
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Error::Refused(message),
            _ => Error::Failed {
                status: status.as_u16(),
                message,
            },
        })
    }
}

/// Takes an org by id or address; neither needs escaping.
fn replays_of(org: &str) -> String {
    format!("/internal/orgs/{org}/replays")
}

/// The message of `{"error":{"message":…}}`, or the text itself.
pub fn error_message(text: &str) -> String {
    let parsed: Option<serde_json::Value> = serde_json::from_str(text).ok();
    parsed
        .as_ref()
        .and_then(|body| body.pointer("/error/message")?.as_str())
        .unwrap_or(text)
        .to_owned()
}

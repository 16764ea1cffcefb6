//! Calls to a cell's internal listener, signed with the key of that one cell.

use std::net::SocketAddr;
use std::time::Duration;

use contracts::provisioning::{PrepareOrg, PreparedOrg};
use contracts::{CellId, Epoch, OrgId};
use http::{Method, StatusCode};
use service_kit::config::HexKey;
use service_kit::{keys, tokens};

use crate::internal::AUDIENCE;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const CALL_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("the cell could not be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the cell answered {0}")]
    Refused(StatusCode),
    #[error("the cell answered for another org or epoch")]
    Confused,
}

impl CallError {
    /// The cell understood and said no; asking again changes nothing.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(status) => {
                status.is_client_error()
                    && !matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }
            Self::Confused => true,
            Self::Unreachable(_) => false,
        }
    }
}

/// A call about one org.
#[derive(Debug)]
pub struct Call {
    pub method: Method,
    pub org: OrgId,
    pub epoch: Epoch,
    /// What follows the org.
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<serde_json::Value>,
}

#[derive(Clone)]
pub struct CellClient {
    http: reqwest::Client,
    master: HexKey,
}

impl CellClient {
    pub fn new(master: HexKey) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self { http, master })
    }

    pub async fn prepare_org(
        &self,
        cell: CellId,
        addr: SocketAddr,
        org: OrgId,
        wish: &PrepareOrg,
    ) -> Result<(), CallError> {
        let url = format!("http://{addr}/internal/orgs/{org}");
        let request = self.http.put(url).bearer_auth(self.token(cell)).json(wish);
        let response = request.send().await.map_err(CallError::Unreachable)?;
        if !response.status().is_success() {
            return Err(CallError::Refused(response.status()));
        }
        let prepared: PreparedOrg = response.json().await.map_err(CallError::Unreachable)?;
        if prepared.org == org && prepared.epoch == wish.epoch {
            Ok(())
        } else {
            Err(CallError::Confused)
        }
    }

    /// An org the cell does not know is forgotten already.
    pub async fn forget_org(
        &self,
        cell: CellId,
        addr: SocketAddr,
        org: OrgId,
        epoch: Epoch,
    ) -> Result<(), CallError> {
        let url = format!("http://{addr}/internal/orgs/{org}?epoch={epoch}");
        let request = self.http.delete(url).bearer_auth(self.token(cell));
        let response = request.send().await.map_err(CallError::Unreachable)?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_FOUND {
            Ok(())
        } else {
            Err(CallError::Refused(status))
        }
    }

    /// For a caller of ours: the cell's own answer, whatever it is; null if it is no JSON.
    pub async fn pass_on(
        &self,
        cell: CellId,
        addr: SocketAddr,
        call: Call,
    ) -> Result<(StatusCode, serde_json::Value), CallError> {
        let url = format!("http://{addr}/internal/orgs/{}{}", call.org, call.path);
        let mut request = self.http.request(call.method, url);
        request = request.bearer_auth(self.token(cell));
        request = request.query(&[("epoch", call.epoch)]).query(&call.query);
        if let Some(body) = call.body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(CallError::Unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(CallError::Unreachable)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    fn token(&self, cell: CellId) -> String {
        let subject = cell.to_string();
        let key = keys::derive(self.master.bytes(), keys::CONTROL, &subject);
        tokens::internal_token(AUDIENCE, &subject, &key)
    }
}

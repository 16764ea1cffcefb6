//! Sends requests to Google's APIs: the few methods we allow ourselves, paced, retried, with errors
//! put into our words. There is no read-only scope, so "read-only" is what this file lets through.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use contracts::ConnectionId;
use parking_lot::Mutex;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::limiter::Limiter;
use super::oauth;
use crate::config::Dv360 as Settings;
use crate::ingestion::budget::{Counted, Pace};
use crate::ingestion::connector::Error;
use crate::ingestion::permit::Permit;

pub(crate) const MAX_RETRIES: u32 = 4;
/// The source allows four reporting requests a second.
const REPORT_REQUESTS: (usize, Duration) = (4, Duration::from_secs(1));
/// And 1,500 entity requests a minute, for all cells; each may be a few ahead of its share's pace.
const ENTITY_BURST: u32 = 5;
/// And 300 a minute of one advertiser, which orgs in two cells may share. A page may burst.
const ADVERTISER_PACE: Pace = Pace {
    milli: 2_000,
    burst: 20,
};
/// An access token this close to its end is renewed first.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);
const MAX_BODY_BYTES: usize = 16 << 20;
const MAX_LINKS: usize = 256;

/// What all of one connection's requests share while this process lives.
#[derive(Debug)]
pub(crate) struct Shared {
    reports: Limiter,
    /// Where reports that were seen ready can be fetched, by query and report. The addresses are
    /// secrets, so they are kept here and nowhere else.
    links: Mutex<HashMap<(String, String), String>>,
    access: tokio::sync::Mutex<Option<Access>>,
}

/// Only the consent it was got with goes on with it: another account's may follow on the same
/// connection, and this process is not told.
#[derive(Debug)]
struct Access {
    token: SecretString,
    expires: Instant,
    refresh_token: SecretString,
}

/// One [`Shared`] per connection, so that pages and syncs do not outrun each other.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    connections: Mutex<HashMap<ConnectionId, Arc<Shared>>>,
}

impl Registry {
    pub(crate) fn get(&self, connection: ConnectionId) -> Arc<Shared> {
        let mut all = self.connections.lock();
        let shared = all.entry(connection).or_insert_with(|| {
            Arc::new(Shared {
                reports: Limiter::new(REPORT_REQUESTS.0, REPORT_REQUESTS.1),
                links: Mutex::default(),
                access: tokio::sync::Mutex::new(None),
            })
        });
        Arc::clone(shared)
    }

    /// A new consent must not go on with the old one's access token.
    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.connections.lock().remove(&connection);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Reports,
    Entities,
}

impl Api {
    /// Whoever counts requests knows the interface by this name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reports => "bid_manager",
            Self::Entities => "display_video",
        }
    }

    /// The source counts entity requests by advertiser, whichever connection they come from.
    fn part_of(self, path: &str) -> Option<&str> {
        if self != Self::Entities {
            return None;
        }
        let mut parts = path.split('/').skip_while(|part| *part != "advertisers");
        parts.nth(1).filter(|part| !part.is_empty())
    }

    /// How the source counts its requests. `entities_per_minute`: the cell's, to begin with.
    pub(crate) fn counted(self, entities_per_minute: u32) -> Counted {
        match self {
            Self::Reports => Counted::ByDay,
            Self::Entities => Counted::ByMinute {
                first: Pace {
                    milli: entities_per_minute.saturating_mul(50) / 3,
                    burst: ENTITY_BURST,
                },
                part: ADVERTISER_PACE,
            },
        }
    }
}

pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) settings: Arc<Settings>,
    pub(crate) refresh_token: SecretString,
    pub(crate) shared: Arc<Shared>,
    pub(crate) permit: Arc<dyn Permit>,
    pub(crate) calls: AtomicU64,
}

/// One request: which API, what, and whether repeating it blindly is harmless.
pub(crate) struct Call<'a> {
    pub(crate) api: Api,
    pub(crate) method: Method,
    /// Relative to the API's base address.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<serde_json::Value>,
    pub(crate) repeatable: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn get(api: Api, path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            api,
            method: Method::GET,
            path,
            query,
            body: None,
            repeatable: true,
        }
    }
}

impl Client {
    pub(crate) fn keep_link(&self, query_id: &str, report_id: &str, address: &str) {
        let key = (query_id.to_owned(), report_id.to_owned());
        let mut links = self.shared.links.lock();
        // Whatever is not fetched soon has expired anyway.
        if links.len() >= MAX_LINKS {
            links.clear();
        }
        links.insert(key, address.to_owned());
    }

    /// A link is used once; if it does not work, a fresh one is asked for.
    pub(crate) fn take_link(&self, query_id: &str, report_id: &str) -> Option<String> {
        let key = (query_id.to_owned(), report_id.to_owned());
        self.shared.links.lock().remove(&key)
    }

    /// Sends, retries what may be retried, and reads the answer as JSON.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        json(self.send(call).await?).await
    }

    pub(crate) async fn send(&self, call: Call<'_>) -> Result<reqwest::Response, Error> {
        if !allowed(call.api, &call.method, call.path) {
            let name = format!("{} {}", call.method, call.path);
            return Err(Error::Unexpected(format!("{name} is not a method we use")));
        }
        let url = self.address(&call)?;
        let retries = if call.repeatable { MAX_RETRIES } else { 0 };
        let mut renewed = false;
        let mut attempt = 0;
        loop {
            let error = match self.send_once(&call, url.clone()).await {
                Ok(answer) => return Ok(answer),
                // The token may have been revoked or outlived; a new one is tried once.
                Err(Error::Unauthorized(_)) if !renewed => {
                    renewed = true;
                    *self.shared.access.lock().await = None;
                    continue;
                }
                Err(error) => error,
            };
            if attempt == retries || !matches!(error, Error::Unavailable(_)) {
                return Err(error);
            }
            tokio::time::sleep(backoff(attempt)).await;
            attempt += 1;
        }
    }

    fn address(&self, call: &Call<'_>) -> Result<Url, Error> {
        let base = match call.api {
            Api::Reports => &self.settings.bid_manager_url,
            Api::Entities => &self.settings.display_video_url,
        };
        let mut url = base.clone();
        url.set_path(&format!(
            "{}/{}",
            base.path().trim_end_matches('/'),
            call.path
        ));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        Ok(url)
    }

    async fn send_once(&self, call: &Call<'_>, url: Url) -> Result<reqwest::Response, Error> {
        let token = self.access_token().await?;
        if call.api == Api::Reports {
            self.shared.reports.wait().await;
        }
        let part = call.api.part_of(call.path);
        self.permit.take(call.api.as_str(), part).await?;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .timeout(self.settings.answer_timeout())
            .bearer_auth(token.expose_secret());
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(unavailable)?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let error = error_of(answer).await;
        if matches!(error, Error::QuotaExhausted(_)) {
            self.permit.used_up(call.api.as_str()).await;
        }
        Err(error)
    }

    /// The lock is held while a token is fetched, so that many requests fetch one.
    async fn access_token(&self) -> Result<SecretString, Error> {
        let mut access = self.shared.access.lock().await;
        if let Some(held) = access.as_ref()
            && Instant::now() < held.expires
            && held.refresh_token.expose_secret() == self.refresh_token.expose_secret()
        {
            return Ok(held.token.clone());
        }
        let fresh = oauth::refresh(&self.http, &self.settings, &self.refresh_token).await?;
        let life = fresh.expires_in.saturating_sub(EXPIRY_MARGIN);
        *access = Some(Access {
            token: fresh.token.clone(),
            expires: Instant::now() + life,
            refresh_token: self.refresh_token.clone(),
        });
        Ok(fresh.token)
    }

    /// All pages of a list. A page token that comes back twice would go round for ever, so it ends
    /// the list.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        api: Api,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut token = String::new();
        let mut restarted = false;
        loop {
            let mut query = query.to_vec();
            if !token.is_empty() {
                query.push(("pageToken", &token));
            }
            let page: Page<T> = match self.call(Call::get(api, path, &query)).await {
                // What is listed has changed in between, so the token means nothing any more.
                Err(Error::Rejected(_)) if !token.is_empty() && !restarted => {
                    restarted = true;
                    items.clear();
                    seen.clear();
                    token.clear();
                    continue;
                }
                answer => answer?,
            };
            items.extend(page.items);
            match page.next_page_token.filter(|next| !next.is_empty()) {
                None => return Ok(items),
                Some(next) if !seen.insert(next.clone()) => {
                    return Err(Error::Unexpected(format!("{path} repeats a page token")));
                }
                Some(next) => token = next,
            }
        }
    }
}

/// A page of any list: the source names the array after what is in it, and leaves out an empty one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
pub(crate) struct Page<T> {
    #[serde(
        default = "Vec::new",
        alias = "queries",
        alias = "reports",
        alias = "partners",
        alias = "advertisers"
    )]
    pub(crate) items: Vec<T>,
    next_page_token: Option<String>,
}

/// Reading anything, and making, running and deleting our own report queries. Nothing else.
fn allowed(api: Api, method: &Method, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    if parts
        .iter()
        .any(|part| part.is_empty() || *part == "." || *part == "..")
    {
        return false;
    }
    match api {
        Api::Entities => method == Method::GET && parts[0] == "v4",
        Api::Reports if parts[0] != "queries" => false,
        Api::Reports if method == Method::GET => true,
        Api::Reports if method == Method::POST => {
            parts.len() == 1 || (parts.len() == 2 && parts[1].ends_with(":run"))
        }
        Api::Reports => method == Method::DELETE && parts.len() == 2,
    }
}

pub(crate) fn transient(status: u16) -> bool {
    matches!(status, 429 | 500 | 503 | 504)
}

/// Anything up to 1, 2, 4, 8 s: with full jitter, those who failed together do not come back so.
pub(crate) fn backoff(attempt: u32) -> Duration {
    let full = Duration::from_millis(1_000 << attempt.min(5));
    full.mul_f64(rand::random_range(0.05..=1.0))
}

/// The address is left out: a signed one is a secret, and the path is in the caller's words.
pub(crate) fn unavailable(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut below = std::error::Error::source(&error);
    while let Some(cause) = below {
        text = format!("{text}: {cause}");
        below = cause.source();
    }
    Error::Unavailable(text)
}

/// Reads a JSON answer of at most so many bytes.
pub(crate) async fn json_within<T: DeserializeOwned>(
    answer: reqwest::Response,
    most: usize,
) -> Result<T, Error> {
    parse(&body_within(answer, most).await?)
}

pub(crate) async fn json<T: DeserializeOwned>(answer: reqwest::Response) -> Result<T, Error> {
    json_within(answer, MAX_BODY_BYTES).await
}

pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::Unexpected(format!("not the expected JSON: {error}")))
}

pub(super) async fn body(answer: reqwest::Response) -> Result<Vec<u8>, Error> {
    body_within(answer, MAX_BODY_BYTES).await
}

async fn body_within(mut answer: reqwest::Response, most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unavailable)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(Error::Unexpected("an answer is too large".to_owned()));
        }
    }
    Ok(bytes)
}

#[derive(Deserialize)]
struct Problem {
    error: ProblemDetail,
}

#[derive(Deserialize)]
struct ProblemDetail {
    #[serde(default)]
    message: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    errors: Vec<ProblemReason>,
}

#[derive(Deserialize)]
struct ProblemReason {
    #[serde(default)]
    reason: String,
}

/// `{"error":{"code":400,"message":"…","status":"INVALID_ARGUMENT"}}` in our words. Quotas come as
/// 403 with a reason and as 429; only some of them pass by waiting.
async fn error_of(answer: reqwest::Response) -> Error {
    let status = answer.status();
    let bytes = match body(answer).await {
        Ok(bytes) => bytes,
        Err(error) => return error,
    };
    let detail = serde_json::from_slice::<Problem>(&bytes)
        .map(|problem| problem.error)
        .ok();
    let reasons = detail.iter().flat_map(|detail| &detail.errors);
    let has_reason = |name: &str| reasons.clone().any(|one| one.reason == name);
    let exhausted = detail
        .as_ref()
        .is_some_and(|detail| detail.status == "RESOURCE_EXHAUSTED");
    let message = detail
        .as_ref()
        .map(|detail| detail.message.chars().take(300).collect::<String>())
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| format!("status {}", status.as_u16()));
    match status {
        StatusCode::FORBIDDEN if has_reason("dailyLimitExceeded") => Error::QuotaExhausted(message),
        StatusCode::FORBIDDEN
            if exhausted
                || has_reason("userRateLimitExceeded")
                || has_reason("rateLimitExceeded") =>
        {
            Error::Unavailable(message)
        }
        StatusCode::FORBIDDEN => Error::Forbidden(message),
        StatusCode::UNAUTHORIZED => Error::Unauthorized(message),
        StatusCode::NOT_FOUND => Error::NotFound(message),
        other if transient(other.as_u16()) => Error::Unavailable(message),
        other if other.is_client_error() => Error::Rejected(message),
        other => Error::Unavailable(format!("status {}", other.as_u16())),
    }
}

#[cfg(test)]
pub(super) mod tests;

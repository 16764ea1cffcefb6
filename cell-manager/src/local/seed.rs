//! The demo org, made the way a customer makes one: through the public API only. Repeatable; what
//! is there already is left as it is.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::Error;
use super::platform::Platform;
use crate::driver::Progress;
use crate::fleet::error_message;

const EMAIL: &str = "demo@cellplane.example";
const SLUG: &str = "demo";
const ADVERTISERS: usize = 3;
const ACTIVE_WITHIN: Duration = Duration::from_secs(30);
const BACKFILL_WITHIN: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(200);

/// How to sign in to the demo org.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    pub url: String,
    pub email: String,
    pub password: String,
}

/// One signed-in browser, on one host at a time.
struct Browser {
    http: reqwest::Client,
    router: SocketAddr,
    port: u16,
}

struct Session<'a> {
    browser: &'a Browser,
    host: String,
    cookie: String,
}

pub(super) async fn ensure_demo(platform: &Platform, progress: &Progress) -> Result<Login, Error> {
    let port = platform.options.port;
    let browser = Browser {
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(transport)?,
        router: platform.public_addr(),
        port,
    };
    let password = platform.secrets.demo_password().to_owned();
    let app = sign_in(&browser, &password).await?;
    let org_id = ensure_org(&app).await?;
    let org = enter(&browser, &app, &org_id).await?;
    if let Some(sync_id) = ensure_connection(&browser, &app, &org).await? {
        progress
            .step("demo: backfill", wait_backfill(&org, &sync_id))
            .await?;
    }
    Ok(Login {
        url: format!("http://{SLUG}.localhost:{port}/"),
        email: EMAIL.to_owned(),
        password,
    })
}

/// Signs in, or signs up where that was never done.
async fn sign_in<'a>(browser: &'a Browser, password: &str) -> Result<Session<'a>, Error> {
    let mut app = Session {
        browser,
        host: format!("app.localhost:{}", browser.port),
        cookie: String::new(),
    };
    let login = json!({"email": EMAIL, "password": password});
    let mut response = app.send(Method::POST, "/api/login", Some(login)).await?;
    if response.status() == StatusCode::UNAUTHORIZED {
        let signup = json!({
            "email": EMAIL,
            "password": password,
            "name": "Demo",
            "org": {"name": "Demo Agency", "slug": SLUG},
        });
        response = app.send(Method::POST, "/api/signup", Some(signup)).await?;
    }
    app.cookie = cookie_of(&response).unwrap_or_default();
    success(response).await?;
    Ok(app)
}

/// The id of the org, once a cell serves it.
async fn ensure_org(app: &Session<'_>) -> Result<String, Error> {
    let me = app.json(Method::GET, "/api/me", None).await?;
    let found = items(&me, "/orgs").find(|org| text(org, "/slug") == SLUG);
    let org = match found {
        Some(org) => org.clone(),
        None => {
            let body = json!({"name": "Demo Agency", "slug": SLUG});
            app.json(Method::POST, "/api/orgs", Some(body)).await?
        }
    };
    let id = text(&org, "/org_id").to_owned();
    let deadline = Instant::now() + ACTIVE_WITHIN;
    loop {
        let org = app
            .json(Method::GET, &format!("/api/orgs/{id}"), None)
            .await?;
        match text(&org, "/state") {
            "active" => return Ok(id),
            "provisioning" if Instant::now() < deadline => tokio::time::sleep(POLL).await,
            state => return Err(Error::Seed(format!("the org is {state}"))),
        }
    }
}

async fn enter<'a>(
    browser: &'a Browser,
    app: &Session<'_>,
    org_id: &str,
) -> Result<Session<'a>, Error> {
    let entry = app
        .json(
            Method::POST,
            &format!("/api/orgs/{org_id}/enter"),
            Some(json!({})),
        )
        .await?;
    let url = parse(text(&entry, "/url"))?;
    let mut org = Session {
        browser,
        host: format!("{SLUG}.localhost:{}", browser.port),
        cookie: String::new(),
    };
    let response = org.send(Method::GET, &path_of(&url), None).await?;
    let cookie = cookie_of(&response);
    redirect_of(response).await?;
    org.cookie = cookie.ok_or_else(|| Error::Seed("the org gave no session".to_owned()))?;
    Ok(org)
}

/// Connects the simulator and chooses advertisers; returns the sync to wait for, if one started.
async fn ensure_connection(
    browser: &Browser,
    app: &Session<'_>,
    org: &Session<'_>,
) -> Result<Option<String>, Error> {
    let connections = org.json(Method::GET, "/api/connections", None).await?;
    let found = items(&connections, "/items").next().cloned();
    let chosen = |connection: &Value| {
        connection
            .pointer("/advertisers_selected")
            .and_then(Value::as_u64)
            > Some(0)
    };
    let connection_id = match found {
        Some(connection) if chosen(&connection) => {
            let sync = connection
                .pointer("/last_sync/sync_id")
                .and_then(Value::as_str);
            return Ok(sync.map(ToOwned::to_owned));
        }
        Some(connection) => text(&connection, "/connection_id").to_owned(),
        None => consent(browser, app, org).await?,
    };
    let base = format!("/api/connections/{connection_id}");
    let partners = org
        .json(Method::GET, &format!("{base}/partners"), None)
        .await?;
    let partner_id = items(&partners, "/items")
        .next()
        .map(|partner| text(partner, "/partner_id").to_owned())
        .ok_or_else(|| Error::Seed("the simulator has no partner".to_owned()))?;
    let path = format!("{base}/advertisers?partner_id={partner_id}");
    let advertisers = org.json(Method::GET, &path, None).await?;
    let advertiser_ids: Vec<&str> = items(&advertisers, "/items")
        .map(|advertiser| text(advertiser, "/advertiser_id"))
        .take(ADVERTISERS)
        .collect();
    let body = json!({"partner_id": partner_id, "advertiser_ids": advertiser_ids});
    let sync = org
        .json(Method::PUT, &format!("{base}/advertisers"), Some(body))
        .await?;
    Ok(Some(text(&sync, "/sync_id").to_owned()))
}

/// The OAuth round trip, with the simulator consenting at once.
async fn consent(browser: &Browser, app: &Session<'_>, org: &Session<'_>) -> Result<String, Error> {
    let body = json!({"return_path": "/"});
    let path = "/api/connections/dv360/authorize";
    let answer = org.json(Method::POST, path, Some(body)).await?;
    let mut authorize = parse(text(&answer, "/authorize_url"))?;
    authorize.query_pairs_mut().append_pair("auto", "1");
    let response = browser
        .http
        .get(authorize)
        .send()
        .await
        .map_err(transport)?;
    let back = redirect_of(response).await?;
    let response = app.send(Method::GET, &path_of(&back), None).await?;
    let callback = redirect_of(response).await?;
    let response = org.send(Method::GET, &path_of(&callback), None).await?;
    let landing = redirect_of(response).await?;
    let connection = landing.query_pairs().find(|(name, _)| name == "connection");
    connection
        .map(|(_, id)| id.into_owned())
        .ok_or_else(|| Error::Seed(format!("the connection failed: {landing}")))
}

async fn wait_backfill(org: &Session<'_>, sync_id: &str) -> Result<(), Error> {
    let deadline = Instant::now() + BACKFILL_WITHIN;
    loop {
        let sync = org
            .json(Method::GET, &format!("/api/syncs/{sync_id}"), None)
            .await?;
        match text(&sync, "/state") {
            "done" => return Ok(()),
            state @ ("failed" | "quarantined") => {
                let problem = text(&sync, "/problem/message");
                return Err(Error::Seed(format!("the backfill is {state}: {problem}")));
            }
            state if Instant::now() >= deadline => {
                let seconds = BACKFILL_WITHIN.as_secs();
                return Err(Error::Seed(format!(
                    "the backfill is {state} after {seconds} s"
                )));
            }
            _ => tokio::time::sleep(POLL).await,
        }
    }
}

impl Session<'_> {
    async fn json(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Error> {
        let text = success(self.send(method, path, body).await?).await?;
        serde_json::from_str(&text).map_err(|err| Error::Seed(format!("{path}: {err}")))
    }

    /// To the router, whatever names this machine resolves.
    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Error> {
        let url = format!("http://{}{path}", self.browser.router);
        let mut request = self
            .browser
            .http
            .request(method, url)
            .header(HOST, &self.host)
            .header("idempotency-key", Uuid::now_v7().to_string());
        if !self.cookie.is_empty() {
            request = request.header(COOKIE, &self.cookie);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.map_err(transport)
    }
}

async fn success(response: Response) -> Result<String, Error> {
    let (status, url) = (response.status(), response.url().path().to_owned());
    let text = response.text().await.map_err(transport)?;
    if status.is_success() {
        Ok(text)
    } else {
        let message = error_message(&text);
        Err(Error::Seed(format!("{url} answered {status}: {message}")))
    }
}

/// Where a redirect leads, relative to where it came from.
async fn redirect_of(response: Response) -> Result<Url, Error> {
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| response.url().join(location).ok());
    match target {
        Some(target) if response.status().is_redirection() => Ok(target),
        _ => Err(Error::Seed(format!(
            "{} answered {} instead of a redirect: {}",
            response.url().path().to_owned(),
            response.status(),
            error_message(&response.text().await.map_err(transport)?),
        ))),
    }
}

fn cookie_of(response: &Response) -> Option<String> {
    let cookie = response.headers().get(SET_COOKIE)?.to_str().ok()?;
    cookie.split(';').next().map(ToOwned::to_owned)
}

fn path_of(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

fn parse(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|err| Error::Seed(format!("`{url}`: {err}")))
}

fn items<'a>(body: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    body.pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is passed to map_err, which gives it away"
)]
fn transport(source: reqwest::Error) -> Error {
    Error::Seed(source.to_string())
}

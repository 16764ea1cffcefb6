//! A person's way through the platform over HTTP, as a browser would go it: sign up, enter the org,
//! connect DV360 by consent, choose advertisers, read pacing. Used by platform tests and benches.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::platform;

/// Pauses between asking again; short, since waiting is part of what is measured.
const POLL: Duration = Duration::from_millis(10);

pub const PASSWORD: &str = "correct horse battery staple";

/// One browser: its cookies per host and what it knows of its org.
pub struct Person {
    client: Client,
    port: u16,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    pub slug: String,
    pub org_id: String,
}

/// An answer whose body was read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub served_by: Option<String>,
    pub body: Value,
}

impl Person {
    /// A new browser on the platform that listens on `port`.
    pub fn new(port: u16) -> Result<Self> {
        Ok(Self {
            client: platform::client_for(port)?,
            port,
            cookies: BTreeMap::new(),
            slug: String::new(),
            org_id: String::new(),
        })
    }

    /// Signs up with a new account and an org of that slug. Returns as soon as it is accepted.
    pub async fn sign_up(&mut self, slug: &str) -> Result<()> {
        let body = json!({
            "email": format!("{slug}@agency.example"), "password": PASSWORD, "name": "Ada Example",
            "org": { "name": format!("{slug} agency"), "slug": slug },
        });
        let answer = self.post("app", "/api/signup", &body).await?;
        ensure!(answer.status == StatusCode::CREATED, "sign up: {answer:?}");
        self.slug = slug.to_owned();
        self.org_id = text(&answer.body["org"]["org_id"])?;
        Ok(())
    }

    /// Waits until the org can be entered, goes to its host and proves to be signed in there.
    pub async fn enter(&mut self, deadline: Duration) -> Result<()> {
        let started = Instant::now();
        let path = format!("/api/orgs/{}/enter", self.org_id);
        let url = loop {
            let answer = self.post("app", &path, &json!({})).await?;
            match answer.status {
                StatusCode::OK => break text(&answer.body["url"])?,
                StatusCode::CONFLICT if started.elapsed() < deadline => {}
                _ => bail!("enter: {answer:?}"),
            }
            tokio::time::sleep(POLL).await;
        };
        let url: Url = url.parse()?;
        let redeemed = self.get(&self.slug.clone(), &path_of(&url)).await?;
        ensure!(
            redeemed.status == StatusCode::SEE_OTHER,
            "redeem: {redeemed:?}"
        );
        let session = self.org_get("/api/session").await?;
        ensure!(session.status == StatusCode::OK, "session: {session:?}");
        Ok(())
    }

    /// Gives consent at the simulator and comes back. Returns the connection's id.
    pub async fn connect(&mut self) -> Result<String> {
        let body = json!({ "return_path": "/onboarding/advertisers" });
        let asked = self
            .org_post("/api/connections/dv360/authorize", &body)
            .await?;
        ensure!(asked.status == StatusCode::OK, "authorize: {asked:?}");
        let mut consent: Url = text(&asked.body["authorize_url"])?.parse()?;
        consent.query_pairs_mut().append_pair("auto", "1");
        let consented = self.client.get(consent).send().await?;
        let back: Url = location(&consented)?.parse()?;
        let bounced = self.get("app", &path_of(&back)).await?;
        let onward: Url = bounced.location.context("the bounce redirects")?.parse()?;
        let landed = self.org_get(&path_of(&onward)).await?;
        let target = landed
            .location
            .clone()
            .with_context(|| format!("callback: {landed:?}"))?;
        let target = Url::parse("http://org.localhost")?.join(&target)?;
        target
            .query_pairs()
            .find_map(|(name, value)| (name == "connection").then(|| value.into_owned()))
            .with_context(|| format!("no connection in {target}"))
    }

    /// Chooses the first advertisers of the first partner that has any. Returns the sync.
    pub async fn choose_advertisers(&mut self, connection: &str, count: usize) -> Result<Value> {
        let base = format!("/api/connections/{connection}");
        let partners = self.org_get(&format!("{base}/partners")).await?;
        for partner in items(&partners)? {
            let partner_id = text(&partner["partner_id"])?;
            let path = format!("{base}/advertisers?partner_id={partner_id}");
            let advertisers = self.org_get(&path).await?;
            let ids: Vec<Value> = items(&advertisers)?
                .iter()
                .take(count)
                .map(|advertiser| advertiser["advertiser_id"].clone())
                .collect();
            if ids.len() < count {
                continue;
            }
            let body = json!({ "partner_id": partner_id, "advertiser_ids": ids });
            let path = format!("{base}/advertisers");
            let chosen = self
                .call(&self.slug.clone(), Method::PUT, &path, Some(&body))
                .await?;
            ensure!(chosen.status == StatusCode::ACCEPTED, "choose: {chosen:?}");
            return Ok(chosen.body);
        }
        bail!("no partner has {count} advertisers: {partners:?}")
    }

    /// Waits for the first row of the org's own pacing. Returns the page.
    pub async fn first_pacing(&mut self, deadline: Duration) -> Result<Value> {
        let started = Instant::now();
        loop {
            let page = self.org_get("/api/pacing/insertion-orders").await?;
            ensure!(page.status == StatusCode::OK, "pacing: {page:?}");
            let has_delivery =
                |row: &Value| row["spend_micros"].as_i64().is_some_and(|spent| spent > 0);
            if page.body["items"]
                .as_array()
                .is_some_and(|rows| rows.iter().any(has_delivery))
            {
                return Ok(page.body);
            }
            if started.elapsed() > deadline {
                let syncs = self.org_get("/api/syncs").await?;
                bail!(
                    "no pacing row with delivery after {deadline:?}; syncs: {}",
                    syncs.body
                );
            }
            tokio::time::sleep(POLL * 5).await;
        }
    }

    /// The cell that serves this person's org, as the router says.
    pub async fn served_by(&mut self) -> Result<String> {
        let answer = self.org_get("/api/session").await?;
        answer.served_by.context("the router names the cell")
    }

    /// The session in the person's own org, for a browser of another kind: `name=value`.
    pub fn org_cookies(&self) -> Vec<String> {
        let jar = self.cookies.get(&self.slug).into_iter().flatten();
        jar.map(|(name, value)| format!("{name}={value}")).collect()
    }

    pub async fn org_get(&mut self, path: &str) -> Result<Answer> {
        self.get(&self.slug.clone(), path).await
    }

    pub async fn org_post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.post(&self.slug.clone(), path, body).await
    }

    pub async fn get(&mut self, host: &str, path: &str) -> Result<Answer> {
        self.call(host, Method::GET, path, None).await
    }

    pub async fn post(&mut self, host: &str, path: &str, body: &Value) -> Result<Answer> {
        self.call(host, Method::POST, path, Some(body)).await
    }

    /// One request with this browser's cookies; cookies that come back are kept.
    pub async fn call(
        &mut self,
        host: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let url = format!("http://{host}.localhost:{}{path}", self.port);
        let mut request = self.client.request(method.clone(), &url);
        if let Some(jar) = self.cookies.get(host) {
            let pairs: Vec<String> = jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if method != Method::GET {
            request = request.header("idempotency-key", uuid::Uuid::now_v7().to_string());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request
            .send()
            .await
            .with_context(|| format!("{method} {url}"))?;
        self.keep_cookies(host, &response);
        let status = response.status();
        let location = location(&response).ok();
        let served_by = response.headers().get(contracts::edge::SERVED_BY);
        let served_by = served_by.and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let bytes = response.bytes().await?;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Ok(Answer {
            status,
            location,
            served_by,
            body,
        })
    }

    fn keep_cookies(&mut self, host: &str, response: &Response) {
        let jar = self.cookies.entry(host.to_owned()).or_default();
        for value in response.headers().get_all(SET_COOKIE) {
            let pair = value
                .to_str()
                .ok()
                .and_then(|text| text.split(';').next()?.split_once('='));
            if let Some((name, value)) = pair {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn location(response: &Response) -> Result<String> {
    let value = response.headers().get(LOCATION);
    let value = value.with_context(|| format!("{} without a location", response.status()))?;
    Ok(value.to_str()?.to_owned())
}

fn path_of(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

fn text(value: &Value) -> Result<String> {
    Ok(value
        .as_str()
        .with_context(|| format!("expected text, got {value}"))?
        .to_owned())
}

fn items(answer: &Answer) -> Result<Vec<Value>> {
    let items = answer.body["items"].as_array();
    Ok(items
        .with_context(|| format!("expected items, got {answer:?}"))?
        .clone())
}

//! A cell that serves, and somebody who is signed in to it.

use anyhow::{Context, Result, ensure};
use cell::app::{self, App, Process};
use cell::orgs;
use contracts::edge::{EdgeContext, EdgeOrg, EdgeRequest};
use contracts::handoff::{self, HandoffClaims};
use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::{Epoch, OrgId, RequestId, Role, UserId};
use reqwest::header::{COOKIE, HOST, SET_COOKIE};
use service_kit::config::load_from;
use tempfile::TempDir;
use test_kit::TestDatabase;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::scenarios::replay::{EDGE_KEY, settings, signing_key};

pub(super) struct Served {
    pub(super) org: OrgId,
    slug: String,
    owner: UserId,
    app: App,
    address: String,
    http: reqwest::Client,
    cookie: String,
    _folder: TempDir,
    _stops: DropGuard,
}

impl Served {
    /// With connections of its own, on which nothing was asked yet.
    pub(super) async fn start(database: &TestDatabase, slug: &str) -> Result<Self> {
        let folder = tempfile::tempdir().context("make a folder")?;
        let settings = settings(database, folder.path());
        let config = load_from("CELL", settings).context("read the settings")?;
        let app = App::new(config, Process::Serve).context("set up the cell")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let stop = CancellationToken::new();
        let router = app::public_router(&app).context("describe the routes")?;
        tokio::spawn(service_kit::http::serve(listener, router, stop.clone()));
        let policy = reqwest::redirect::Policy::none();
        Ok(Self {
            org: OrgId::new(),
            slug: slug.to_owned(),
            owner: UserId::new(),
            app,
            address,
            http: reqwest::Client::builder().redirect(policy).build()?,
            cookie: String::new(),
            _folder: folder,
            _stops: stop.drop_guard(),
        })
    }

    /// Makes the org, whose owner comes in.
    pub(super) async fn found(&mut self) -> Result<()> {
        let owner = self.owner;
        let wish = PrepareOrg {
            slug: self.slug.parse()?,
            name: self.slug.clone(),
            epoch: Epoch::FIRST,
            owner: MemberCard {
                user_id: owner,
                email: format!("owner@{}.example", self.slug),
                name: "Olivia Owner".into(),
                role: Role::Owner,
            },
        };
        orgs::prepare(&self.app.db, &self.app.cell_key, self.org, &wish).await?;
        let now = chrono::Utc::now().timestamp();
        let claims = HandoffClaims {
            iss: handoff::ISSUER.into(),
            aud: self.org,
            sub: owner,
            jti: RequestId::new().to_string(),
            iat: now,
            exp: now + handoff::LIFETIME_SECONDS,
            email: wish.owner.email,
            name: wish.owner.name,
            role: Role::Owner,
            path: "/pacing".into(),
        };
        let code = signing_key().sign_jwt(handoff::TYP, &claims);
        let answer = self.send(&format!("/auth/enter?code={code}")).await?;
        let cookie = answer.headers().get(SET_COOKIE).context("nobody came in")?;
        let cookie = cookie.to_str()?.split(';').next();
        self.cookie = cookie.unwrap_or_default().to_owned();
        Ok(())
    }

    /// Another process of the same cell, for the same person.
    pub(super) async fn again(&self, database: &TestDatabase) -> Result<Self> {
        Ok(Self {
            org: self.org,
            owner: self.owner,
            cookie: self.cookie.clone(),
            ..Self::start(database, &self.slug).await?
        })
    }

    pub(super) async fn get(&self, path: &str) -> Result<String> {
        let answer = self.send(path).await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "the cell answered {status}: {text}");
        Ok(text)
    }

    /// As the router passes it on.
    async fn send(&self, path: &str) -> Result<reqwest::Response> {
        let host = format!("{}.localhost:8080", self.slug);
        let context = EdgeContext {
            org: Some(EdgeOrg {
                org: self.org,
                epoch: Epoch::FIRST,
            }),
            client: "127.0.0.1".parse()?,
            request_id: RequestId::new(),
            timestamp: chrono::Utc::now().timestamp(),
        };
        let signed = EdgeRequest {
            method: "GET",
            host: &host,
            path_and_query: path,
        };
        let mut request = self.http.get(format!("{}{path}", self.address));
        for (name, value) in service_kit::edge::signed_headers(&EDGE_KEY, &context, signed) {
            request = request.header(name, value);
        }
        let request = request.header(HOST, &host).header(COOKIE, &self.cookie);
        Ok(request.send().await?)
    }
}

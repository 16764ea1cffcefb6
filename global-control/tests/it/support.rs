//! `TestApp`: the service with verbs. `Browser`: somebody who uses it through a router.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chrono::Utc;
use contracts::edge::{EdgeContext, EdgeRequest};
use contracts::provisioning::CellHeartbeat;
use contracts::{CellId, RequestId};
use global_control::app::{self, App};
use global_control::cells::CellClient;
use global_control::config::Config;
use global_control::signup::Context;
use http_body_util::BodyExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use service_kit::config::{HexKey, load_from};
use service_kit::{edge, keys, tokens};
use sqlx::PgPool;
use test_kit::TestDatabase;
use test_kit::database::version_of;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

mod cell;

pub(crate) use cell::{Behaviour, StandInCell};

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const HOST: &str = "app.localhost:8080";
const ROLE: &str = "global_app";
const MASTER: [u8; 32] = [7; 32];
const EDGE: [u8; 32] = [8; 32];
const SEED: [u8; 32] = [9; 32];

pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    public: Router,
    internal: Router,
    /// For looking at rows and for making time pass.
    pub(crate) rows: PgPool,
    stop: CancellationToken,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// An answer read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The answer is an error with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.body["error"]["code"], code, "{}", self.body);
        assert!(self.body["error"]["message"].is_string());
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings of its own.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        service_kit::install_crypto();
        let url = database().await;
        let hex = |bytes: [u8; 32]| HexKey::new(bytes).expose_hex();
        let pairs = [
            ("DATABASE_URL", url.as_str()),
            ("DATABASE_CONNECTIONS", "20"),
            ("PUBLIC_URL_TEMPLATE", "http://{host}.localhost:8080"),
            ("CONTROL_MASTER_KEY", &hex(MASTER)),
            ("EDGE_KEY", &hex(EDGE)),
            ("SIGNING_KEY", &hex(SEED)),
        ];
        let pairs = pairs.iter().chain(settings);
        let config: Config = load_from(
            "GLOBAL",
            pairs.map(|(name, value)| (format!("GLOBAL_{name}"), (*value).to_owned())),
        )
        .unwrap();
        let stop = CancellationToken::new();
        let app = App::new(&config, stop.clone()).unwrap();
        Self {
            public: app::public_router(&app).unwrap(),
            internal: app::internal_router(&app),
            rows: PgPool::connect_lazy(&url).unwrap(),
            app,
            stop,
        }
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            test: self,
            cookie: None,
            client: "203.0.113.7".to_owned(),
        }
    }

    /// Somebody who has just signed up, without an org.
    pub(crate) async fn person(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let body = json!({
            "email": format!("{name}@example.com"), "password": PASSWORD, "name": name,
        });
        browser.post("/api/signup", body).await.expect(201);
        browser
    }

    /// What signups are performed with.
    pub(crate) fn context(&self) -> Context {
        Context {
            db: self.app.db.clone(),
            cells: CellClient::new(HexKey::new(MASTER)).unwrap(),
            policy: placement::Policy::default(),
        }
    }

    /// A cell that is registered, alive and stood in for.
    pub(crate) async fn cell(&self, name: &str, capacity: u32) -> StandInCell {
        let cell = StandInCell::start(MASTER).await;
        self.register(cell.id, name, &cell.addr.to_string(), capacity)
            .await
            .expect(200);
        self.heartbeat(cell.id).await.expect(204);
        cell
    }

    pub(crate) async fn register(
        &self,
        cell: CellId,
        name: &str,
        internal: &str,
        capacity: u32,
    ) -> Answer {
        let body = json!({
            "cell_id": cell, "name": name, "public_addr": "127.0.0.1:9001",
            "internal_addr": internal, "capacity_orgs": capacity,
        });
        self.internal("operator", Method::POST, "/internal/cells", Some(body))
            .await
    }

    pub(crate) async fn heartbeat(&self, cell: CellId) -> Answer {
        let heartbeat = CellHeartbeat {
            version: "0.1.0".into(),
            orgs: 0,
            jobs_queued: 0,
            cpu_milli: 10,
            rss_bytes: 1 << 26,
            config_version: 0,
        };
        let path = format!("/internal/cells/{cell}/heartbeat");
        let body = serde_json::to_value(heartbeat).unwrap();
        self.internal(&cell.to_string(), Method::POST, &path, Some(body))
            .await
    }

    /// A call to the internal listener by a caller with its right key.
    pub(crate) async fn internal(
        &self,
        issuer: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let token = internal_token(issuer);
        self.internal_with(Some(&token), method, path, body).await
    }

    pub(crate) async fn internal_with(
        &self,
        token: Option<&str>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let response = self.internal_raw(token, method, path, body).await;
        read(response).await
    }

    /// The response as it comes, for streams and bytes.
    pub(crate) async fn internal_raw(
        &self,
        token: Option<&str>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).unwrap();
        self.internal.clone().oneshot(request).await.unwrap()
    }

    /// Runs SQL of a test's own.
    pub(crate) async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.rows).await.unwrap();
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.rows).await.unwrap()
    }
}

pub(crate) fn internal_token(issuer: &str) -> String {
    let key = keys::derive(&MASTER, keys::CONTROL, issuer);
    tokens::internal_token(issuer, "global-control", &key)
}

/// Somebody behind a router, with a cookie jar for one cookie.
pub(crate) struct Browser<'a> {
    test: &'a TestApp,
    pub(crate) cookie: Option<String>,
    pub(crate) client: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.send(request.unwrap()).await
    }

    /// A write with a fresh idempotency key.
    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        let key = hex::encode(keys::random_32());
        self.post_with_key(path, body, &key).await
    }

    pub(crate) async fn post_with_key(&mut self, path: &str, body: Value, key: &str) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn login(&mut self, email: &str, password: &str) -> Answer {
        self.post(
            "/api/login",
            json!({ "email": email, "password": password }),
        )
        .await
    }

    /// Starts an org and gives its id.
    pub(crate) async fn org(&mut self, slug: &str) -> String {
        let body = json!({ "name": slug, "slug": slug });
        let org = self.post("/api/orgs", body).await.expect(202);
        org["org_id"].as_str().unwrap().to_owned()
    }

    /// A request as a router would pass it on, to be changed at will before it is sent.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let context = EdgeContext {
            org: None,
            client: self.client.parse().unwrap(),
            request_id: RequestId::new(),
            timestamp: Utc::now().timestamp(),
        };
        let seen = EdgeRequest {
            method: method.as_str(),
            host: HOST,
            path_and_query: path,
        };
        let signed = edge::signed_headers(&EDGE, &context, seen);
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::HOST, HOST);
        for (name, value) in signed {
            request = request.header(name, value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.test.public.clone().oneshot(request).await.unwrap();
        let answer = read(response).await;
        if let Some(set) = answer.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }
}

async fn read(response: axum::response::Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_else(|_| text()),
    }
}

async fn database() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/global");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let version = version_of(files.iter().map(|file| std::fs::read(file).unwrap()));
    let migrate = async |url: url::Url| {
        let url = SecretString::from(url.to_string());
        let db = global_control::db::GlobalDb::open(&url, 1)?;
        Ok(db.migrate().await?)
    };
    let database = TestDatabase::create("global", ROLE, &version, migrate)
        .await
        .unwrap();
    database.url(ROLE).to_string()
}

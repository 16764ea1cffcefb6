//! A cell with a database of its own, and verbs to use it with.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use cell::app::{self, App, Process};
use cell::config::Config;
use cell::orgs;
use cell::tenancy::OrgScope;
use contracts::edge::{EdgeContext, EdgeOrg, EdgeRequest};
use contracts::handoff::{self, HandoffClaims};
use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::{CellId, Epoch, OrgId, RequestId, Role, UserId};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_kit::config::{HexKey, load_from};
use service_kit::tokens::{SigningKey, internal_token};
use sqlx::{Connection, PgConnection};
use test_kit::TestDatabase;
use test_kit::database::version_of;
use tower::ServiceExt;

pub(crate) const CONTEXT_KEY: [u8; 32] = [3; 32];
pub(crate) const CONTROL_KEY: [u8; 32] = [1; 32];
const EDGE_KEY: [u8; 32] = [2; 32];
const SIGNING_SEED: [u8; 32] = [9; 32];
pub(crate) const SOON: Duration = Duration::from_secs(10);

pub(crate) struct TestCell {
    pub(crate) database: TestDatabase,
    pub(crate) app: App,
    pub(crate) public: Router,
    pub(crate) internal: Router,
}

/// An org of the cell and its owner.
#[derive(Debug, Clone)]
pub(crate) struct TestOrg {
    pub(crate) scope: OrgScope,
    pub(crate) slug: String,
    pub(crate) owner: UserId,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn code(&self) -> String {
        let code = self.json()["error"]["code"].as_str().map(str::to_owned);
        code.unwrap_or_else(|| panic!("no error code: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The cookie that was set, as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        let set = self.header(header::SET_COOKIE.as_str());
        let set = set.unwrap_or_else(|| panic!("no cookie: {self:?}"));
        set.split(';').next().unwrap().to_owned()
    }
}

impl TestCell {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With settings that differ from the usual ones.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        service_kit::install_crypto();
        let version = version_of([cell::migrate::fingerprint()]);
        let database = TestDatabase::create("cell", "cell_owner", &version, |url| async move {
            let key = HexKey::new(CONTEXT_KEY);
            cell::migrate::run(url.as_str(), "cell_app", "cell_mover", &key).await?;
            Ok(())
        })
        .await
        .unwrap();
        let mut config = config(&database);
        change(&mut config);
        let app = App::new(config, Process::Serve).unwrap();
        Self {
            public: app::public_router(&app).unwrap(),
            internal: app::internal_router(&app),
            app,
            database,
        }
    }

    pub(crate) async fn org(&self, slug: &str) -> TestOrg {
        let org = OrgId::new();
        let owner = UserId::new();
        let wish = wish(slug, owner);
        orgs::prepare(&self.app.db, &self.app.cell_key, org, &wish)
            .await
            .unwrap();
        TestOrg {
            scope: OrgScope::vouched(org, Epoch::FIRST),
            slug: slug.to_owned(),
            owner,
        }
    }

    pub(crate) async fn superuser(&self) -> PgConnection {
        PgConnection::connect(self.database.superuser_url().as_str())
            .await
            .unwrap()
    }

    pub(crate) async fn as_role(&self, role: &str) -> PgConnection {
        PgConnection::connect(self.database.url(role).as_str())
            .await
            .unwrap()
    }

    /// A request as the router would pass it on.
    pub(crate) async fn send(&self, org: &TestOrg, request: Request<Body>) -> Answer {
        answer(&self.public, through_router(org, request)).await
    }

    pub(crate) async fn get(&self, org: &TestOrg, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.send(org, request.body(Body::empty()).unwrap()).await
    }

    /// A write with a JSON body and an idempotency key.
    pub(crate) async fn write(
        &self,
        org: &TestOrg,
        (method, path): (Method, &str),
        cookie: &str,
        (key, body): (&str, Value),
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("idempotency-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(org, request).await
    }

    pub(crate) async fn as_global_control(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> Answer {
        let audience = self.app.config.cell_id.to_string();
        let token = internal_token("global-control", &audience, &CONTROL_KEY);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        answer(&self.internal, request).await
    }

    /// Signs somebody in and returns their cookie.
    pub(crate) async fn enter(&self, org: &TestOrg, user: UserId, role: Role) -> String {
        let code = code(&claims(org, user, role));
        let answer = self.get(org, &format!("/auth/enter?code={code}"), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        answer.cookie()
    }

    pub(crate) async fn enter_as_owner(&self, org: &TestOrg) -> String {
        self.enter(org, org.owner, Role::Owner).await
    }
}

pub(crate) fn wish(slug: &str, owner: UserId) -> PrepareOrg {
    PrepareOrg {
        slug: slug.parse().unwrap(),
        name: slug.to_uppercase(),
        epoch: Epoch::FIRST,
        owner: MemberCard {
            user_id: owner,
            email: format!("owner@{slug}.example"),
            name: "Olivia Owner".into(),
            role: Role::Owner,
        },
    }
}

/// What global-control says in a code.
pub(crate) fn claims(org: &TestOrg, user: UserId, role: Role) -> HandoffClaims {
    let now = chrono::Utc::now().timestamp();
    HandoffClaims {
        iss: handoff::ISSUER.into(),
        aud: org.scope.org(),
        sub: user,
        jti: RequestId::new().to_string(),
        iat: now,
        exp: now + handoff::LIFETIME_SECONDS,
        email: format!("{role}@{}.example", org.slug),
        name: format!("A {role}"),
        role,
        path: "/pacing".into(),
    }
}

pub(crate) fn code(claims: &HandoffClaims) -> String {
    signing_key().sign_jwt(handoff::TYP, claims)
}

pub(crate) fn signing_key() -> SigningKey {
    SigningKey::from_seed(&HexKey::new(SIGNING_SEED))
}

pub(crate) async fn answer(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Adds the headers a router adds.
pub(crate) fn through_router(org: &TestOrg, mut request: Request<Body>) -> Request<Body> {
    let host = format!("{}.localhost:8080", org.slug);
    let context = EdgeContext {
        org: Some(EdgeOrg {
            org: org.scope.org(),
            epoch: org.scope.epoch(),
        }),
        client: "127.0.0.1".parse().unwrap(),
        request_id: RequestId::new(),
        timestamp: chrono::Utc::now().timestamp(),
    };
    let path_and_query = request.uri().path_and_query().unwrap().to_string();
    let signed = EdgeRequest {
        method: request.method().as_str(),
        host: &host,
        path_and_query: &path_and_query,
    };
    let headers = service_kit::edge::signed_headers(&EDGE_KEY, &context, signed);
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request.headers_mut().insert("host", host.parse().unwrap());
    request
}

pub(crate) fn config(database: &TestDatabase) -> Config {
    load_from("CELL", pairs(database)).unwrap()
}

/// The settings as a program gets them.
pub(crate) fn pairs(database: &TestDatabase) -> Vec<(String, String)> {
    let key = |bytes: [u8; 32]| hex::encode(bytes);
    let folder = env!("CARGO_TARGET_TMPDIR");
    std::fs::write(
        format!("{folder}/index.html"),
        "<!doctype html><title>Cell</title>",
    )
    .unwrap();
    let pairs = json!({
        "CELL_CELL_ID": CellId::new(),
        "CELL_NAME": "a",
        "CELL_DATABASE_URL": database.url("cell_app"),
        "CELL_REDIS_URL": "redis://127.0.0.1:1/",
        "CELL_BRONZE_URL": format!("file://{folder}/bronze"),
        "CELL_GLOBAL_CONTROL_URL": "http://127.0.0.1:1",
        "CELL_UI_DIR": folder,
        "CELL_CONTROL_KEY": key(CONTROL_KEY),
        "CELL_EDGE_KEY": key(EDGE_KEY),
        "CELL_CONTEXT_KEY": key(CONTEXT_KEY),
        "CELL_ENVELOPE_KEY": key([4; 32]),
        "CELL_GLOBAL_PUBLIC_KEYS": signing_key().public_key().to_string(),
        "CELL_PUBLIC_URL_TEMPLATE": "http://{host}.localhost:8080",
        "CELL_DV360__AUTHORIZE_URL": "http://127.0.0.1:1/o/auth",
        "CELL_DV360__TOKEN_URL": "http://127.0.0.1:1/token",
        "CELL_DV360__REVOKE_URL": "http://127.0.0.1:1/revoke",
        "CELL_DV360__BID_MANAGER_URL": "http://127.0.0.1:1/v2/",
        "CELL_DV360__DISPLAY_VIDEO_URL": "http://127.0.0.1:1/",
        "CELL_DV360__CLIENT_ID": "client",
        "CELL_DV360__CLIENT_SECRET": "secret",
        "CELL_DV360__DOWNLOAD_HOSTS": "127.0.0.1:1",
        "CELL_DV360__REDIRECT_URL": "http://app.localhost:8080/oauth/dv360/callback",
    });
    let pairs = pairs.as_object().unwrap().iter();
    pairs
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

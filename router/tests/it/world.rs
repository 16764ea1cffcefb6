//! A router, two cells, global-control's two faces, and verbs to play with them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use contracts::edge::EdgeRequest;
use contracts::routes::{CellRoute, OrgRoute, RouteEntry};
use contracts::{CellId, Epoch, OrgId, RouterId};
use reqwest::{Client, RequestBuilder, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use service_kit::config::HexKey;
use service_kit::keys;
use service_kit::tokens::SigningKey;
use tokio::runtime::Runtime;

use crate::feed::Feed;

pub(crate) const DEADLINE: Duration = Duration::from_secs(15);
const EDGE_MASTER: [u8; 32] = [3; 32];
const CONTROL_KEY: [u8; 32] = [4; 32];
const SIGNER: [u8; 32] = [5; 32];

/// An upstream that tells what it was asked.
pub(crate) struct Upstream {
    pub(crate) cell: CellId,
    pub(crate) name: &'static str,
    pub(crate) addr: SocketAddr,
    key: [u8; 32],
    /// Its own, so that dying cuts every connection.
    runtime: Option<Runtime>,
}

impl Upstream {
    pub(crate) fn cell(name: &'static str) -> Self {
        let cell = CellId::new();
        Self::start(
            cell,
            name,
            keys::derive(&EDGE_MASTER, keys::EDGE, &cell.to_string()),
        )
    }

    pub(crate) fn app() -> Self {
        let key = keys::derive(&EDGE_MASTER, keys::EDGE, "global-control");
        Self::start(CellId::new(), "app", key)
    }

    fn start(cell: CellId, name: &'static str, key: [u8; 32]) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut upstream = Self {
            cell,
            name,
            addr: listener.local_addr().unwrap(),
            key,
            runtime: None,
        };
        upstream.serve(listener);
        upstream
    }

    fn serve(&mut self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let (name, key) = (self.name, self.key);
        let app = Router::new().fallback(move |request: Request| tell(name, key, request));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await
        });
        self.runtime = Some(runtime);
    }

    pub(crate) fn die(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Comes back on the same port, as a restarted cell does.
    pub(crate) async fn revive(&mut self) {
        let free = async || std::net::TcpListener::bind(self.addr).ok();
        let listener = eventually("the upstream's port is free again", free).await;
        self.serve(listener);
    }

    pub(crate) fn route(&self) -> RouteEntry {
        RouteEntry::Cell(CellRoute {
            cell: self.cell,
            name: self.name.to_owned(),
            addr: self.addr,
        })
    }
}

async fn tell(name: &'static str, key: [u8; 32], request: Request) -> axum::response::Response {
    let (parts, body) = request.into_parts();
    let length = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_or(0, |body| body.len());
    if parts.uri.path() == "/not-mine" {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let host = parts.headers["host"].to_str().unwrap();
    let asked = EdgeRequest {
        method: parts.method.as_str(),
        host,
        path_and_query: path,
    };
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    let said = service_kit::edge::verify(&key, &parts.headers, asked, now);
    let headers: serde_json::Map<String, Value> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                json!(String::from_utf8_lossy(value.as_bytes())),
            )
        })
        .collect();
    let said = match said {
        Ok(said) => json!({
            "org": said.org.map(|edge| edge.org),
            "epoch": said.org.map(|edge| edge.epoch),
            "client": said.client,
        }),
        Err(error) => json!({ "refused": error.to_string() }),
    };
    let body =
        json!({ "name": name, "path": path, "headers": headers, "said": said, "length": length });
    ([("x-cellplane-secret", "1")], axum::Json(body)).into_response()
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.die();
    }
}

pub(crate) fn org(org: OrgId, slug: &str, cell: CellId, epoch: i64) -> RouteEntry {
    RouteEntry::Org(OrgRoute {
        org,
        slug: slug.parse().unwrap(),
        hosts: vec![format!("ads.{slug}.example").parse().unwrap()],
        cell,
        epoch: Epoch(epoch),
        held: false,
    })
}

/// The same while the org is between two cells.
pub(crate) fn held(org_id: OrgId, slug: &str, cell: CellId, epoch: i64) -> RouteEntry {
    let mut entry = org(org_id, slug, cell, epoch);
    if let RouteEntry::Org(route) = &mut entry {
        route.held = true;
    }
    entry
}

/// The router's process and everything it has logged.
pub(crate) struct RouterProcess {
    child: Child,
    log: Arc<Mutex<Vec<Value>>>,
    pub(crate) public: SocketAddr,
    pub(crate) admin: SocketAddr,
}

impl RouterProcess {
    pub(crate) async fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let writing = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                writing.lock().unwrap().push(line);
            }
        });
        let unknown = ([127, 0, 0, 1], 0).into();
        let mut router = Self {
            child,
            log,
            public: unknown,
            admin: unknown,
        };
        let listening = router.logged("listening").await;
        router.public = listening["public"].as_str().unwrap().parse().unwrap();
        router.admin = listening["admin"].as_str().unwrap().parse().unwrap();
        router
    }

    /// Waits for a line with this message.
    pub(crate) async fn logged(&self, message: &str) -> Value {
        let find = || {
            let log = self.log.lock().unwrap();
            log.iter().find(|line| line["message"] == message).cloned()
        };
        eventually(message, async || find()).await
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let child = Mutex::new(&mut self.child);
        eventually("the router ends", async || {
            child.lock().unwrap().try_wait().unwrap()
        })
        .await
    }
}

impl Drop for RouterProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Asks until there is an answer, with a deadline.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < DEADLINE, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Two cells, an org in each, global-control and a router that has heard of it all.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) feed: Feed,
    pub(crate) app: Upstream,
    pub(crate) a: Upstream,
    pub(crate) b: Upstream,
    pub(crate) acme: OrgId,
    pub(crate) client: Client,
    pub(crate) router: Option<RouterProcess>,
    pub(crate) router_id: RouterId,
    /// Beyond what every router here is told.
    pub(crate) settings: &'static [(&'static str, &'static str)],
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(crate) async fn start_with(settings: &'static [(&'static str, &'static str)]) -> Self {
        let mut world = Self::without_router().await;
        world.settings = settings;
        world.start_router().await;
        world.ready().await;
        world
    }

    pub(crate) async fn without_router() -> Self {
        service_kit::install_crypto();
        let feed = Feed::start(SIGNER, CONTROL_KEY);
        let (app, a, b) = (
            Upstream::app(),
            Upstream::cell("cell-a"),
            Upstream::cell("cell-b"),
        );
        let acme = OrgId::new();
        feed.publish(a.route());
        feed.publish(b.route());
        feed.publish(org(acme, "acme", a.cell, 1));
        feed.publish(org(OrgId::new(), "globex", b.cell, 1));
        Self {
            folder: tempfile::tempdir().unwrap(),
            feed,
            app,
            a,
            b,
            acme,
            client: Client::builder().no_proxy().build().unwrap(),
            router: None,
            router_id: RouterId::new(),
            settings: &[],
        }
    }

    pub(crate) fn command(&self) -> Command {
        let public_key = SigningKey::from_seed(&HexKey::new(SIGNER)).public_key();
        let mut command = Command::new(env!("CARGO_BIN_EXE_router"));
        command
            .env_clear()
            .env("ROUTER_PUBLIC_LISTEN", "127.0.0.1:0")
            .env("ROUTER_ADMIN_LISTEN", "127.0.0.1:0")
            .env("ROUTER_APP_UPSTREAM", self.app.addr.to_string())
            .env("ROUTER_SNAPSHOT_PATH", self.snapshot_path())
            .env("ROUTER_FEED_URL", format!("http://{}", self.feed.addr))
            .env("ROUTER_ROUTER_ID", self.router_id.to_string())
            .env("ROUTER_CONTROL_KEY", hex::encode(CONTROL_KEY))
            .env("ROUTER_EDGE_MASTER_KEY", hex::encode(EDGE_MASTER))
            .env("ROUTER_SNAPSHOT_PUBLIC_KEYS", public_key.to_string())
            .envs(self.settings.iter().copied());
        command
    }

    pub(crate) fn snapshot_path(&self) -> PathBuf {
        self.folder.path().join("routes.snapshot")
    }

    pub(crate) async fn start_router(&mut self) {
        self.router = Some(RouterProcess::spawn(self.command()).await);
    }

    /// Ends the old process at once, as a crash would.
    pub(crate) async fn restart_router(&mut self) {
        self.router = None;
        self.start_router().await;
    }

    pub(crate) fn router(&self) -> &RouterProcess {
        self.router.as_ref().unwrap()
    }

    pub(crate) async fn ready(&self) {
        eventually("the router is ready", async || {
            (self.admin("/readyz").await.status() == 200).then_some(())
        })
        .await;
    }

    pub(crate) async fn admin(&self, path: &str) -> Response {
        let url = format!("http://{}{path}", self.router().admin);
        self.client.get(url).send().await.unwrap()
    }

    pub(crate) fn get(&self, host: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.router().public);
        self.client.get(url).header("host", host)
    }

    pub(crate) fn post(&self, host: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.router().public);
        self.client.post(url).header("host", host)
    }

    /// What the upstream behind a host was asked.
    pub(crate) async fn told(&self, host: &str, path: &str) -> Value {
        let response = self.get(host, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{host}{path}");
        response.json().await.unwrap()
    }

    /// Which upstream serves a host now, or the status when none does.
    pub(crate) async fn served_by(&self, host: &str) -> String {
        let response = self.get(host, "/").send().await.unwrap();
        match response.status().as_u16() {
            200 => response.headers()["x-served-by"]
                .to_str()
                .unwrap()
                .to_owned(),
            status => status.to_string(),
        }
    }

    pub(crate) async fn wait_served_by(&self, host: &str, name: &str) {
        eventually(&format!("{host} is served by {name}"), async || {
            (self.served_by(host).await == name).then_some(())
        })
        .await;
    }

    /// The number of the last update in the file on disk.
    pub(crate) async fn stored_seq(&self) -> Option<i64> {
        let text = tokio::fs::read_to_string(self.snapshot_path()).await.ok()?;
        let header: Value = serde_json::from_str(text.lines().next()?).ok()?;
        header["seq"].as_i64()
    }

    pub(crate) async fn wait_stored(&self, seq: i64) {
        eventually("the file on disk is up to date", async || {
            (self.stored_seq().await == Some(seq)).then_some(())
        })
        .await;
    }
}

pub(crate) async fn error_code(response: Response) -> String {
    let body: Value = response.json().await.unwrap();
    assert!(
        body["error"]["request_id"]
            .as_str()
            .unwrap()
            .starts_with("request_")
    );
    assert!(body["error"]["message"].as_str().unwrap().ends_with('.'));
    body["error"]["code"].as_str().unwrap().to_owned()
}

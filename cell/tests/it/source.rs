//! A cell whose DV360 is the simulator, with a worker running its jobs, and verbs to use both.

use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cell::config::Config;
use cell::ingestion::connector::Session;
use cell::jobs::Worker;
use chrono::NaiveDate;
use contracts::ConnectionId;
use dv360_simulator::world::{AdvertiserSpec, PartnerSpec, Shape};
use dv360_simulator::{Running, Simulator, SimulatorConfig, World};
use ring::digest;
use serde_json::{Value, json};
use sqlx::Row;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, TestCell, TestOrg};

/// How long a whole backfill may take here.
const DEADLINE: Duration = Duration::from_secs(40);

pub(crate) struct Slice {
    pub(crate) cell: TestCell,
    pub(crate) org: TestOrg,
    pub(crate) cookie: String,
    simulator: Running,
    http: reqwest::Client,
    stop: CancellationToken,
    bronze: tempfile::TempDir,
}

impl Drop for Slice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// (Day, line item) to impressions, clicks, revenue, media cost, billable cost.
pub(crate) type Facts = BTreeMap<(NaiveDate, String), [i64; 5]>;

fn advertiser(name: &str, zone: &str, currency: &str, line_items: u32) -> AdvertiserSpec {
    AdvertiserSpec {
        name: name.into(),
        time_zone: zone.parse().unwrap(),
        currency: currency.into(),
        line_items,
        days: 120,
        shape: Shape::Realistic,
        ..AdvertiserSpec::default()
    }
}

/// Somebody else who sees the agency's own partner.
pub(crate) const COLLEAGUE: &str = "colleague@agency.example";

/// Two partners of one account: the agency's own, and somebody else's.
pub(crate) fn world() -> World {
    let ours = "Harbor & Vine, \"Coffee\"";
    let mut partner = PartnerSpec::default();
    partner.users.push(COLLEAGUE.into());
    World::builder(11)
        .partner(partner)
        .advertiser(advertiser(ours, "America/New_York", "USD", 20))
        .advertiser(advertiser("Kestrel Motors", "Asia/Kolkata", "INR", 15))
        .partner(PartnerSpec {
            name: "Another Agency".into(),
            ..PartnerSpec::default()
        })
        .advertiser(advertiser("Not Ours", "Europe/Berlin", "EUR", 5))
        .build()
}

impl Slice {
    pub(crate) async fn start() -> Self {
        Self::start_with(SimulatorConfig::for_tests()).await
    }

    pub(crate) async fn start_with(config: SimulatorConfig) -> Self {
        Self::start_both(config, |_| {}).await
    }

    /// With settings of the cell that differ from the usual ones.
    pub(crate) async fn start_changed(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_both(SimulatorConfig::for_tests(), change).await
    }

    /// Without a worker: the test brings its own.
    pub(crate) async fn start_idle(config: SimulatorConfig) -> Self {
        Self::start_both(config, |config| config.work.jobs = 0).await
    }

    /// `cell work`, the program, which takes up a dead worker's jobs after two seconds.
    pub(crate) fn spawn_worker(&self, failpoints: &str) -> Child {
        let mut command = self.program("work");
        command.env("FAILPOINTS", failpoints);
        command.spawn().unwrap()
    }

    /// The program with this cell's settings.
    pub(crate) fn program(&self, verb: &str) -> Command {
        let settings = &self.cell.app.config.dv360;
        let mut command = Command::new(env!("CARGO_BIN_EXE_cell"));
        command
            .arg(verb)
            .env_clear()
            .envs(crate::support::pairs(&self.cell.database))
            .env("CELL_CELL_ID", self.cell.app.config.cell_id.to_string())
            .env("CELL_BRONZE_URL", self.cell.app.config.bronze_url.as_str())
            .env("CELL_DV360__TOKEN_URL", settings.token_url.as_str())
            .env(
                "CELL_DV360__BID_MANAGER_URL",
                settings.bid_manager_url.as_str(),
            )
            .env(
                "CELL_DV360__DISPLAY_VIDEO_URL",
                settings.display_video_url.as_str(),
            )
            .env(
                "CELL_DV360__DOWNLOAD_HOSTS",
                settings.download_hosts.0.join(","),
            )
            .env("CELL_PUBLIC_LISTEN", "127.0.0.1:0")
            .env("CELL_INTERNAL_LISTEN", "127.0.0.1:0")
            .env("CELL_HEALTH_LISTEN", "127.0.0.1:0")
            .env("CELL_WORK__LEASE_MS", "2000");
        command
    }

    async fn start_both(config: SimulatorConfig, change: impl FnOnce(&mut Config)) -> Self {
        let simulator = Simulator::start_with(config, world()).await.unwrap();
        let base = simulator.base_url.clone();
        let bronze = tempfile::tempdir().unwrap();
        let folder = url::Url::from_directory_path(bronze.path()).unwrap();
        let cell = TestCell::start_with(|config| {
            let at = |path: &str| format!("{base}{path}").parse().unwrap();
            config.file_drop_url = Some(folder.join("drop/").unwrap());
            config.bronze_url = folder;
            config.dv360.authorize_url = at("/o/oauth2/v2/auth");
            config.dv360.token_url = at("/token");
            config.dv360.bid_manager_url = at("/v2/");
            config.dv360.display_video_url = at("/");
            config.dv360.download_hosts.0 = vec![base.strip_prefix("http://").unwrap().to_owned()];
            change(config);
        })
        .await;
        let org = cell.org("acme").await;
        let cookie = cell.enter_as_owner(&org).await;
        let stop = CancellationToken::new();
        let app = cell.app.clone();
        let mut settings = app.config.work;
        settings.lease_ms = 3_000;
        let worker = Worker {
            db: app.db.clone(),
            usage: app.usage.clone(),
            registry: cell::work::registry(&app),
            settings,
            metrics: app.metrics.clone(),
        };
        tokio::spawn(worker.run(Arc::new(Notify::new()), stop.clone()));
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            cell,
            org,
            cookie,
            simulator,
            http,
            stop,
            bronze,
        }
    }

    /// Where operators put files for the cell.
    pub(crate) fn drop_folder(&self) -> std::path::PathBuf {
        let folder = self.bronze.path().join("drop");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.cell.get(&self.org, path, &self.cookie).await
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    pub(crate) async fn write(&self, method: Method, path: &str, body: Value) -> Answer {
        let key = contracts::RequestId::new().to_string();
        self.cell
            .write(&self.org, (method, path), &self.cookie, (&key, body))
            .await
    }

    /// Goes to the source as a person would; `extra` is added to the address there.
    pub(crate) async fn consent(&self, extra: &str) -> String {
        self.consent_for(Value::Null, extra).await
    }

    /// The same for a connection there is.
    pub(crate) async fn consent_for(&self, connection: Value, extra: &str) -> String {
        let body = json!({"return_path": "/setup?step=2", "connection_id": connection});
        let path = "/api/connections/dv360/authorize";
        let begun = self.write(Method::POST, path, body).await;
        assert_eq!(begun.status, 200, "{begun:?}");
        let url = begun.json()["authorize_url"].as_str().unwrap().to_owned();
        let answer = self
            .http
            .get(format!("{url}&{extra}"))
            .send()
            .await
            .unwrap();
        let location = answer.headers()["location"].to_str().unwrap();
        let (host, query) = location.split_once('?').unwrap();
        assert_eq!(host, "http://app.localhost:8080/oauth/dv360/callback");
        query.to_owned()
    }

    /// Comes back from the source; returns where the person lands.
    pub(crate) async fn come_back(&self, query: &str) -> String {
        let path = format!("/connections/dv360/callback?{query}");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        answer.header("location").unwrap().to_owned()
    }

    pub(crate) async fn connect(&self) -> String {
        let landed = self.come_back(&self.consent("auto=1").await).await;
        let id = landed.strip_prefix("/setup?step=2&connection=");
        id.unwrap_or_else(|| panic!("{landed}")).to_owned()
    }

    /// Chooses advertisers of the first partner by number.
    pub(crate) async fn choose(&self, connection: &str, numbers: &[usize]) -> Answer {
        let world = self.ask("/sim/world").await;
        let id = |number: &usize| &world["advertisers"][number]["advertiser_id"];
        let ids: Vec<&Value> = numbers.iter().map(id).collect();
        let partner = &world["partners"][0]["partner_id"];
        let body = json!({"partner_id": partner, "advertiser_ids": ids});
        let path = format!("/api/connections/{connection}/advertisers");
        self.write(Method::PUT, &path, body).await
    }

    pub(crate) async fn backfill(&self, numbers: &[usize]) -> Value {
        let connection = self.connect().await;
        let sync = self.choose(&connection, numbers).await;
        assert_eq!(sync.status, 202, "{sync:?}");
        self.end_of(&sync.json()).await
    }

    /// The sync when it is over.
    pub(crate) async fn end_of(&self, sync: &Value) -> Value {
        let path = format!("/api/syncs/{}", sync["sync_id"].as_str().unwrap());
        test_kit::wait::until("the end of a sync", DEADLINE, async || {
            let sync = self.json(&path).await;
            (!sync["finished_at"].is_null()).then_some(sync)
        })
        .await
    }

    /// The simulator's own controls.
    pub(crate) async fn ask(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.simulator.base_url);
        let answer = self.http.get(url).send().await.unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn order_faults(&self, body: Value) {
        let url = format!("{}/sim/faults", self.simulator.base_url);
        let answer = self.http.put(url).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    pub(crate) async fn control(&self, body: Value) {
        let url = format!("{}/sim/config", self.simulator.base_url);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// A person changes something at the source.
    pub(crate) async fn edit(&self, edit: Value) {
        let url = format!("{}/sim/edits", self.simulator.base_url);
        let answer = self.http.post(url).json(&edit).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// The connector itself, with a consent of its own.
    pub(crate) async fn open_session(&self) -> Box<dyn Session> {
        let connectors = &self.cell.app.ingestion.connectors;
        let connector = connectors.remote("dv360").unwrap();
        let verifier = "0123456789-0123456789-0123456789-0123456789";
        let challenge = digest::digest(&digest::SHA256, verifier.as_bytes());
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let url = connector.authorize_url("test.1", &challenge);
        let answer = self.http.get(format!("{url}&auto=1")).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap();
        let location: url::Url = location.parse().unwrap();
        let code = location
            .query_pairs()
            .find(|(name, _)| name == "code")
            .unwrap()
            .1;
        let grant = connector.exchange_code(&code, verifier).await.unwrap();
        let permit = Arc::new(cell::ingestion::permit::Unlimited);
        connector.open(ConnectionId::new(), grant.refresh_token, permit)
    }

    pub(crate) async fn partner_id(&self) -> String {
        let world = self.ask("/sim/world").await;
        world["partners"][0]["partner_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn advertiser_id(&self, number: usize) -> String {
        let world = self.ask("/sim/world").await;
        let id = world["advertisers"][number]["advertiser_id"].as_str();
        id.unwrap().to_owned()
    }

    /// What a report of these days shows now.
    pub(crate) async fn truth(&self, advertiser: &str, from: NaiveDate, to: NaiveDate) -> Facts {
        let path = format!("/sim/truth?advertiser={advertiser}&from={from}&to={to}&served=true");
        let answer = self.ask(&path).await;
        let names = [
            "impressions",
            "clicks",
            "revenue_micros",
            "media_cost_micros",
            "billable_cost_micros",
        ];
        let facts = answer["rows"].as_array().unwrap().iter().map(|row| {
            let date = row["date"].as_str().unwrap().parse().unwrap();
            let id = row["line_item_id"].as_str().unwrap().to_owned();
            ((date, id), names.map(|name| row[name].as_i64().unwrap()))
        });
        facts.collect()
    }

    /// What silver has of the advertiser.
    pub(crate) async fn silver(&self, advertiser: &str) -> Facts {
        let rows = sqlx::query(
            "select date, line_item_id, impressions, clicks, revenue_micros, media_cost_micros,
                    billable_cost_micros
               from tenant.line_item_days where org_id = $1 and advertiser_id = $2",
        )
        .bind(self.org.scope.org().as_uuid())
        .bind(advertiser)
        .fetch_all(&mut self.cell.superuser().await)
        .await
        .unwrap();
        let facts = rows.iter().map(|row| {
            let values = [2, 3, 4, 5, 6].map(|index| row.get::<i64, _>(index));
            ((row.get(0), row.get(1)), values)
        });
        facts.collect()
    }

    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let sql = format!("select count(*) from tenant.{table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut self.cell.superuser().await)
            .await
            .unwrap()
    }
}

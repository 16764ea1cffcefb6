//! A cell with orgs that have had their year: a database, a folder of files, `cell work`, and the
//! calls that global-control would make.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use cell::app::{self, App, Process};
use cell::ingestion::connector::ReportRequest;
use cell::ingestion::pipelines::find_built_in;
use cell::ingestion::pipelines::spec::Spec;
use cell::ingestion::reading::pipeline_version;
use cell::ingestion::silver::facts::{self, File, Load, Loaded, Outcome, Scope};
use cell::ingestion::sync::{Record, State, Target, TargetState};
use cell::orgs;
use cell::tenancy::OrgScope;
use chrono::NaiveDate;
use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::replays::{Replay, StartReplay};
use contracts::{BronzeId, CellId, ConnectionId, Epoch, OrgId, ReplayId, Role, SyncId, UserId};
use futures::StreamExt as _;
use reqwest::Method;
use service_kit::config::{HexKey, load_from};
use service_kit::tokens::{SigningKey, internal_token};
use sqlx::{Connection, PgConnection};
use test_kit::TestDatabase;
use test_kit::database::version_of;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use super::year::{self, Window, Year};

const PIPELINE: &str = "dv360_line_item_days";
const CONTEXT_KEY: [u8; 32] = [7; 32];
const CONTROL_KEY: [u8; 32] = [1; 32];
pub(crate) const EDGE_KEY: [u8; 32] = [2; 32];
/// Orgs that are filled side by side.
const AT_ONCE: usize = 3;

pub(super) struct Cell {
    pub(super) database: TestDatabase,
    app: App,
    settings: Vec<(String, String)>,
    address: String,
    http: reqwest::Client,
    worker: Option<Child>,
    _bronze: tempfile::TempDir,
    _stops: DropGuard,
}

impl Drop for Cell {
    fn drop(&mut self) {
        if let Some(worker) = &mut self.worker {
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

impl Cell {
    pub(super) async fn start() -> Result<Self> {
        let version = version_of([cell::migrate::fingerprint()]);
        let database = TestDatabase::create("replay", "cell_owner", &version, |owner| async move {
            let key = HexKey::new(CONTEXT_KEY);
            cell::migrate::run(owner.as_str(), "cell_app", "cell_mover", &key).await?;
            Ok(())
        })
        .await?;
        let bronze = tempfile::tempdir().context("make a folder")?;
        let settings = settings(&database, bronze.path());
        let config = load_from("CELL", settings.clone()).context("read the settings")?;
        let app = App::new(config, Process::Serve).context("set up the cell")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let stop = CancellationToken::new();
        let router = app::internal_router(&app);
        tokio::spawn(service_kit::http::serve(listener, router, stop.clone()));
        Ok(Self {
            database,
            app,
            settings,
            address,
            http: reqwest::Client::new(),
            worker: None,
            _bronze: bronze,
            _stops: stop.drop_guard(),
        })
    }

    /// Orgs with all files of the year loaded, as their syncs would have.
    pub(super) async fn fill(&self, orgs: usize, year: &Year) -> Result<Vec<OrgId>> {
        let spec = find_built_in(PIPELINE).context("find the shipped pipeline")?;
        let spec = Arc::new(spec);
        let filled = futures::stream::iter(0..orgs).map(|number| {
            let spec = Arc::clone(&spec);
            async move {
                let org = self.prepare(number).await?;
                let url = self.database.superuser_url();
                let mut admin = PgConnection::connect(url.as_str()).await?;
                for window in year.files() {
                    self.load(&mut admin, org, &spec, window).await?;
                }
                anyhow::Ok(org)
            }
        });
        let filled: Vec<Result<OrgId>> = filled.buffer_unordered(AT_ONCE).collect().await;
        filled.into_iter().collect()
    }

    async fn prepare(&self, number: usize) -> Result<OrgId> {
        let org = OrgId::new();
        let wish = PrepareOrg {
            slug: format!("agency-{number}").parse()?,
            name: format!("Agency {number}"),
            epoch: Epoch::FIRST,
            owner: MemberCard {
                user_id: UserId::new(),
                email: format!("owner@agency-{number}.example"),
                name: "Olivia Owner".into(),
                role: Role::Owner,
            },
        };
        orgs::prepare(&self.app.db, &self.app.cell_key, org, &wish).await?;
        Ok(org)
    }

    async fn load(
        &self,
        admin: &mut PgConnection,
        org: OrgId,
        spec: &Arc<Spec>,
        window: Window,
    ) -> Result<()> {
        let stored = self
            .app
            .ingestion
            .bronze
            .put_bytes(org, year::report(spec, window))
            .await?;
        let (bronze_id, sync_id) = (BronzeId::new(), SyncId::new());
        let record = record(spec, window)?;
        sqlx::query(
            "insert into tenant.bronze_objects (org_id, bronze_id, sha256, bytes, kind,
                 connection_id, request, length_proven)
             values ($1, $2, $3, $4, 'report', $5, '{}', true)",
        )
        .bind(org.as_uuid())
        .bind(bronze_id.as_uuid())
        .bind(&stored.sha256[..])
        .bind(stored.bytes.cast_signed())
        .bind(ConnectionId::new().as_uuid())
        .execute(&mut *admin)
        .await?;
        sqlx::query(
            "insert into tenant.syncs (org_id, sync_id, connection_id, kind, state, step,
                 started_at, finished_at, pipeline)
             values ($1, $2, $2, 'daily', $3, 'done', now(), now(), $4)",
        )
        .bind(org.as_uuid())
        .bind(sync_id.as_uuid())
        .bind(serde_json::to_value(&record)?)
        .bind(PIPELINE)
        .execute(&mut *admin)
        .await?;
        let loaded = |one: &Target| Loaded {
            advertiser_id: one.advertiser_id.clone(),
            currency: one.currency,
            through: one.through,
        };
        let advertisers = record.advertisers.iter().map(loaded).collect();
        let load = Load {
            load_id: Uuid::now_v7(),
            table: spec.dataset,
            dataset: facts::dataset_name(spec),
            dsp: "dv360".to_owned(),
            pipeline_version: pipeline_version(spec, 0),
            bronze_id,
            sync_id,
            scope: Scope::of(&record.request, advertisers),
        };
        let connector = self.app.ingestion.connectors.find("dv360");
        let file = File {
            connector: Arc::clone(connector.context("find the connector")?),
            spec: Arc::clone(spec),
            request: record.request,
            input: self.app.ingestion.bronze.read(org, &stored.sha256).await?,
            bytes: Some(stored.bytes),
        };
        let scope = OrgScope::vouched(org, Epoch::FIRST);
        let mut tx = self.app.db.begin(&scope).await?;
        match facts::load(&mut tx, file, &load).await? {
            Outcome::Loaded(_) => tx.commit().await?,
            Outcome::Refused(refused) => bail!("the file was refused: {refused}"),
        }
        Ok(())
    }

    /// Starts `cell work`.
    pub(super) fn work(&mut self) -> Result<()> {
        let mut command = Command::new(test_kit::platform::binary("cell")?);
        command
            .arg("work")
            .env_clear()
            .envs(self.settings.iter().cloned())
            .stdout(Stdio::null());
        self.worker = Some(command.spawn().context("start cell work")?);
        Ok(())
    }

    /// Ends the worker; the most memory it has held.
    pub(super) fn stop(&mut self) -> Result<f64> {
        let mut worker = self.worker.take().context("no worker runs")?;
        let status = std::fs::read_to_string(format!("/proc/{}/status", worker.id()));
        let peak = peak_mib(&status.context("ask the kernel")?);
        worker.kill()?;
        worker.wait()?;
        peak
    }

    pub(super) async fn start_replay(
        &self,
        org: OrgId,
        (start, end): (NaiveDate, NaiveDate),
        dry_run: bool,
    ) -> Result<ReplayId> {
        let id = ReplayId::new();
        let wish = StartReplay {
            pipeline: None,
            start,
            end,
            pipeline_version: None,
            dry_run,
        };
        self.call(Method::PUT, org, id, Some(&wish)).await?;
        Ok(id)
    }

    pub(super) async fn fetch_replay(&self, org: OrgId, id: ReplayId) -> Result<Replay> {
        self.call(Method::GET, org, id, None).await
    }

    async fn call(
        &self,
        method: Method,
        org: OrgId,
        id: ReplayId,
        wish: Option<&StartReplay>,
    ) -> Result<Replay> {
        let audience = self.app.config.cell_id.to_string();
        let url = format!("{}/internal/orgs/{org}/replays/{id}?epoch=1", self.address);
        let token = internal_token("global-control", &audience, &CONTROL_KEY);
        let mut request = self.http.request(method, url).bearer_auth(token);
        if let Some(wish) = wish {
            request = request.json(wish);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "the cell answered {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }
}

/// A sync that has done its work.
fn record(spec: &Arc<Spec>, window: Window) -> Result<Record> {
    let target = |advertiser_id: String| -> Result<Target> {
        Ok(Target {
            name: advertiser_id.clone(),
            advertiser_id,
            currency: "USD".parse()?,
            through: year::day(window.end),
            state: TargetState::Done,
            rows: 0,
        })
    };
    let advertisers = year::advertiser_ids().into_iter().map(target);
    Ok(Record {
        spec: Box::new(Spec::clone(spec)),
        watched: false,
        zone: None,
        layer_version: 0,
        request: ReportRequest {
            partner_id: "995544".to_owned(),
            advertiser_ids: year::advertiser_ids(),
            start: year::day(window.start),
            end: year::day(window.end),
        },
        asked_again: false,
        taken: None,
        advertisers: advertisers.collect::<Result<_>>()?,
        state: State::Done {
            rows: 0,
            control_total: true,
        },
    })
}

/// What a cell of this database is told. Its files lie in the folder.
pub(crate) fn settings(database: &TestDatabase, folder: &std::path::Path) -> Vec<(String, String)> {
    let key = |byte: u8| hex::encode([byte; 32]);
    let nowhere = "http://127.0.0.1:1/";
    let pairs = [
        ("CELL_ID", CellId::new().to_string()),
        ("NAME", "replay".to_owned()),
        ("DATABASE_URL", database.url("cell_app").to_string()),
        ("REDIS_URL", "redis://127.0.0.1:1/".to_owned()),
        ("BRONZE_URL", format!("file://{}", folder.display())),
        ("GLOBAL_CONTROL_URL", nowhere.to_owned()),
        ("HEALTH_LISTEN", "127.0.0.1:0".to_owned()),
        ("CONTROL_KEY", hex::encode(CONTROL_KEY)),
        ("EDGE_KEY", hex::encode(EDGE_KEY)),
        ("CONTEXT_KEY", hex::encode(CONTEXT_KEY)),
        ("ENVELOPE_KEY", key(4)),
        ("GLOBAL_PUBLIC_KEYS", signing_key().public_key().to_string()),
        (
            "PUBLIC_URL_TEMPLATE",
            "http://{host}.localhost:8080".to_owned(),
        ),
        ("DV360__AUTHORIZE_URL", nowhere.to_owned()),
        ("DV360__TOKEN_URL", nowhere.to_owned()),
        ("DV360__REVOKE_URL", nowhere.to_owned()),
        ("DV360__BID_MANAGER_URL", nowhere.to_owned()),
        ("DV360__DISPLAY_VIDEO_URL", nowhere.to_owned()),
        ("DV360__CLIENT_ID", "client".to_owned()),
        ("DV360__CLIENT_SECRET", "secret".to_owned()),
        ("DV360__DOWNLOAD_HOSTS", "127.0.0.1:1".to_owned()),
        ("DV360__REDIRECT_URL", nowhere.to_owned()),
    ];
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (format!("CELL_{name}"), value))
        .collect()
}

/// Global-control's.
pub(crate) fn signing_key() -> SigningKey {
    SigningKey::from_seed(&HexKey::new([9; 32]))
}

fn peak_mib(status: &str) -> Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kib: f64 = kib.context("find the peak memory")?.trim().parse()?;
    Ok(kib / 1024.0)
}

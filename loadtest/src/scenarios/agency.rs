//! Cells and orgs of a bench, each org connected to its own agency at the simulator.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cell::app::{App, Process};
use cell::connections::{self, Start};
use cell::ingestion::connector::Grant;
use cell::ingestion::permit::Unlimited;
use cell::ingestion::sync::Kind;
use cell::tenancy::OrgScope;
use chrono::{DateTime, Utc};
use contracts::provisioning::{MemberCard, PrepareOrg};
use contracts::{CellId, ConnectionId, Epoch, OrgId, Role, UserId};
use reqwest::redirect::Policy;
use serde_json::Value;
use service_kit::config::{HexKey, load_from};
use service_kit::tokens::SigningKey;

const DV360: &str = "dv360";
const KEY: [u8; 32] = [7; 32];

/// Where a cell's parts are.
pub(super) struct Place {
    pub(super) cell: CellId,
    /// As the app's role and as the owner of the tables.
    pub(super) database: [String; 2],
    pub(super) bronze: PathBuf,
    pub(super) simulator: String,
}

/// What the worker and this process are both told. Without global-control, and with all the quota
/// there may be, unless `more` says otherwise.
pub(super) fn settings(place: &Place, more: &[(&str, String)]) -> Vec<(String, String)> {
    let key = |byte: u8| hex::encode([byte; 32]);
    let signing = SigningKey::from_seed(&HexKey::new([9; 32]));
    let at = |path: &str| format!("{}{path}", place.simulator);
    let (_, host) = place.simulator.split_once("//").unwrap_or_default();
    let pairs = [
        ("CELL_ID", place.cell.to_string()),
        ("NAME", "bench".to_owned()),
        ("DATABASE_URL", place.database[0].clone()),
        ("REDIS_URL", "redis://127.0.0.1:1/".to_owned()),
        ("BRONZE_URL", format!("file://{}", place.bronze.display())),
        ("GLOBAL_CONTROL_URL", "http://127.0.0.1:1".to_owned()),
        ("CONTROL_KEY", key(1)),
        ("EDGE_KEY", key(2)),
        ("CONTEXT_KEY", hex::encode(KEY)),
        ("ENVELOPE_KEY", key(4)),
        ("GLOBAL_PUBLIC_KEYS", signing.public_key().to_string()),
        (
            "PUBLIC_URL_TEMPLATE",
            "http://{host}.localhost:8080".to_owned(),
        ),
        ("DV360__AUTHORIZE_URL", at("/o/oauth2/v2/auth")),
        ("DV360__TOKEN_URL", at("/token")),
        ("DV360__REVOKE_URL", at("/revoke")),
        ("DV360__BID_MANAGER_URL", at("/v2/")),
        ("DV360__DISPLAY_VIDEO_URL", at("/")),
        ("DV360__CLIENT_ID", "client".to_owned()),
        ("DV360__CLIENT_SECRET", "secret".to_owned()),
        ("DV360__DOWNLOAD_HOSTS", host.to_owned()),
        (
            "DV360__REDIRECT_URL",
            "http://app.localhost:8080/callback".to_owned(),
        ),
        // A simulated day passes in seconds, so what a source allows a minute would be all the wait.
        ("DV360__ENTITY_CALLS_PER_MINUTE", "0".to_owned()),
        ("QUOTA__FIRST_CALLS_PER_DAY", "2000000000".to_owned()),
        ("QUOTA__FIRST_PER_SECOND_MILLI", "2000000000".to_owned()),
        ("WORK__JOBS", "32".to_owned()),
        ("WORK__DATABASE_CONNECTIONS", "12".to_owned()),
        ("WORK__LEASE_MS", "3000".to_owned()),
    ];
    let said: BTreeMap<&str, String> = pairs.into_iter().chain(more.iter().cloned()).collect();
    said.into_iter()
        .map(|(name, value)| (format!("CELL_{name}"), value))
        .collect()
}

/// The cell in this process, over tables that are made if they are missing.
pub(super) async fn open(place: &Place) -> Result<App> {
    let owner = &place.database[1];
    cell::migrate::run(owner, "cell_app", "cell_mover", &HexKey::new(KEY)).await?;
    std::fs::create_dir_all(&place.bronze)?;
    let config = load_from("CELL", settings(place, &[]))?;
    Ok(App::new(config, Process::Serve)?)
}

/// An org with its connection.
#[derive(Debug, Clone)]
pub(super) struct Agency {
    pub(super) scope: OrgScope,
    pub(super) email: String,
    owner: UserId,
    connection: ConnectionId,
    pub(super) advertisers: Vec<String>,
}

impl Agency {
    /// Prepares the org, consents as its person, and chooses its advertisers, so many at most: the
    /// backfill is queued when this returns, and the schedule of mornings begun.
    pub(super) async fn join(
        app: &App,
        world: &Value,
        (number, most): (usize, usize),
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let user = &world["users"][number];
        let email = user["email"].as_str().context("a person has an e-mail")?;
        let partner = user["partners"][0]
            .as_str()
            .context("the person has a partner")?;
        let all = world["advertisers"]
            .as_array()
            .context("a list of advertisers")?;
        let own = all.iter().filter(|one| one["partner_id"] == partner);
        let advertisers: Vec<String> = own
            .filter_map(|one| Some(one["advertiser_id"].as_str()?.to_owned()))
            .take(most)
            .collect();
        let (org, owner) = (OrgId::new(), UserId::new());
        let wish = PrepareOrg {
            slug: format!("history-{number}").parse()?,
            name: format!("History {number}"),
            epoch: Epoch::FIRST,
            owner: MemberCard {
                user_id: owner,
                email: email.to_owned(),
                name: "Olivia Owner".to_owned(),
                role: Role::Owner,
            },
        };
        cell::orgs::prepare(&app.db, &app.cell_key, org, &wish).await?;
        let scope = OrgScope::vouched(org, Epoch::FIRST);
        let mut agency = Self {
            scope,
            email: email.to_owned(),
            owner,
            connection: ConnectionId::new(),
            advertisers,
        };
        let grant = agency.consent(app).await?;
        let remote = app.ingestion.connectors.remote(DV360)?;
        let session = remote.open(
            agency.connection,
            grant.refresh_token,
            std::sync::Arc::new(Unlimited),
        );
        let choice = connections::check_choice(&*session, partner, &agency.advertisers).await?;
        let mut tx = app.db.begin(&scope).await?;
        connections::choose(&mut tx, agency.connection, &choice, owner, now).await?;
        tx.commit().await?;
        Ok(agency)
    }

    /// As its person does at first, and again when the source says that the consent has ended.
    pub(super) async fn consent(&mut self, app: &App) -> Result<Grant> {
        let remote = app.ingestion.connectors.remote(DV360)?;
        let verifier = "0123456789-0123456789-0123456789-0123456789";
        let challenge = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let url = remote.authorize_url("bench", &challenge);
        let code = consent(url.as_str(), &self.email).await?;
        let grant = remote.exchange_code(&code, verifier).await?;
        let mut tx = app.db.begin(&self.scope).await?;
        let kept = connections::keep_grant(&app.ingestion, &mut tx, DV360, self.owner, &grant);
        self.connection = kept.await?;
        tx.commit().await?;
        Ok(grant)
    }

    /// Queues a sync, as a person does who sees that one has come to nothing.
    pub(super) async fn start_sync(&self, app: &App, kind: Kind, now: DateTime<Utc>) -> Result<()> {
        self.begin(app, Start::watched(kind, self.owner), now).await
    }

    /// Queues this sync.
    pub(super) async fn begin(
        &self,
        app: &App,
        start: Start<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = app.db.begin(&self.scope).await?;
        connections::start_sync(&mut tx, self.connection, start, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The code that consenting to everything at once comes back with.
async fn consent(authorize_url: &str, email: &str) -> Result<String> {
    let http = reqwest::Client::builder()
        .redirect(Policy::none())
        .build()?;
    let url = url::Url::parse_with_params(authorize_url, [("auto", "1"), ("user", email)])?;
    let answer = http.get(url).send().await?;
    let Some(location) = answer.headers().get("location") else {
        bail!("consent as {email}: {}", answer.text().await?);
    };
    let location: url::Url = location.to_str()?.parse()?;
    let code = location.query_pairs().find(|(name, _)| name == "code");
    Ok(code
        .context("find the code in the redirect")?
        .1
        .into_owned())
}

//! A database per test, copied from a template that holds the migrated schema.
//!
//! The cluster is `cargo x db cluster`'s: shared by all tests, without fsync, up until `cargo x db stop`. A
//! copy costs tens of milliseconds, and a database of its own isolates LISTEN and advisory locks too.

use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use url::Url;

/// Databases of earlier runs are dropped after this long.
const STALE: Duration = Duration::from_secs(20 * 60);
/// Serialises the making of templates between test processes.
const TEMPLATE_LOCK: i64 = 0x6365_6c6c_7470_6c00;

/// One test's database. It is left behind for a later run to drop, so a failed test can be studied.
pub struct TestDatabase {
    cluster: Url,
    name: String,
}

impl TestDatabase {
    /// A copy of the template `kind`, which `build` makes when no one with this `version` exists.
    ///
    /// `version` is whatever identifies the schema: a hash of the migrations. `build` gets the URL
    /// of an empty database as the role `owner`.
    pub async fn create<F, Fut>(kind: &str, owner: &str, version: &str, build: F) -> Result<Self>
    where
        F: FnOnce(Url) -> Fut,
        Fut: Future<Output = Result<()>>,
    {
        Self::create_in(cluster_url()?, kind, owner, version, build).await
    }

    /// The same in another cluster than the tests'.
    pub async fn create_in<F, Fut>(
        cluster: Url,
        kind: &str,
        owner: &str,
        version: &str,
        build: F,
    ) -> Result<Self>
    where
        F: FnOnce(Url) -> Fut,
        Fut: Future<Output = Result<()>>,
    {
        let mut admin = PgConnection::connect(cluster.as_str())
            .await
            .context("connect to the test cluster")?;
        let template = format!("tpl_{kind}_{version}");
        ensure_template(&mut admin, &cluster, &template, owner, build).await?;
        drop_stale(&mut admin).await?;
        let name = format!("t_{}_{:08x}", seconds_now(), rand::random::<u32>());
        run(
            &mut admin,
            format!("create database {name} owner {owner} template {template} strategy file_copy"),
        )
        .await?;
        Ok(Self { cluster, name })
    }

    /// Its address for one of the cluster's roles; all have the cluster's password.
    pub fn url(&self, role: &str) -> Url {
        with_role(&self.cluster, role, &self.name)
    }

    /// Its address for the superuser, to look behind row-level security.
    pub fn superuser_url(&self) -> Url {
        let mut url = self.cluster.clone();
        url.set_path(&self.name);
        url
    }
}

/// A short hash of any text, for naming templates.
pub fn version_of(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.into_iter().flat_map(|part| part.as_ref().to_vec()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

async fn ensure_template<F, Fut>(
    admin: &mut PgConnection,
    cluster: &Url,
    template: &str,
    owner: &str,
    build: F,
) -> Result<()>
where
    F: FnOnce(Url) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    run(admin, format!("select pg_advisory_lock({TEMPLATE_LOCK})")).await?;
    let found = sqlx::query("select 1 from pg_database where datname = $1 and datistemplate")
        .bind(template)
        .fetch_optional(&mut *admin)
        .await?;
    if found.is_none() {
        run(
            admin,
            format!("drop database if exists {template} with (force)"),
        )
        .await?;
        run(admin, format!("create database {template} owner {owner}")).await?;
        build(with_role(cluster, owner, template))
            .await
            .with_context(|| format!("build the template {template}"))?;
        run(
            admin,
            format!("alter database {template} is_template true allow_connections false"),
        )
        .await?;
    }
    run(admin, format!("select pg_advisory_unlock({TEMPLATE_LOCK})")).await
}

async fn drop_stale(admin: &mut PgConnection) -> Result<()> {
    let oldest = seconds_now() - STALE.as_secs();
    let rows = sqlx::query("select datname from pg_database where datname like 't\\_%\\_%'")
        .fetch_all(&mut *admin)
        .await?;
    for row in rows {
        let name: String = row.try_get(0)?;
        let made: Option<u64> = name.split('_').nth(1).and_then(|part| part.parse().ok());
        if made.is_some_and(|made| made < oldest) {
            run(
                admin,
                format!("drop database if exists {name} with (force)"),
            )
            .await?;
        }
    }
    Ok(())
}

async fn run(admin: &mut PgConnection, sql: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.clone()))
        .execute(admin)
        .await
        .with_context(|| format!("run {sql:?}"))?;
    Ok(())
}

fn with_role(cluster: &Url, role: &str, database: &str) -> Url {
    let mut url = cluster.clone();
    url.set_username(role).expect("a postgres URL has a user");
    url.set_path(database);
    url
}

fn seconds_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// The superuser's URL: from the test runner's set-up, or by asking `cargo x` now.
fn cluster_url() -> Result<Url> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test runner hands the cluster over this way"
    )]
    let given = std::env::var("TEST_POSTGRES_URL").ok();
    let text = match given {
        Some(text) => text,
        None => ask_xtask()?,
    };
    text.trim().parse().context("read the test cluster's URL")
}

fn ask_xtask() -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--",
            "db",
            "cluster",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .stderr(Stdio::inherit())
        .output()
        .context("run cargo x db cluster")?;
    if !output.status.success() {
        bail!("cargo x db cluster: {}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let url = text
        .lines()
        .last()
        .context("cargo x db cluster printed no URL")?;
    Ok(url.to_owned())
}

//! Claims: a report of 500,000 rows and 21 columns is committed, proven silver, under row-level
//! security and with its indexes, at 0.8 times the speed of the owner's `COPY` of its bare rows at
//! least; the process that does it takes 64 MiB at most, for a file of 5 GB too.
//!
//! Each round has a database of its own. `COPY` goes into a table with the same partitions and
//! indexes and no row-level security, over the same kind of connection, with the same durability;
//! it keeps all 21 columns. Ours reads the file from bronze, proves totals and footer, keeps what
//! the unified model has a place for, and writes ledger, days and watermarks.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use cell::ingestion::bronze::Bronze;
use contracts::{BronzeId, OrgId, SyncId};
use serde::{Deserialize, Serialize};
use service_kit::config::HexKey;
use sqlx::{Connection, PgConnection, Row as _};
use test_kit::TestDatabase;
use test_kit::database::version_of;
use tokio::io::AsyncReadExt;
use url::Url;

use crate::report::{Report, Row};

mod file;

mod worker;

pub(crate) use worker::{load, nowhere};

const CONTEXT_KEY: [u8; 32] = [7; 32];
const GB: u64 = 1 << 30;

/// What the measured process is to do.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    database: Url,
    bronze: Url,
    org: OrgId,
    bronze_id: BronzeId,
    sync_id: SyncId,
    /// None: a file of so many bytes, made while it is read.
    sha256: Option<[u8; 32]>,
    bytes: u64,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
struct Loaded {
    seconds: f64,
    rows_read: u64,
    rows_kept: u64,
    control_total: bool,
    peak_mib: f64,
}

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (rounds, rows, large) = if quick {
        (2, 100_000, GB / 4)
    } else {
        (5, 500_000, 5 * GB)
    };
    let folder = tempfile::tempdir().context("make a folder")?;
    let (report, trimmed) = (
        folder.path().join("report.csv"),
        folder.path().join("rows.csv"),
    );
    let sums = file::write(&report, &trimmed, rows)?;
    let mut seen = Seen::default();
    for round in 0..rounds {
        let database = prepared().await?;
        let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
        make_bare_table(&mut admin).await?;
        // In turn first, because the second finds warm caches and a fuller log.
        if round % 2 == 0 {
            seen.copy.push(copy(&database, &trimmed).await?);
        }
        let (bronze, ours) = one_load(&database, &mut admin, folder.path(), Some(&report)).await?;
        if round % 2 == 1 {
            seen.copy.push(copy(&database, &trimmed).await?);
        }
        ensure!(ours.rows_read == rows && ours.control_total, "{ours:?}");
        check_same(&mut admin, rows, &sums).await?;
        eprintln!(
            "  round {round}: COPY {:.2} s, ours {:.2} s, bronze before it {bronze:.2} s",
            seen.copy[round], ours.seconds
        );
        seen.bronze.push(bronze);
        seen.ours.push(ours.seconds);
        seen.peak.push(ours.peak_mib);
    }
    let database = prepared().await?;
    let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
    let (_, endless) = one_load_of(&database, &mut admin, folder.path(), None, large).await?;
    ensure!(endless.control_total, "{endless:?}");
    Ok(Report::new(
        "ingest",
        quick,
        seen.rows(rows, large, &endless),
    ))
}

#[derive(Default)]
struct Seen {
    copy: Vec<f64>,
    ours: Vec<f64>,
    bronze: Vec<f64>,
    peak: Vec<f64>,
}

impl Seen {
    fn rows(&self, rows: u64, large: u64, endless: &Loaded) -> Vec<Row> {
        let rate = |seconds: &[f64]| -> Vec<f64> {
            let rows = rows as f64 / 1000.0;
            seconds.iter().map(|seconds| rows / seconds).collect()
        };
        let pairs = || self.copy.iter().zip(&self.ours);
        let ratio: Vec<f64> = pairs().map(|(copy, ours)| copy / ours).collect();
        let with_bronze = pairs().zip(&self.bronze);
        let with_bronze: Vec<f64> = with_bronze
            .map(|((copy, ours), bronze)| copy / (ours + bronze))
            .collect();
        let gb = large as f64 / GB as f64;
        vec![
            Row::shown(
                "owner's typed COPY of the bare rows",
                "krow/s",
                &rate(&self.copy),
            ),
            Row::shown("ours, bronze to proven silver", "krow/s", &rate(&self.ours)),
            Row::at_least("ours to COPY", "x", &ratio, 0.8),
            Row::shown("the same with writing bronze first", "x", &with_bronze),
            Row::at_most(
                "peak memory of the loading process",
                "MiB",
                &self.peak,
                64.0,
            ),
            Row::at_most(
                format!("the same with a file of {gb} GB"),
                "MiB",
                &[endless.peak_mib],
                64.0,
            ),
            Row::shown(
                format!("reading and proving {gb} GB"),
                "MiB/s",
                &[gb * 1024.0 / endless.seconds],
            ),
        ]
    }
}

async fn prepared() -> Result<TestDatabase> {
    let version = version_of([cell::migrate::fingerprint()]);
    TestDatabase::create("ingest", "cell_owner", &version, |owner| async move {
        let key = HexKey::new(CONTEXT_KEY);
        cell::migrate::run(owner.as_str(), "cell_app", "cell_mover", &key).await?;
        Ok(())
    })
    .await
}

async fn make_bare_table(admin: &mut PgConnection) -> Result<()> {
    let done = sqlx::raw_sql(
        "create schema bench authorization cell_owner;
         set role cell_owner;
         create table bench.days (
             org_id uuid not null default '00000000-0000-0000-0000-000000000001',
             dataset text not null default 'line_item_days', dsp text not null default 'dv360',
             date date not null, partner_id text not null, advertiser_id text not null,
             advertiser text not null, currency text not null, time_zone text not null,
             campaign_id text not null, campaign text not null, insertion_order_id text not null,
             insertion_order text not null, line_item_id text not null, line_item text not null,
             impressions bigint, billable_impressions bigint, clicks bigint, conversions numeric,
             revenue numeric, media_cost numeric, billable_cost numeric, viewable bigint,
             completes bigint,
             primary key (org_id, dataset, dsp, advertiser_id, date, line_item_id)
         ) partition by range (date);
         create table bench.days_1 partition of bench.days for values from ('2026-09-01') to ('2026-10-01');
         create table bench.days_2 partition of bench.days for values from ('2026-10-01') to ('2026-11-01');
         create index on bench.days (org_id, dsp, insertion_order_id, date);
         reset role;",
    );
    done.execute(admin).await.context("make the bare table")?;
    Ok(())
}

/// From the first byte of the bare rows to the commit.
async fn copy(database: &TestDatabase, rows: &Path) -> Result<f64> {
    let mut owner = PgConnection::connect(database.url("cell_owner").as_str()).await?;
    let started = Instant::now();
    let mut file = tokio::fs::File::open(rows).await?;
    let mut copy = owner
        .copy_in_raw(
            "copy bench.days (date, partner_id, advertiser_id, advertiser, currency, time_zone, \
             campaign_id, campaign, insertion_order_id, insertion_order, line_item_id, line_item, \
             impressions, billable_impressions, clicks, conversions, revenue, media_cost, \
             billable_cost, viewable, completes) from stdin (format csv)",
        )
        .await?;
    let mut chunk = vec![0; 1 << 16];
    loop {
        match file.read(&mut chunk).await? {
            0 => break,
            length => copy.send(&chunk[..length]).await?,
        };
    }
    copy.finish().await?;
    Ok(started.elapsed().as_secs_f64())
}

async fn one_load(
    database: &TestDatabase,
    admin: &mut PgConnection,
    folder: &Path,
    report: Option<&Path>,
) -> Result<(f64, Loaded)> {
    one_load_of(database, admin, folder, report, 0).await
}

/// How long bronze took, and what the process that loads it says.
async fn one_load_of(
    database: &TestDatabase,
    admin: &mut PgConnection,
    folder: &Path,
    report: Option<&Path>,
    bytes: u64,
) -> Result<(f64, Loaded)> {
    let bronze = Url::from_directory_path(folder.join("bronze"));
    let bronze = bronze.map_err(|()| anyhow::anyhow!("a folder has an address"))?;
    let org = OrgId::new();
    let started = Instant::now();
    let stored = match report {
        Some(report) => Some(Bronze::open(&bronze)?.put_file(org, report).await?),
        None => None,
    };
    let took = started.elapsed().as_secs_f64();
    let order = Order {
        database: database.url("cell_app"),
        bronze,
        org,
        bronze_id: BronzeId::new(),
        sync_id: SyncId::new(),
        sha256: stored.map(|stored| stored.sha256),
        bytes: stored.map_or(bytes, |stored| stored.bytes),
    };
    prepare_org(admin, &order).await?;
    let program = std::env::current_exe().context("find this program")?;
    let mut process = tokio::process::Command::new(program);
    process.args(["ingest", "--load", &serde_json::to_string(&order)?]);
    let process = process.stdout(Stdio::piped()).spawn()?;
    let output = process.wait_with_output().await?;
    ensure!(output.status.success(), "the loading process failed");
    let loaded = serde_json::from_slice(&output.stdout).context("read what it said")?;
    Ok((took, loaded))
}

/// The org, and the manifest's row that a load refers to.
async fn prepare_org(admin: &mut PgConnection, order: &Order) -> Result<()> {
    let org = order.org.as_uuid();
    sqlx::query("set app.capture = 'off'")
        .execute(&mut *admin)
        .await?;
    for insert in [
        "insert into cell.org_state (org_id, epoch, state) values ($1, 1, 'active')",
        "insert into tenant.orgs (org_id, slug, name) values ($1, 'acme', 'Acme')",
    ] {
        sqlx::query(insert).bind(org).execute(&mut *admin).await?;
    }
    sqlx::query(
        "insert into tenant.bronze_objects (org_id, bronze_id, sha256, bytes, kind, connection_id, \
         request, length_proven) values ($1, $2, sha256('x'), $3, 'report', $2, '{}', true)",
    )
    .bind(org)
    .bind(order.bronze_id.as_uuid())
    .bind(order.bytes.cast_signed())
    .execute(admin)
    .await?;
    Ok(())
}

/// Both tables have every row and the sums that were written into the file.
async fn check_same(admin: &mut PgConnection, rows: u64, sums: &[u64; 9]) -> Result<()> {
    let tables = [
        "select count(*), sum(impressions), sum(billable_impressions), sum(clicks), \
         sum(conversions), sum(revenue * 1000000), sum(media_cost * 1000000), \
         sum(billable_cost * 1000000), sum(viewable), sum(completes) from bench.days",
        "select count(*), sum(impressions), sum(billable_impressions), sum(clicks), \
         sum(conversions_micros) / 1000000, sum(revenue_micros), sum(media_cost_micros), \
         sum(billable_cost_micros), sum((extra ->> 'active_view__viewable_impressions')::bigint), \
         sum((extra ->> 'complete_views__video_')::bigint) from tenant.line_item_days",
    ];
    for table in tables {
        let text = format!("select array[x.*]::text from ({table}) x (a,b,c,d,e,f,g,h,i,j)");
        let text = text.replace("x.*", "a, b, c, d, e, f, g, h, i, j");
        let found = sqlx::query(sqlx::AssertSqlSafe(text))
            .fetch_one(&mut *admin)
            .await?;
        let found: String = found.get(0);
        let found: Vec<f64> = found
            .trim_matches(['{', '}'])
            .split(',')
            .map(|number| number.parse().unwrap_or(f64::NAN))
            .collect();
        let expected: Vec<f64> = std::iter::once(rows)
            .chain(sums.iter().copied())
            .map(|number| number as f64)
            .collect();
        ensure!(found == expected, "{table} has {found:?}, not {expected:?}");
    }
    Ok(())
}

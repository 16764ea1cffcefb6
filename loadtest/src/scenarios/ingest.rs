//! Claims: a report of 500,000 rows and 21 columns, from its first byte over bronze to committed,
//! proven silver, under row-level security and with its indexes, at 0.8 times the speed of the
//! owner's `COPY` of its bare rows at least; the process that does it takes 64 MiB at most, for a
//! file of 5 GB too.
//!
//! Each round has a database of its own. `COPY` goes into a table with the same partitions and
//! indexes and no row-level security, over the same kind of connection, with the same durability;
//! it keeps all 21 columns. Ours writes bronze, reads the file from there, proves totals and footer,
//! keeps what the unified model has a place for, and writes ledger, days and watermarks.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use contracts::{BronzeId, OrgId, SyncId};
use serde::{Deserialize, Serialize};
use service_kit::config::HexKey;
use sqlx::{Connection, PgConnection, Row as _};
use tempfile::TempDir;
use test_kit::TestDatabase;
use test_kit::database::version_of;
use tokio::io::AsyncReadExt;
use url::Url;

use self::file::{Sequence, Sums};
use crate::cluster::Cluster;
use crate::report::{Report, Row};

mod file;

mod worker;

pub(crate) use worker::{load, nowhere};

const CONTEXT_KEY: [u8; 32] = [7; 32];
const GB: u64 = 1 << 30;
/// Files so large that they may not lie in memory, and the disk that each of their bytes takes: the
/// file, bronze, silver with its indexes and the log; the stage and what is sorted besides.
const LARGE: [(&str, Sequence, u64); 2] = [
    ("sorted", Sequence::Sorted, 6),
    ("in any order", Sequence::Any, 9),
];

/// What the measured process is to do.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    database: Url,
    bronze: Url,
    org: OrgId,
    bronze_id: BronzeId,
    sync_id: SyncId,
    report: PathBuf,
    /// The report is too large to lie around once bronze has it.
    discard: bool,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
struct Loaded {
    bronze_seconds: f64,
    seconds: f64,
    bytes: u64,
    rows: u64,
    control_total: bool,
    peak_mib: f64,
}

/// Nothing that was committed is lost when the machine dies.
const DURABLE: [&str; 4] = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=128MB",
];
const VOLATILE: [&str; 4] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
];
const CASES: [(&str, &[&str], Sequence); 3] = [
    ("sorted rows", &DURABLE, Sequence::Sorted),
    ("rows in any order", &DURABLE, Sequence::Any),
    ("rows in any order, no fsync", &VOLATILE, Sequence::Any),
];

/// One durability and one order of rows.
struct Case {
    name: &'static str,
    cluster: Cluster,
    folder: TempDir,
    rows: u64,
    sums: Sums,
    copy: Vec<f64>,
    bronze: Vec<f64>,
    ours: Vec<f64>,
    peak: Vec<f64>,
}

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (rounds, rows, large) = if quick {
        (2, 100_000, GB / 4)
    } else {
        (5, 500_000, 5 * GB)
    };
    let mut cases = Vec::new();
    for (name, settings, sequence) in CASES {
        cases.push(Case::prepare(name, settings, rows, sequence).await?);
    }
    for round in 0..rounds {
        for case in &mut cases {
            case.round(round).await?;
        }
    }
    let mut figures: Vec<Row> = cases.iter().flat_map(Case::figures).collect();
    drop(cases);
    for (name, sequence, disk) in LARGE {
        figures.extend(load_large(name, sequence, (large, disk)).await?);
    }
    Ok(Report::new("ingest", quick, figures))
}

impl Case {
    async fn prepare(
        name: &'static str,
        settings: &[&str],
        rows: u64,
        sequence: Sequence,
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("make a folder")?;
        let path = |name: &str| folder.path().join(name);
        Ok(Self {
            sums: file::write(&path("report.csv"), &path("rows.csv"), rows, sequence)?,
            name,
            cluster: Cluster::start(settings).await?,
            folder,
            rows,
            copy: Vec::new(),
            bronze: Vec::new(),
            ours: Vec::new(),
            peak: Vec::new(),
        })
    }

    async fn round(&mut self, round: u32) -> Result<()> {
        let database = prepared(&self.cluster).await?;
        let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
        make_bare_table(&mut admin).await?;
        let bare = self.folder.path().join("rows.csv");
        // In turn first, because the second finds warm caches and a fuller log.
        if round.is_multiple_of(2) {
            self.copy.push(copy(&database, &mut admin, &bare).await?);
        }
        let report = self.folder.path().join("report.csv");
        let ours = one_load(&database, &mut admin, self.folder.path(), (report, false)).await?;
        if !round.is_multiple_of(2) {
            self.copy.push(copy(&database, &mut admin, &bare).await?);
        }
        ensure!(ours.rows == self.rows && ours.control_total, "{ours:?}");
        check_same(&mut admin, self.rows, &self.sums).await?;
        let copied = self.copy.last().copied().unwrap_or_default();
        eprintln!(
            "  round {round}, {}: COPY {copied:.2} s, ours {:.2} s and bronze {:.2} s",
            self.name, ours.seconds, ours.bronze_seconds
        );
        self.bronze.push(ours.bronze_seconds);
        self.ours.push(ours.seconds);
        self.peak.push(ours.peak_mib);
        Ok(())
    }

    fn figures(&self) -> Vec<Row> {
        let name = self.name;
        let krows = self.rows as f64 / 1000.0;
        let rate =
            |seconds: &[f64]| -> Vec<f64> { seconds.iter().map(|one| krows / one).collect() };
        let ours = self.ours.iter().zip(&self.bronze);
        let whole: Vec<f64> = ours.map(|(ours, bronze)| ours + bronze).collect();
        let against = |ours: &[f64]| -> Vec<f64> {
            let pairs = self.copy.iter().zip(ours);
            pairs.map(|(copy, ours)| copy / ours).collect()
        };
        vec![
            Row::shown(format!("{name}: COPY"), "krow/s", &rate(&self.copy)),
            Row::shown(format!("{name}: ours"), "krow/s", &rate(&whole)),
            Row::at_least(format!("{name}: ours to COPY"), "x", &against(&whole), 0.8),
            Row::shown(
                format!("{name}: without writing bronze"),
                "x",
                &against(&self.ours),
            ),
            Row::at_most(format!("{name}: peak memory"), "MiB", &self.peak, 64.0),
        ]
    }
}

/// A file far larger than the memory that it may take, all of it into silver.
async fn load_large(
    order: &str,
    sequence: Sequence,
    (wanted, disk): (u64, u64),
) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir().context("make a folder")?;
    // A disk that is full stops more than this bench.
    let bytes = wanted.min(free_bytes(folder.path())? / disk);
    let gb = (bytes * 10 / GB) as f64 / 10.0;
    if bytes < wanted {
        eprintln!("  the disk has room for {gb} GB only");
    }
    let report = folder.path().join("report.csv");
    let rows = file::write_large(&report, bytes, sequence)?;
    let cluster = Cluster::start(&VOLATILE).await?;
    let database = prepared(&cluster).await?;
    let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
    let before = cluster.bytes_on_disk();
    let loading = one_load(&database, &mut admin, folder.path(), (report, true));
    let (loaded, most) = watch_disk(&cluster, loading).await?;
    ensure!(loaded.rows == rows && loaded.control_total, "{loaded:?}");
    let kept: i64 = sqlx::query_scalar("select count(*) from tenant.line_item_days")
        .fetch_one(&mut admin)
        .await?;
    ensure!(
        kept.unsigned_abs() == rows,
        "silver has {kept} rows of {rows}"
    );
    let disk = |bytes: u64| bytes.saturating_sub(before) as f64 / GB as f64;
    let seconds = loaded.seconds + loaded.bronze_seconds;
    let file = format!("{gb} GB {order}");
    Ok(vec![
        Row::at_most(
            format!("{file}, {rows} rows: peak memory"),
            "MiB",
            &[loaded.peak_mib],
            64.0,
        ),
        Row::shown(format!("{file}: bronze to silver"), "s", &[seconds]),
        Row::shown(
            format!("{file}: rows"),
            "krow/s",
            &[rows as f64 / 1000.0 / seconds],
        ),
        Row::shown(
            format!("{file}: most disk of Postgres"),
            "GB",
            &[disk(most)],
        ),
        Row::shown(
            format!("{file}: disk afterwards"),
            "GB",
            &[disk(cluster.bytes_on_disk())],
        ),
    ])
}

fn free_bytes(folder: &Path) -> Result<u64> {
    let disk = rustix::fs::statvfs(folder).context("ask how much room the disk has")?;
    Ok(disk.f_bavail * disk.f_frsize)
}

/// What comes of it, and the most that Postgres had on disk on the way.
async fn watch_disk(
    cluster: &Cluster,
    loading: impl Future<Output = Result<Loaded>>,
) -> Result<(Loaded, u64)> {
    let mut loading = std::pin::pin!(loading);
    let mut most = 0;
    loop {
        tokio::select! {
            loaded = &mut loading => return Ok((loaded?, most)),
            () = tokio::time::sleep(Duration::from_secs(2)) => {
                most = most.max(cluster.bytes_on_disk());
            }
        }
    }
}

/// A migrated cell's database.
pub(super) async fn prepared(cluster: &Cluster) -> Result<TestDatabase> {
    let version = version_of([cell::migrate::fingerprint()]);
    let build = |owner: Url| async move {
        let key = HexKey::new(CONTEXT_KEY);
        cell::migrate::run(owner.as_str(), "cell_app", "cell_mover", &key).await?;
        Ok(())
    };
    TestDatabase::create_in(cluster.url()?, "ingest", "cell_owner", &version, build).await
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
async fn copy(database: &TestDatabase, admin: &mut PgConnection, rows: &Path) -> Result<f64> {
    checkpoint(admin).await?;
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

/// What was written before is not written out while something is measured.
async fn checkpoint(admin: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql("checkpoint").execute(admin).await?;
    Ok(())
}

/// In a process of its own, whose memory is its own.
async fn one_load(
    database: &TestDatabase,
    admin: &mut PgConnection,
    folder: &Path,
    (report, discard): (PathBuf, bool),
) -> Result<Loaded> {
    let bronze = Url::from_directory_path(folder.join("bronze"));
    let order = Order {
        database: database.url("cell_app"),
        bronze: bronze.map_err(|()| anyhow::anyhow!("a folder has an address"))?,
        org: OrgId::new(),
        bronze_id: BronzeId::new(),
        sync_id: SyncId::new(),
        report,
        discard,
    };
    prepare_org(admin, &order).await?;
    checkpoint(admin).await?;
    let program = std::env::current_exe().context("find this program")?;
    let mut process = tokio::process::Command::new(program);
    process.args(["ingest", "--load", &serde_json::to_string(&order)?]);
    let process = process.stdout(Stdio::piped()).spawn()?;
    let output = process.wait_with_output().await?;
    ensure!(output.status.success(), "the loading process failed");
    serde_json::from_slice(&output.stdout).context("read what it said")
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
         request, length_proven) values ($1, $2, sha256('x'), 1, 'report', $2, '{}', true)",
    )
    .bind(org)
    .bind(order.bronze_id.as_uuid())
    .execute(admin)
    .await?;
    Ok(())
}

/// Both tables have every row and the sums that were written into the file.
async fn check_same(admin: &mut PgConnection, rows: u64, sums: &Sums) -> Result<()> {
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

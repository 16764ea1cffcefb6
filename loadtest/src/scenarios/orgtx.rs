//! Claim: the signed org context and the fence add at most 60 µs to a transaction of one statement,
//! compared with row-level security by a bare setting. No row-level security is shown beside it.
//!
//! Every variant reads one row by key from a table of 100 orgs over one TCP connection, in rounds that
//! alternate between the variants.

use std::time::Instant;

use anyhow::{Result, ensure};
use cell::tenancy::{DbSettings, OrgDb, OrgScope};
use contracts::{Epoch, OrgId};
use service_kit::config::HexKey;
use sqlx::{Connection, PgConnection};
use test_kit::TestDatabase;
use test_kit::database::version_of;

use crate::report::{Report, Row};

const CONTEXT_KEY: [u8; 32] = [7; 32];
const ORGS: usize = 100;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (rounds, transactions) = if quick { (9, 100) } else { (61, 400) };
    let database = prepared().await?;
    let mut bench = Bench::connect(&database).await?;
    bench.check().await?;
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..rounds {
        for (variant, times) in Variant::ALL.into_iter().zip(&mut times) {
            let started = Instant::now();
            for number in 0..transactions {
                bench.transaction(variant, number % ORGS).await?;
            }
            times.push(started.elapsed().as_secs_f64() * 1e6 / transactions as f64);
        }
    }
    let [none, plain, write, read] = &times;
    let over = |ours: &[f64]| -> Vec<f64> { ours.iter().zip(plain).map(|(a, b)| a - b).collect() };
    let rows = vec![
        Row::shown("no row-level security", "us", none),
        Row::shown("row-level security by a bare setting", "us", plain),
        Row::shown("signed context, write fence (OrgDb::begin)", "us", write),
        Row::shown("signed context, epoch only (begin_read)", "us", read),
        Row::at_most("write fence + signed context add", "us", &over(write), 60.0),
        Row::at_most("epoch check + signed context add", "us", &over(read), 60.0),
    ];
    Ok(Report::new("orgtx", quick, rows))
}

#[derive(Debug, Clone, Copy)]
enum Variant {
    None,
    Plain,
    Write,
    Read,
}

impl Variant {
    const ALL: [Self; 4] = [Self::None, Self::Plain, Self::Write, Self::Read];
}

struct Bench {
    orgs: Vec<OrgId>,
    plain: PgConnection,
    ours: OrgDb,
}

impl Bench {
    async fn connect(database: &TestDatabase) -> Result<Self> {
        let orgs = fill(database).await?;
        let settings = DbSettings {
            url: database.url("cell_app").to_string(),
            name: "bench",
            max_connections: 1,
            statement_timeout_ms: 10_000,
        };
        Ok(Self {
            orgs,
            plain: PgConnection::connect(database.url("cell_app").as_str()).await?,
            ours: OrgDb::new(&settings, &HexKey::new(CONTEXT_KEY))?,
        })
    }

    /// Every variant reads the row of its org, and only that one is there to be read.
    async fn check(&mut self) -> Result<()> {
        for variant in Variant::ALL {
            for number in [0, ORGS - 1] {
                let name = self.transaction(variant, number).await?;
                ensure!(name == format!("org {number}"), "{variant:?} read {name}");
            }
        }
        let mut tx = self
            .ours
            .begin(&OrgScope::vouched(self.orgs[0], Epoch::FIRST))
            .await?;
        let seen: i64 = sqlx::query_scalar("select count(*) from tenant.orgs")
            .fetch_one(&mut *tx)
            .await?;
        ensure!(seen == 1, "an org sees {seen} orgs");
        Ok(())
    }

    async fn transaction(&mut self, variant: Variant, number: usize) -> Result<String> {
        let org = self.orgs[number];
        let scope = OrgScope::vouched(org, Epoch::FIRST);
        match variant {
            Variant::None => {
                let mut tx = self.plain.begin().await?;
                let name = sqlx::query_scalar("select name from bench.orgs where org_id = $1")
                    .bind(org.as_uuid())
                    .fetch_one(&mut *tx)
                    .await?;
                tx.commit().await?;
                Ok(name)
            }
            Variant::Plain => {
                let mut tx = self.plain.begin().await?;
                sqlx::query("select set_config('bench.org_id', $1, true)")
                    .bind(org.as_uuid().to_string())
                    .execute(&mut *tx)
                    .await?;
                let name = sqlx::query_scalar("select name from bench.secured where org_id = $1")
                    .bind(org.as_uuid())
                    .fetch_one(&mut *tx)
                    .await?;
                tx.commit().await?;
                Ok(name)
            }
            Variant::Write | Variant::Read => {
                let mut tx = match variant {
                    Variant::Write => self.ours.begin(&scope).await?,
                    _ => self.ours.begin_read(&scope).await?,
                };
                let name = sqlx::query_scalar("select name from tenant.orgs where org_id = $1")
                    .bind(org.as_uuid())
                    .fetch_one(&mut *tx)
                    .await?;
                tx.commit().await?;
                Ok(name)
            }
        }
    }
}

/// A migrated cell database, as the cell's own `migrate` makes it.
async fn prepared() -> Result<TestDatabase> {
    let version = version_of([cell::migrate::fingerprint()]);
    TestDatabase::create("orgtx", "cell_owner", &version, |owner| async move {
        let key = HexKey::new(CONTEXT_KEY);
        cell::migrate::run(owner.as_str(), "cell_app", "cell_mover", &key).await?;
        Ok(())
    })
    .await
}

/// The same orgs in all three tables, put there by the superuser.
async fn fill(database: &TestDatabase) -> Result<Vec<OrgId>> {
    let mut admin = PgConnection::connect(database.superuser_url().as_str()).await?;
    sqlx::raw_sql(
        "create schema bench;
         create table bench.orgs (org_id uuid primary key, slug text not null, name text not null,
             created_at timestamptz not null default clock_timestamp());
         create table bench.secured (like bench.orgs including all);
         alter table bench.secured enable row level security;
         alter table bench.secured force row level security;
         create policy org on bench.secured
             using (org_id = (select nullif(current_setting('bench.org_id', true), '')::uuid));
         grant usage on schema bench to cell_app;
         grant select on bench.orgs, bench.secured to cell_app;",
    )
    .execute(&mut admin)
    .await?;
    let orgs: Vec<OrgId> = (0..ORGS).map(|_| OrgId::new()).collect();
    for (number, org) in orgs.iter().enumerate() {
        let name = format!("org {number}");
        sqlx::query("insert into cell.org_state (org_id, epoch, state) values ($1, 1, 'active')")
            .bind(org.as_uuid())
            .execute(&mut admin)
            .await?;
        for table in ["bench.orgs", "bench.secured", "tenant.orgs"] {
            let insert = format!("insert into {table} (org_id, slug, name) values ($1, $2, $3)");
            sqlx::query(sqlx::AssertSqlSafe(insert))
                .bind(org.as_uuid())
                .bind(format!("org-{number}"))
                .bind(&name)
                .execute(&mut admin)
                .await?;
        }
    }
    sqlx::raw_sql(
        "analyze bench.orgs; analyze bench.secured; analyze tenant.orgs; analyze cell.org_state",
    )
    .execute(&mut admin)
    .await?;
    Ok(orgs)
}

//! Claims: a year of 50 orgs with 50 line items each, read again from their files, gives silver
//! byte for byte as the loads left it, in less than 10 minutes.
//!
//! Every org has had a first file of ninety days and then one each morning over the days that may
//! still change, so most days are in eight files with eight different figures, and a replay has to
//! take each from the right one. `cell work`, the program, replays twice: first comparing, with
//! silver there; then with silver gone, putting it back. Only then is any time reported.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use contracts::OrgId;
use sqlx::{Connection, PgConnection};

use crate::report::{Report, Row};

mod cell;

mod year;

use self::cell::Cell;
pub(crate) use self::cell::{EDGE_KEY, settings, signing_key};
use self::year::Year;

const LIMIT_SECONDS: f64 = 600.0;
/// A replay that takes longer than this has stopped.
const DEADLINE: Duration = Duration::from_secs(3600);

pub(crate) async fn run(quick: bool) -> Result<Report> {
    service_kit::install_crypto();
    let (orgs, days) = if quick { (5, 120) } else { (50, 365) };
    let year = Year { days };
    let mut cell = Cell::start().await?;
    let mut admin = PgConnection::connect(cell.database.superuser_url().as_str()).await?;
    let started = Instant::now();
    let orgs = cell.fill(orgs, &year).await?;
    let seconds = started.elapsed().as_secs_f64();
    let files = year.files().len() * orgs.len();
    eprintln!(
        "  {} orgs, {files} files loaded in {seconds:.0} s",
        orgs.len()
    );
    let before = hashes(&mut admin, year.range()).await?;
    check_truth(&mut admin, &orgs, &year).await?;

    cell.work()?;
    let (compared, found) = replayed(&cell, &orgs, &year, true).await?;
    let mut rows = 0;
    for (org, replay) in &found {
        let diff = &replay.diff;
        ensure!(diff.before == diff.after, "{org} differs: {diff:?}");
        ensure!(diff.before.sha256.is_some(), "{org} has no hash");
        rows += diff.rows_equal;
    }
    ensure!(
        rows == year.rows() * orgs.len() as u64,
        "{rows} rows compared"
    );
    eprintln!("  compared in {compared:.1} s");

    lose(&mut admin).await?;
    let (restored, put) = replayed(&cell, &orgs, &year, false).await?;
    for (org, replay) in &put {
        let was = &found[org].diff.after.sha256;
        ensure!(
            replay.diff.after.sha256 == *was,
            "{org} came back as another"
        );
        ensure!(
            replay.diff.before.rows == 0,
            "{org} had not lost everything"
        );
    }
    let after = hashes(&mut admin, year.range()).await?;
    ensure!(
        before == after,
        "silver is not what it was, lineage and all"
    );
    check_truth(&mut admin, &orgs, &year).await?;
    eprintln!("  put back in {restored:.1} s");
    let peak = cell.stop()?;
    Ok(Report::new(
        "replay",
        quick,
        figures((rows, files), (compared, restored), peak),
    ))
}

fn figures(
    (rows, files): (u64, usize),
    (compared, restored): (f64, f64),
    peak_mib: f64,
) -> Vec<Row> {
    let per_second = |seconds: f64| rows as f64 / seconds;
    vec![
        Row::shown("rows of silver", "", &[rows as f64]),
        Row::shown("files", "", &[files as f64]),
        Row::at_most(
            "all orgs compared, nothing different",
            "s",
            &[compared],
            LIMIT_SECONDS,
        ),
        Row::shown("  rows of silver", "/s", &[per_second(compared)]),
        Row::at_most(
            "all orgs put back, byte for byte",
            "s",
            &[restored],
            LIMIT_SECONDS,
        ),
        Row::shown("  rows of silver", "/s", &[per_second(restored)]),
        Row::shown("  files", "/s", &[files as f64 / restored]),
        Row::at_most("peak memory of the worker", "MiB", &[peak_mib], 64.0),
    ]
}

type Replays = BTreeMap<OrgId, contracts::replays::Replay>;

/// All orgs at once, as an operator might ask for them.
async fn replayed(
    cell: &Cell,
    orgs: &[OrgId],
    year: &Year,
    dry_run: bool,
) -> Result<(f64, Replays)> {
    let started = Instant::now();
    let mut waiting = BTreeMap::new();
    for org in orgs {
        waiting.insert(*org, cell.start_replay(*org, year.range(), dry_run).await?);
    }
    let mut done = Replays::new();
    while !waiting.is_empty() {
        ensure!(started.elapsed() < DEADLINE, "the replays do not end");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let asked: Vec<_> = waiting.iter().map(|(org, id)| (*org, *id)).collect();
        for (org, id) in asked {
            let replay = cell.fetch_replay(org, id).await?;
            if replay.state.over() {
                ensure!(
                    replay.state == contracts::replays::ReplayState::Done,
                    "{org}: {}",
                    replay.message
                );
                waiting.remove(&org);
                done.insert(org, replay);
            }
        }
    }
    Ok((started.elapsed().as_secs_f64(), done))
}

/// Every column of silver and of what is known of its days, by org.
async fn hashes(
    admin: &mut PgConnection,
    (start, end): (NaiveDate, NaiveDate),
) -> Result<BTreeMap<uuid::Uuid, (String, String)>> {
    let rows: Vec<(uuid::Uuid, String, String)> = sqlx::query_as(
        "select f.org_id,
                encode(sha256(string_agg(f::text, e'\\n' order by advertiser_id, date,
                                         line_item_id)::bytea), 'hex'),
                (select encode(sha256(string_agg(d::text, e'\\n'
                                                 order by advertiser_id, date)::bytea), 'hex')
                   from (select dataset, dsp, advertiser_id, date, row_count, impressions, clicks,
                                revenue_micros, bronze_id, load_id, reported_at, certified
                           from tenant.loaded_days where org_id = f.org_id) d)
           from tenant.line_item_days f
          where date between $1 and $2
          group by f.org_id",
    )
    .bind(start)
    .bind(end)
    .fetch_all(admin)
    .await
    .context("hash silver")?;
    let by_org = rows
        .into_iter()
        .map(|(org, facts, days)| (org, (facts, days)));
    Ok(by_org.collect())
}

/// Silver has the figures of the last file that shows each day.
async fn check_truth(admin: &mut PgConnection, orgs: &[OrgId], year: &Year) -> Result<()> {
    let expected = year.truth();
    for org in orgs {
        let found: (i64, i64, i64, i64) = sqlx::query_as(
            "select count(*), sum(impressions)::bigint, sum(clicks)::bigint,
                    sum(revenue_micros)::bigint
               from tenant.line_item_days where org_id = $1",
        )
        .bind(org.as_uuid())
        .fetch_one(&mut *admin)
        .await?;
        let found = [found.0, found.1, found.2, found.3].map(i64::unsigned_abs);
        ensure!(found == expected, "{org} has {found:?}, not {expected:?}");
    }
    Ok(())
}

async fn lose(admin: &mut PgConnection) -> Result<()> {
    let lost = sqlx::raw_sql(
        "set app.capture = 'off';
         delete from tenant.line_item_days;
         delete from tenant.loaded_days;",
    );
    lost.execute(admin).await.context("lose silver")?;
    Ok(())
}

//! One run: every history walked through the same two months, day by day, with or without faults
//! and kills.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cell::app::App;
use cell::ingestion::sync::Kind;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use sqlx::Row;

use super::agency::{self, Agency};
use super::check::{self, Days, Moment, Tally, Window};
use super::parts::{Part, Parts};
use super::weather;

/// The clocks change in New York on 8 March, in Berlin on the 29th, in Sydney on 5 April.
const BUILT_ON: &str = "2026-03-20";
const FIRST_DAY: &str = "2026-03-10";
const DAILY_SYNCS: i64 = 30;
/// The month of the last days is closed on this one.
const LAST_DAY: &str = "2026-05-03";
/// All of this is settled at the end: more than sixty days of each advertiser.
const SETTLED: [&str; 2] = ["2026-02-05", "2026-04-30"];
/// What a daily sync reads again.
const LOOK_BACK: u64 = 8;
/// A sync that comes to nothing is started again this often on one day.
const ROUNDS: u32 = 12;
const PATIENCE: Duration = Duration::from_secs(240);

/// What a run came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) inside: Tally,
    pub(super) flags: Tally,
    pub(super) settled: Tally,
    pub(super) digests: Vec<String>,
    pub(super) syncs: u64,
    /// Syncs that failed or whose file was refused, and were started again.
    pub(super) repeated: u64,
    pub(super) reports: u64,
    /// Reports that were run and neither failed nor were used by anybody.
    pub(super) unused_reports: u64,
    pub(super) kills: [u64; 3],
    /// Seconds from each kill until syncs moved on again.
    pub(super) recoveries: Vec<f64>,
    pub(super) seconds: f64,
}

pub(super) struct Walk {
    parts: Parts,
    app: App,
    agencies: Vec<Agency>,
    world: Value,
    now: DateTime<Utc>,
    /// What people do; the same with and without chaos.
    people: StdRng,
    chaos: Option<StdRng>,
    last_settle: Duration,
    pub(super) outcome: Outcome,
}

pub(super) async fn run(seed: u64, histories: u32, chaos: bool) -> Result<Outcome> {
    let began = Instant::now();
    let mut walk = Walk::prepare(seed, histories, chaos).await?;
    let walked = walk.walk().await;
    if let Err(error) = walked {
        let logs = Part::ALL.map(|part| format!("{}:\n{}", part.name(), walk.parts.log_tail(part)));
        return Err(error.context(logs.join("\n\n")));
    }
    let mut outcome = walk.outcome;
    outcome.seconds = began.elapsed().as_secs_f64();
    Ok(outcome)
}

impl Walk {
    async fn prepare(seed: u64, histories: u32, chaos: bool) -> Result<Self> {
        let mut parts = Parts::prepare().await?;
        let told = [
            ("SEED", seed.to_string()),
            ("HISTORIES", histories.to_string()),
            ("BUILT_ON", BUILT_ON.to_owned()),
            ("REPORT_DELAY_MS", "0".to_owned()),
            ("STATE_DIR", parts.path("simulator").display().to_string()),
            ("QUOTAS__REPORTS_PER_DAY", "0".to_owned()),
            ("QUOTAS__REPORTS_PER_SECOND", "0".to_owned()),
            ("QUOTAS__ENTITIES_PER_MINUTE", "0".to_owned()),
            ("QUOTAS__ENTITIES_PER_MINUTE_AND_ADVERTISER", "0".to_owned()),
            ("QUOTAS__RUNS_PER_DAY_AND_USER", "0".to_owned()),
        ];
        parts.simulator = told
            .map(|(name, value)| (format!("SIMULATOR_{name}"), value))
            .to_vec();
        parts.worker = agency::settings(&parts);
        parts.start(Part::Simulator).await?;
        let app = agency::open(&parts).await?;
        let mut walk = Self {
            parts,
            app,
            agencies: Vec::new(),
            world: Value::Null,
            now: at(day(FIRST_DAY)),
            people: StdRng::seed_from_u64(seed),
            chaos: chaos.then(|| StdRng::seed_from_u64(seed ^ 0xc4a05)),
            last_settle: Duration::from_secs(1),
            outcome: Outcome::default(),
        };
        walk.travel(walk.now).await?;
        walk.world = walk.ask("/sim/world").await?;
        for number in 0..histories as usize {
            let joined = Agency::join(&walk.app, &walk.world, number, walk.now).await?;
            walk.agencies.push(joined);
        }
        if chaos {
            walk.tell("PUT", "/sim/faults", &weather::faults()).await?;
        }
        walk.parts.start(Part::Worker).await?;
        Ok(walk)
    }

    async fn walk(&mut self) -> Result<()> {
        self.finish(Kind::Backfill).await?;
        self.check_inside().await?;
        for number in 1..=DAILY_SYNCS {
            let date = day(FIRST_DAY) + TimeDelta::days(number);
            self.live_through(date).await?;
        }
        self.live_through(day(LAST_DAY)).await?;
        self.check_settled().await?;
        self.count_reports().await
    }

    /// People change things, everybody's daily sync runs, and on the third the month's.
    async fn live_through(&mut self, date: NaiveDate) -> Result<()> {
        self.change_things().await?;
        let minutes = self.people.random_range(0..200);
        self.travel(at(date) + TimeDelta::minutes(minutes)).await?;
        self.sync(Kind::Daily).await?;
        if date.day() == 3 {
            self.sync(Kind::MonthClose).await?;
        }
        self.check_inside().await
    }

    async fn sync(&mut self, kind: Kind) -> Result<()> {
        for agency in &self.agencies {
            agency.start_sync(&self.app, kind, self.now).await?;
        }
        self.finish(kind).await
    }

    /// Waits for every sync to be over, and starts again those that came to nothing.
    async fn finish(&mut self, kind: Kind) -> Result<()> {
        for _ in 0..ROUNDS {
            self.settle().await?;
            let undone = self.undone(kind).await?;
            self.outcome.repeated += undone.len() as u64;
            if undone.is_empty() {
                return Ok(());
            }
            for agency in self
                .agencies
                .iter()
                .filter(|one| undone.contains(&one.scope.org().as_uuid()))
            {
                agency.start_sync(&self.app, kind, self.now).await?;
            }
        }
        bail!("a sync comes to nothing {ROUNDS} times in a row")
    }

    /// The orgs whose latest sync of a kind is not done.
    async fn undone(&self, kind: Kind) -> Result<BTreeSet<uuid::Uuid>> {
        let mut database = self.parts.superuser().await?;
        let rows = sqlx::query(
            "select distinct on (org_id) org_id, step from tenant.syncs where kind = $1
              order by org_id, created_at desc, sync_id desc",
        )
        .bind(kind.as_str())
        .fetch_all(&mut database)
        .await?;
        let mut undone = BTreeSet::new();
        for row in rows {
            if row.try_get::<String, _>(1)? != "done" {
                undone.insert(row.try_get(0)?);
            }
        }
        Ok(undone)
    }

    /// Until no sync is under way. Waiting for a second try is skipped, as all other time is.
    async fn settle(&mut self) -> Result<()> {
        let began = Instant::now();
        let mut kill = self.plan_kill();
        let mut killed: Option<(Instant, i64)> = None;
        let mut under_way = String::new();
        loop {
            if let Some((part, after)) = kill.filter(|(_, after)| began.elapsed() >= *after) {
                kill = None;
                let steps = self.steps_taken().await?;
                killed = Some((Instant::now(), steps));
                tracing_line(&format!("{} is killed after {after:?}", part.name()));
                self.parts.kill(part)?;
                self.outcome.kills[part as usize] += 1;
                self.parts.start(part).await?;
            }
            let left = self.hurry().await?;
            if let Some((at, steps)) = killed
                && (left == 0 || self.steps_taken().await? > steps)
            {
                self.outcome.recoveries.push(at.elapsed().as_secs_f64());
                killed = None;
            }
            if left == 0 {
                self.last_settle = began.elapsed();
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                under_way = self.describe_under_way().await?;
            }
            ensure!(under_way.is_empty(), "syncs are stuck: {under_way}");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Which part dies how long after the syncs began, one settling in two.
    fn plan_kill(&mut self) -> Option<(Part, Duration)> {
        let chaos = self.chaos.as_mut()?;
        if chaos.random_bool(0.5) {
            return None;
        }
        let part = Part::ALL[chaos.random_range(0..3)];
        let latest = self.last_settle.as_millis().clamp(100, 20_000) as u64;
        Some((part, Duration::from_millis(chaos.random_range(0..latest))))
    }

    async fn steps_taken(&self) -> Result<i64> {
        let mut database = self.parts.superuser().await?;
        let steps =
            sqlx::query_scalar("select coalesce(sum(revision), 0)::bigint from tenant.syncs");
        Ok(steps.fetch_one(&mut database).await?)
    }

    /// Makes every waiting sync due, also behind an open breaker; how many are not over.
    async fn hurry(&self) -> Result<i64> {
        let mut database = self.parts.superuser().await?;
        sqlx::raw_sql(
            "update tenant.breakers set retry_at = clock_timestamp()
              where state = 'open' and retry_at > clock_timestamp();
             update tenant.syncs set state = jsonb_set(state, '{state,until}', to_jsonb(clock_timestamp()))
              where step = 'paused' and (state #>> '{state,until}')::timestamptz > clock_timestamp();
             update tenant.jobs set run_at = clock_timestamp()
              where kind = 'ingestion.sync' and state = 'queued'
                and run_at > clock_timestamp() + interval '50 ms';
             select pg_notify('jobs', '')",
        )
        .execute(&mut database)
        .await?;
        let left =
            sqlx::query_scalar("select count(*) from tenant.syncs where finished_at is null");
        Ok(left.fetch_one(&mut database).await?)
    }

    async fn describe_under_way(&self) -> Result<String> {
        let mut database = self.parts.superuser().await?;
        let text: Option<String> = sqlx::query_scalar(
            "select string_agg(concat_ws(' ', s.step, j.state, j.attempts, j.last_error), '; ')
               from tenant.syncs s left join tenant.jobs j on j.org_id = s.org_id and j.job_id = s.sync_id
              where s.finished_at is null",
        )
        .fetch_one(&mut database)
        .await?;
        Ok(text.unwrap_or_default())
    }

    async fn check_inside(&mut self) -> Result<()> {
        let mut database = self.parts.superuser().await?;
        let simulator = self.parts.simulator_url();
        let moment = Moment {
            world: &self.world,
            now: self.now,
        };
        let window = Window::Last(LOOK_BACK);
        for agency in &self.agencies {
            let figures =
                check::figures(&mut database, &simulator, agency, moment, window, true).await?;
            self.outcome.inside.add(figures);
            let flags = check::certified(&mut database, agency, moment, window).await?;
            self.outcome.flags.add(flags);
        }
        Ok(())
    }

    async fn check_settled(&mut self) -> Result<()> {
        let mut database = self.parts.superuser().await?;
        let simulator = self.parts.simulator_url();
        let moment = Moment {
            world: &self.world,
            now: self.now,
        };
        let [from, to] = SETTLED.map(day);
        let window = Window::Fixed(Days { from, to });
        for agency in &self.agencies {
            let figures =
                check::figures(&mut database, &simulator, agency, moment, window, false).await?;
            self.outcome.settled.add(figures);
            let flags = check::certified(&mut database, agency, moment, window).await?;
            self.outcome.flags.add(flags);
            self.outcome
                .digests
                .push(check::digest(&mut database, agency).await?);
        }
        let count = sqlx::query_scalar::<_, i64>("select count(*) from tenant.syncs");
        self.outcome.syncs = u64::try_from(count.fetch_one(&mut database).await?)?;
        Ok(())
    }

    /// Every report that was ever run is in the simulator's journal, deleted or not.
    async fn count_reports(&mut self) -> Result<()> {
        let journal = self.parts.path("simulator").join("journal.jsonl");
        let text = std::fs::read_to_string(journal).context("read the simulator's journal")?;
        let mut database = self.parts.superuser().await?;
        let used: Vec<String> = sqlx::query_scalar(
            "select distinct report_id from tenant.bronze_objects where report_id is not null",
        )
        .fetch_all(&mut database)
        .await?;
        let used: BTreeSet<String> = used.into_iter().collect();
        for line in text.lines() {
            let entry: Value = serde_json::from_str(line)?;
            let report = &entry["report"];
            let Some(id) = report["id"].as_u64() else {
                continue;
            };
            self.outcome.reports += 1;
            let failed = ["failed", "done_without_path"]
                .iter()
                .any(|kind| report["fault"] == *kind);
            self.outcome.unused_reports += u64::from(!failed && !used.contains(&id.to_string()));
        }
        Ok(())
    }

    /// Budgets move, line items are archived and taken back, names become awkward.
    async fn change_things(&mut self) -> Result<()> {
        for _ in 0..self.agencies.len().div_ceil(4) {
            let agency = self.people.random_range(0..self.agencies.len());
            let advertisers = &self.agencies[agency].advertisers;
            let advertiser = &advertisers[self.people.random_range(0..advertisers.len())];
            let date = self.now.date_naive() - TimeDelta::days(3);
            let path = format!("/sim/truth?advertiser={advertiser}&from={date}&to={date}");
            let rows = self.ask(&path).await?["rows"].clone();
            let rows = rows.as_array().context("rows of truth")?;
            let draw: u32 = self.people.random();
            if rows.is_empty() {
                continue;
            }
            let row = &rows[draw as usize % rows.len()];
            let edit = weather::edit(row, self.now, &mut self.people);
            self.tell("POST", "/sim/edits", &edit).await?;
        }
        Ok(())
    }

    async fn travel(&mut self, now: DateTime<Utc>) -> Result<()> {
        self.now = now;
        let change = json!({"now": now.to_rfc3339(), "speed": 0});
        self.tell("POST", "/sim/config", &change).await
    }

    async fn ask(&self, path: &str) -> Result<Value> {
        let answer = reqwest::get(format!("{}{path}", self.parts.simulator_url())).await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    async fn tell(&self, method: &str, path: &str, body: &Value) -> Result<()> {
        let url = format!("{}{path}", self.parts.simulator_url());
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let answer = reqwest::Client::new()
            .request(method, url)
            .json(body)
            .send()
            .await?;
        let status = answer.status();
        ensure!(
            status.is_success(),
            "{path}: {status}: {}",
            answer.text().await?
        );
        Ok(())
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("the dates above are dates")
}

/// In the evening of Greenwich every zone has the same date or the next one.
fn at(date: NaiveDate) -> DateTime<Utc> {
    date.and_hms_opt(20, 0, 0)
        .expect("an hour of the day")
        .and_utc()
}

fn tracing_line(text: &str) {
    eprintln!("  {text}");
}

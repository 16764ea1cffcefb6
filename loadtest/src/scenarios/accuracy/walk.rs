//! One walk: some histories from winter to spring, morning by morning, with or without faults and
//! kills. Whoever starts it hands over a clock; all that runs goes by it, this process too.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use cell::app::App;
use cell::ingestion::sync::Kind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use contracts::CellId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, Row};
use test_kit::parts::{Part, Parts};
use test_kit::rig::Clock;

use super::check::{self, Days, Source, Tally};
use super::time::Timekeeper;
use super::weather;
use crate::scenarios::agency::{self, Agency, Place};

/// The clocks change in New York on 8 March, in Berlin and London on the 29th, in Sydney on 5 April.
const BUILT_ON: &str = "2026-03-20";
const FIRST_DAY: &str = "2026-03-10";
/// Every morning up to this one.
const MORNINGS_TO: &str = "2026-04-12";
/// Then nothing runs for two weeks, and everything has to be caught up with.
const BACK_ON: [&str; 2] = ["2026-04-27", "2026-04-28"];
/// By then everybody has read the closed month again.
const LAST_DAY: &str = "2026-05-12";
/// All of this is settled at the end: more than sixty days of each advertiser.
const SETTLED: [&str; 2] = ["2026-02-05", "2026-04-30"];
/// A sync that comes to nothing is started again this often on one day.
const ROUNDS: u32 = 12;

/// Which histories, and how.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) seed: u64,
    pub(super) from: u32,
    pub(super) histories: u32,
    pub(super) disturbed: bool,
}

/// Somebody's sync, from a moment to another.
struct Span {
    owner: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    step: String,
    kind: String,
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, step) = (&self.kind, &self.step);
        write!(f, "{kind} sync, {step}, from {} to {}", self.from, self.to)
    }
}

/// What a walk came to.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) inside: Tally,
    pub(super) flags: Tally,
    pub(super) settled: Tally,
    pub(super) digests: Vec<String>,
    pub(super) syncs: u64,
    /// Of them, those that took the report which the source makes by itself.
    pub(super) mornings: u64,
    /// Syncs that failed or whose file was refused, and were started again.
    pub(super) repeated: u64,
    /// Connections whose consent had ended, and that were connected again.
    pub(super) consents: u64,
    /// Reports that were ordered, and those that the source made by itself.
    pub(super) ordered: u64,
    pub(super) by_itself: u64,
    /// Reports that were ordered, came to something, and were used by nobody, though the sync that
    /// ordered them did not fail.
    pub(super) duplicates: u64,
    /// What was under way when they were, for whoever looks into it.
    #[serde(default)]
    pub(super) duplicates_of: Vec<String>,
    /// How many reports met which fault.
    pub(super) faults: std::collections::BTreeMap<String, u64>,
    pub(super) kills: [u64; 3],
    /// Seconds from each kill until syncs moved on again.
    pub(super) recoveries: Vec<f64>,
    pub(super) seconds: f64,
}

pub(super) struct Walk {
    pub(super) parts: Parts,
    app: App,
    agencies: Vec<Agency>,
    world: Value,
    /// What people do; the same with and without chaos.
    people: StdRng,
    changed_on: NaiveDate,
    pub(super) time: Timekeeper,
    /// When each report was made, going by the source's journal up to a place.
    made_at: HashMap<String, DateTime<Utc>>,
    read_to: u64,
    pub(super) outcome: Outcome,
}

pub(super) async fn run(order: Order) -> Result<Outcome> {
    let began = Instant::now();
    let mut walk = Walk::prepare(order).await?;
    if let Err(error) = walk.walk().await {
        let logs = Part::ALL.map(|part| format!("{}:\n{}", part.name(), walk.parts.log_tail(part)));
        return Err(error.context(logs.join("\n\n")));
    }
    let mut outcome = walk.outcome;
    outcome.seconds = began.elapsed().as_secs_f64();
    Ok(outcome)
}

impl Walk {
    async fn prepare(order: Order) -> Result<Self> {
        let Order {
            seed,
            from,
            histories,
            disturbed,
        } = order;
        let mut parts = Parts::prepare().await?;
        let told = [
            ("SEED", seed.to_string()),
            ("HISTORIES", histories.to_string()),
            ("FIRST_HISTORY", from.to_string()),
            ("BUILT_ON", BUILT_ON.to_owned()),
            ("OBSERVED_DELAYS", "true".to_owned()),
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
        let database = |role| parts.database_url(role, "cell");
        let place = Place {
            cell: CellId::new(),
            database: [database("cell_app"), database("cell_owner")],
            bronze: parts.path("bronze"),
            simulator: parts.simulator_url(),
        };
        parts.worker = agency::settings(&place, &[]);
        parts.start(Part::Simulator).await?;
        let app = agency::open(&place).await?;
        let seed = seed ^ (u64::from(from) << 32);
        let chaos = disturbed.then(|| StdRng::seed_from_u64(seed ^ 0xc4a05));
        let mut walk = Self {
            time: Timekeeper::new(Clock::inherited()?, chaos),
            parts,
            app,
            agencies: Vec::new(),
            world: Value::Null,
            people: StdRng::seed_from_u64(seed),
            changed_on: day(FIRST_DAY),
            made_at: HashMap::new(),
            read_to: 0,
            outcome: Outcome::default(),
        };
        walk.world = walk.ask("/sim/world").await?;
        for number in 0..histories as usize {
            let joined =
                Agency::join(&walk.app, &walk.world, (number, usize::MAX), Utc::now()).await?;
            walk.agencies.push(joined);
        }
        if disturbed {
            walk.tell("PUT", "/sim/faults", &weather::faults()).await?;
        }
        walk.parts.start(Part::Worker).await?;
        Ok(walk)
    }

    async fn walk(&mut self) -> Result<()> {
        let first = day(FIRST_DAY);
        self.finish(evening(first)).await?;
        self.check_inside().await?;
        let mornings = first.iter_days().skip(1);
        for date in mornings.take_while(|date| *date <= day(MORNINGS_TO)) {
            self.live_through(date).await?;
        }
        for date in BACK_ON.into_iter().chain([LAST_DAY]).map(day) {
            // Nobody worked before it, so the mornings in between are over.
            self.time.skip_to(&self.parts, midnight(date)).await?;
            self.live_through(date).await?;
        }
        self.check_settled().await?;
        self.count_reports().await
    }

    /// People change things at noon, whatever is under way; everybody's morning comes, and what came
    /// to nothing is started again.
    async fn live_through(&mut self, date: NaiveDate) -> Result<()> {
        if self.changed_on < date {
            let passed = self
                .time
                .pass_to(&mut self.parts, noon(date), &mut self.outcome);
            passed.await?;
            self.change_things(date).await?;
        }
        if let Some(agency) = self.time.draw(self.agencies.len()) {
            let fault = weather::token_fault(&self.agencies[agency].email, date);
            self.tell("PUT", "/sim/faults", &fault).await?;
        }
        self.finish(evening(date)).await?;
        self.check_inside().await
    }

    /// Lets time pass until then, and until no sync is under way and none has come to nothing.
    async fn finish(&mut self, until: DateTime<Utc>) -> Result<()> {
        let mut again = HashSet::new();
        for _ in 0..ROUNDS {
            // A quota that is used up lasts until the next morning, and people do not wait for it.
            loop {
                let next = self.changed_on.succ_opt().context("the day after")?;
                let mut limit = noon(next);
                if !lives_on(next) {
                    limit = until + TimeDelta::days(7);
                }
                let (time, parts) = (&mut self.time, &mut self.parts);
                let ended = time.pass_and_end(parts, until, limit, &mut self.outcome);
                if ended.await? {
                    break;
                }
                self.change_things(next).await?;
            }
            let undone = self.undone().await?;
            if undone.is_empty() {
                return Ok(());
            }
            for (org, kind, paused) in undone {
                again.insert(org);
                self.outcome.repeated += 1;
                let mut all = self.agencies.iter_mut();
                let agency = all.find(|one| one.scope.org().as_uuid() == org);
                let agency = agency.context("find the agency of a sync")?;
                if paused {
                    agency.consent(&self.app).await?;
                    self.outcome.consents += 1;
                } else {
                    agency.start_sync(&self.app, kind, Utc::now()).await?;
                }
            }
        }
        bail!("syncs of {again:?} come to nothing {ROUNDS} times in a row")
    }

    /// The orgs whose latest sync of a kind is not done, and whether their consent has ended.
    async fn undone(&self) -> Result<Vec<(uuid::Uuid, Kind, bool)>> {
        let mut database = self.parts.superuser().await?;
        let rows = sqlx::query(
            "select s.org_id, s.kind, c.state = 'paused'
               from (select distinct on (org_id, kind) org_id, connection_id, kind, step
                       from tenant.syncs order by org_id, kind, created_at desc, sync_id desc) s
               join tenant.connections c
                 on c.org_id = s.org_id and c.connection_id = s.connection_id
              where s.step <> 'done'",
        )
        .fetch_all(&mut database)
        .await?;
        let undone = rows.iter().map(|row| {
            let kind: String = row.try_get(1)?;
            let kinds = [Kind::Backfill, Kind::Daily, Kind::MonthClose];
            let kind = kinds.into_iter().find(|one| one.as_str() == kind);
            let kind = kind.context("a kind of sync that nobody started")?;
            Ok((row.try_get(0)?, kind, row.try_get(2)?))
        });
        undone.collect()
    }

    async fn check_inside(&mut self) -> Result<()> {
        self.read_journal(|_| {})?;
        let mut database = self.parts.superuser().await?;
        let url = self.parts.simulator_url();
        let source = Source {
            url: &url,
            world: &self.world,
            made_at: &self.made_at,
            now: Utc::now(),
        };
        for agency in &self.agencies {
            let (figures, flags) = check::inside(&mut database, &source, agency).await?;
            self.outcome.inside.add(&figures);
            self.outcome.flags.add(&flags);
        }
        Ok(())
    }

    async fn check_settled(&mut self) -> Result<()> {
        let mut database = self.parts.superuser().await?;
        let url = self.parts.simulator_url();
        let source = Source {
            url: &url,
            world: &self.world,
            made_at: &self.made_at,
            now: Utc::now(),
        };
        let [from, to] = SETTLED.map(day);
        for agency in &self.agencies {
            let days = Days { from, to };
            let figures = check::settled(&mut database, &source, agency, days).await?;
            self.outcome.settled.add(&figures);
            let digest = check::digest(&mut database, agency, to).await?;
            self.outcome.digests.push(digest);
        }
        let count = sqlx::query_scalar::<_, i64>("select count(*) from tenant.syncs");
        self.outcome.syncs = u64::try_from(count.fetch_one(&mut database).await?)?;
        Ok(())
    }

    /// The entries of the source's journal since the last time; reports are noted on the way.
    fn read_journal(&mut self, mut each: impl FnMut(&Value)) -> Result<()> {
        let path = self.parts.path("simulator").join("journal.jsonl");
        let file = std::fs::File::open(path).context("read the simulator's journal")?;
        let mut file = BufReader::new(file);
        file.seek(SeekFrom::Start(self.read_to))?;
        let mut line = String::new();
        loop {
            line.clear();
            let read = file.read_line(&mut line)?;
            if !line.ends_with('\n') {
                return Ok(());
            }
            self.read_to += read as u64;
            let entry: Value = serde_json::from_str(&line)?;
            let report = &entry["report"];
            if let (Some(id), Some(made)) = (
                report["id"].as_u64(),
                report["request"]["now"]["instant"].as_str(),
            ) {
                self.made_at.insert(id.to_string(), made.parse()?);
            }
            each(&entry);
        }
    }

    /// Every report that was ever run is in the simulator's journal, deleted or not.
    async fn count_reports(&mut self) -> Result<()> {
        let mut database = self.parts.superuser().await?;
        let used: Vec<String> = sqlx::query_scalar(
            "select distinct report_id from tenant.bronze_objects where report_id is not null",
        )
        .fetch_all(&mut database)
        .await?;
        let used: HashSet<String> = used.into_iter().collect();
        let spans = self.spans(&mut database).await?;
        let mut owners: HashMap<u64, String> = HashMap::new();
        self.read_to = 0;
        let mut outcome = std::mem::take(&mut self.outcome);
        let read = self.read_journal(|entry| {
            if let (Some(id), Some(owner)) = (
                entry["query"][0].as_u64(),
                entry["query"][1]["owner"].as_str(),
            ) {
                owners.insert(id, owner.to_owned());
            }
            let report = &entry["report"];
            let Some(id) = report["id"].as_u64() else {
                return;
            };
            let used = used.contains(&id.to_string());
            let met = weather::names(report);
            for fault in &met {
                *outcome.faults.entry(fault.clone()).or_default() += 1;
            }
            if report["scheduled"] == true {
                outcome.by_itself += 1;
                outcome.mornings += u64::from(used);
                return;
            }
            outcome.ordered += 1;
            let nothing = weather::COME_TO_NOTHING;
            let nothing = met.iter().any(|fault| nothing.contains(&fault.as_str()));
            let made = report["request"]["now"]["instant"].as_str();
            let made: Option<DateTime<Utc>> = made.and_then(|text| text.parse().ok());
            let owner = report["query_id"].as_u64().and_then(|id| owners.get(&id));
            let (Some(owner), Some(made)) = (owner, made) else {
                return;
            };
            let around = |one: &&Span| one.owner == *owner && one.from <= made && made <= one.to;
            let around: Vec<&Span> = spans.iter().filter(around).collect();
            if used || nothing || around.iter().any(|one| one.step == "failed") {
                return;
            }
            outcome.duplicates += 1;
            let syncs: Vec<String> = around.into_iter().map(Span::to_string).collect();
            outcome.duplicates_of.push(format!(
                "report {id} of {owner}, made {made}, met {met:?}: {}",
                syncs.join("; ")
            ));
        });
        self.outcome = outcome;
        read
    }

    /// Of all syncs.
    async fn spans(&self, database: &mut PgConnection) -> Result<Vec<Span>> {
        let rows = sqlx::query(
            "select org_id, created_at, coalesce(finished_at, clock_timestamp()), step, kind
               from tenant.syncs order by created_at",
        )
        .fetch_all(database)
        .await?;
        let span = |row: &sqlx::postgres::PgRow| {
            let org: uuid::Uuid = row.try_get(0)?;
            let mut all = self.agencies.iter();
            let agency = all.find(|one| one.scope.org().as_uuid() == org);
            let agency = agency.context("find the agency of a sync")?;
            Ok(Span {
                owner: agency.email.clone(),
                from: row.try_get(1)?,
                to: row.try_get(2)?,
                step: row.try_get(3)?,
                kind: row.try_get(4)?,
            })
        };
        rows.iter().map(span).collect()
    }

    /// Budgets move, line items are archived and taken back, names become awkward.
    async fn change_things(&mut self, date: NaiveDate) -> Result<()> {
        self.changed_on = date;
        let three_days_ago = date - TimeDelta::days(3);
        for _ in 0..self.agencies.len().div_ceil(4) {
            let agency = self.people.random_range(0..self.agencies.len());
            let advertisers = &self.agencies[agency].advertisers;
            let advertiser = &advertisers[self.people.random_range(0..advertisers.len())];
            let path = format!(
                "/sim/truth?advertiser={advertiser}&from={three_days_ago}&to={three_days_ago}"
            );
            let rows = self.ask(&path).await?["rows"].clone();
            let rows = rows.as_array().context("rows of truth")?;
            let draw: u32 = self.people.random();
            if rows.is_empty() {
                continue;
            }
            let row = &rows[draw as usize % rows.len()];
            let edit = weather::edit(row, date, &mut self.people);
            self.tell("POST", "/sim/edits", &edit).await?;
        }
        Ok(())
    }

    async fn ask(&self, path: &str) -> Result<Value> {
        let answer = reqwest::get(format!("{}{path}", self.parts.simulator_url())).await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    async fn tell(&self, method: &str, path: &str, body: &Value) -> Result<()> {
        let url = format!("{}{path}", self.parts.simulator_url());
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let request = reqwest::Client::new().request(method, url).json(body);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status}: {text}");
        Ok(())
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("the dates above are dates")
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

fn noon(date: NaiveDate) -> DateTime<Utc> {
    midnight(date) + TimeDelta::hours(12)
}

/// Whether people change things on it, rather than skip it.
fn lives_on(date: NaiveDate) -> bool {
    let back_on = BACK_ON.map(day);
    (day(FIRST_DAY) < date && date <= day(MORNINGS_TO))
        || back_on.contains(&date)
        || date == day(LAST_DAY)
}

/// By then the morning's sync of every zone is over: it is nine o'clock at least in the last one.
fn evening(date: NaiveDate) -> DateTime<Utc> {
    midnight(date) + TimeDelta::hours(17)
}

/// When a walk begins: so early that the first of the daily syncs, a day later, is over by evening.
pub(super) fn beginning() -> DateTime<Utc> {
    midnight(day(FIRST_DAY)) + TimeDelta::hours(8)
}

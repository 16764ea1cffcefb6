//! A thousand orgs through days of the quota, in a process that goes by a calendar of its own: once
//! with shares, leases and fair parts, once first come, first served.
//!
//! Time passes as fast as the work allows: where no job runs or is due, everybody travels to the next
//! moment at which one is. What is taken a second is therefore taken in a real one.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cell::connections::Start;
use cell::ingestion::sync::{Kind, Starter};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use contracts::quota;
use futures::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use test_kit::rig::Clock;
use uuid::Uuid;

use super::fleet::{Fleet, Terms};
use crate::scenarios::agency::Agency;

const BUILT_ON: &str = "2026-03-20";
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// Whoever is due within this is taken along; what is said of waits is so exact.
const TOGETHER: TimeDelta = TimeDelta::seconds(30);
/// Longer without anything done and the walk is stuck.
const PATIENCE: Duration = Duration::from_secs(180);
const JOIN_AT_ONCE: usize = 24;
/// Cells are of different sizes, too.
const CELLS: [usize; 3] = [50, 30, 20];
/// Days before the measured ones: everybody's first report, and the first morning.
const SETTLING: u64 = 2;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) orgs: usize,
}

/// By what an org wants besides its mornings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Size {
    Small,
    Medium,
    Large,
}

impl Size {
    pub(super) const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Two in a hundred are large, ten medium.
    fn of(number: usize) -> Self {
        match number {
            _ if number % 50 == 7 => Self::Large,
            _ if number % 10 == 3 => Self::Medium,
            _ => Self::Small,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    const fn advertisers(self) -> usize {
        match self {
            Self::Small => 1,
            Self::Medium => 2,
            Self::Large => 3,
        }
    }

    /// Reports of old days that it wants on each measured day, one after another.
    const fn windows(self) -> u64 {
        match self {
            Self::Small => 0,
            Self::Medium => 3,
            Self::Large => 40,
        }
    }
}

/// Noon over there on the day the world is laid around.
pub(super) fn beginning() -> DateTime<Utc> {
    let day: NaiveDate = BUILT_ON.parse().expect("it is a day");
    quota::end_of(day) - TimeDelta::hours(12)
}

/// What a measured day came to.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Day {
    /// Seconds from the schedule's wish to the data; of those that were not served by the end of the
    /// day, until then.
    pub(super) waits: BTreeMap<Size, Vec<f64>>,
    /// Of each org: the part of its mornings that was served on the day.
    pub(super) served: BTreeMap<Size, Vec<f64>>,
    /// Reports of old days that were loaded.
    pub(super) bulk: u64,
    pub(super) reports: u64,
    /// Seen by the source.
    pub(super) requests: u64,
    pub(super) refused: u64,
    pub(super) most_a_second: u64,
    pub(super) entity_requests: u64,
    pub(super) most_entities_a_minute: u64,
    pub(super) seconds: f64,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) orgs: usize,
    pub(super) joining_seconds: f64,
    pub(super) leased: Day,
    pub(super) first_come: Day,
}

struct Member {
    cell: usize,
    size: Size,
    agency: Agency,
    windows_left: u64,
}

struct Walk {
    fleet: Fleet,
    clock: Clock,
    members: Vec<Member>,
    /// Lines of the source's own log that were read.
    read: u64,
    log: Log,
}

/// What the source saw, as it counts.
#[derive(Debug, Default)]
struct Log {
    /// It keeps the last thousand lines; more came between two looks.
    lost: bool,
    requests: u64,
    entity_requests: u64,
    seconds: BTreeMap<i64, u64>,
    minutes: BTreeMap<i64, u64>,
}

pub(super) async fn run(order: Order) -> Result<Outcome> {
    let began = Instant::now();
    let mut walk = Walk::prepare(order).await?;
    let walked = walk.walk(began).await;
    walked.with_context(|| walk.fleet.log_tails())
}

impl Walk {
    async fn prepare(order: Order) -> Result<Self> {
        let cells = cells_of(order.orgs);
        let sizes: Vec<usize> = (0..CELLS.len())
            .map(|cell| cells.iter().filter(|one| **one == cell).count())
            .collect();
        let fleet = Fleet::start(BUILT_ON, &sizes).await?;
        fleet.allow(false).await?;
        let world = fleet.ask("/sim/world").await?;
        let joined = futures::stream::iter(cells.iter().enumerate()).map(|(number, cell)| {
            let (app, world) = (&fleet.cells[*cell].app, &world);
            async move {
                let size = Size::of(number);
                let most = (number, size.advertisers());
                let agency = Agency::join(app, world, most, Utc::now()).await;
                let agency = agency.with_context(|| format!("org {number} joins"))?;
                anyhow::Ok(Member {
                    cell: *cell,
                    size,
                    agency,
                    windows_left: 0,
                })
            }
        });
        let members = joined.buffer_unordered(JOIN_AT_ONCE).try_collect().await?;
        Ok(Self {
            fleet,
            clock: Clock::inherited()?,
            members,
            read: 0,
            log: Log::default(),
        })
    }

    async fn walk(&mut self, began: Instant) -> Result<Outcome> {
        self.fleet.work(Terms::None).await?;
        let first = quota::day_of(Utc::now());
        let settled = first + Days::new(SETTLING);
        self.pass(quota::end_of(settled)).await?;
        let joining_seconds = began.elapsed().as_secs_f64();
        eprintln!("everybody has joined and had a morning: {joining_seconds:.0} s");
        let day = settled + Days::new(1);
        let leased = self.live(day, Terms::Leased).await?;
        eprintln!("the leased day: {:.0} s", leased.seconds);
        self.cancel_all().await?;
        let first_come = self.live(day + Days::new(1), Terms::FirstCome).await?;
        Ok(Outcome {
            orgs: self.members.len(),
            joining_seconds,
            leased,
            first_come,
        })
    }

    /// One day of the quota, from midnight to midnight over there.
    async fn live(&mut self, day: NaiveDate, terms: Terms) -> Result<Day> {
        let began = Instant::now();
        ensure!(
            quota::day_of(Utc::now()) == day,
            "it is {} already",
            Utc::now()
        );
        self.fleet.allow(true).await?;
        let refused = self.refused().await?;
        self.read_log().await?;
        self.log = Log::default();
        for member in &mut self.members {
            member.windows_left = member.size.windows();
        }
        let start = Utc::now();
        self.fleet.work(terms).await?;
        self.pass(quota::end_of(day)).await?;
        let mut outcome = self.measure(start).await?;
        outcome.refused = self.refused().await? - refused;
        outcome.seconds = began.elapsed().as_secs_f64();
        Ok(outcome)
    }

    async fn refused(&self) -> Result<u64> {
        let totals = self.fleet.ask("/sim/requests").await?;
        totals["refused"].as_u64().context("a count of refusals")
    }

    /// Until then, whatever is under way.
    async fn pass(&mut self, until: DateTime<Utc>) -> Result<()> {
        let mut moved = (Instant::now(), -1);
        loop {
            self.read_log().await?;
            if Utc::now() >= until {
                return Ok(());
            }
            self.want_more().await?;
            let (mut busy, mut taken, mut next) = (0_i64, 0_i64, until);
            for cell in &mut self.fleet.cells {
                let row = sqlx::query(
                    "select count(*) filter (where state = 'running' or run_at <= clock_timestamp()),
                            min(run_at) filter (where state = 'queued'),
                            (select coalesce(sum(revision), 0)::bigint from tenant.syncs)
                       from tenant.jobs where state in ('queued', 'running')",
                )
                .fetch_one(&mut cell.database)
                .await?;
                busy += row.try_get::<i64, _>(0)?;
                taken += row.try_get::<i64, _>(2)?;
                let at: Option<DateTime<Utc>> = row.try_get(1)?;
                next = next.min(at.unwrap_or(until));
            }
            if taken != moved.1 {
                moved = (Instant::now(), taken);
            }
            if busy > 0 {
                if moved.0.elapsed() > PATIENCE {
                    bail!("{busy} jobs are stuck at {}", Utc::now());
                }
                tokio::time::sleep(LOOK_EVERY).await;
                continue;
            }
            self.travel_to((next + TOGETHER).min(until)).await?;
        }
    }

    async fn travel_to(&mut self, to: DateTime<Utc>) -> Result<()> {
        if let Ok(way) = (to - Utc::now()).to_std() {
            self.clock.travel(way)?;
        }
        for cell in &mut self.fleet.cells {
            let woken = sqlx::raw_sql("select pg_notify('jobs', '')");
            woken.execute(&mut cell.database).await?;
        }
        Ok(())
    }

    /// One report of old days after another, as a backfill does it.
    async fn want_more(&mut self) -> Result<()> {
        let mut under_way = HashSet::new();
        for cell in &mut self.fleet.cells {
            let rows: Vec<Uuid> = sqlx::query_scalar(
                "select org_id from tenant.syncs where kind = 'backfill' and finished_at is null",
            )
            .fetch_all(&mut cell.database)
            .await?;
            under_way.extend(rows);
        }
        let now = Utc::now();
        for member in &mut self.members {
            let org = member.agency.scope.org().as_uuid();
            if member.windows_left == 0 || under_way.contains(&org) {
                continue;
            }
            let last = now.date_naive() - Days::new(5 + member.windows_left);
            let start = Start {
                pipeline: "dv360_line_item_days",
                kind: Kind::Backfill,
                range: Some((last - Days::new(1), last)),
                watched: false,
                starter: Starter::Schedule,
            };
            let app = &self.fleet.cells[member.cell].app;
            member.agency.begin(app, start, now).await?;
            member.windows_left -= 1;
        }
        Ok(())
    }

    /// The source's own log since the last time.
    async fn read_log(&mut self) -> Result<()> {
        let path = format!("/sim/log?after={}", self.read);
        let lines = self.fleet.ask(&path).await?;
        for line in lines["requests"].as_array().context("a list of requests")? {
            let number = line["number"].as_u64().context("a line's number")?;
            self.log.lost |= number != self.read + 1;
            self.read = number;
            let path = line["path"].as_str().unwrap_or_default();
            let at: DateTime<Utc> = line["at"].as_str().context("a line's time")?.parse()?;
            if path.starts_with("/v2/") {
                self.log.requests += 1;
                *self.log.seconds.entry(at.timestamp()).or_default() += 1;
            } else if path.starts_with("/v4/") {
                self.log.entity_requests += 1;
                *self.log.minutes.entry(at.timestamp() / 60).or_default() += 1;
            }
        }
        Ok(())
    }

    async fn cancel_all(&mut self) -> Result<()> {
        for cell in &mut self.fleet.cells {
            cell_cancel(&mut cell.database).await?;
        }
        Ok(())
    }

    async fn measure(&mut self, start: DateTime<Utc>) -> Result<Day> {
        let end = Utc::now();
        let mut day = Day::default();
        for (number, cell) in self.fleet.cells.iter_mut().enumerate() {
            let rows = sqlx::query(
                "select org_id, kind, created_at, finished_at, step = 'done'
                   from tenant.syncs
                  where kind in ('daily', 'backfill') and (created_at >= $1 or finished_at >= $1)",
            )
            .bind(start)
            .fetch_all(&mut cell.database)
            .await?;
            let mut mornings: BTreeMap<Uuid, (u32, u32)> = BTreeMap::new();
            let sizes = self.members.iter().filter(|one| one.cell == number);
            let sizes: BTreeMap<Uuid, Size> = sizes
                .map(|one| (one.agency.scope.org().as_uuid(), one.size))
                .collect();
            for row in rows {
                let (org, kind): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
                let created: DateTime<Utc> = row.try_get(2)?;
                let finished: Option<DateTime<Utc>> = row.try_get(3)?;
                let done: bool = row.try_get(4)?;
                day.reports += u64::from(done);
                if kind == "backfill" {
                    day.bulk += u64::from(done);
                    continue;
                }
                let size = *sizes.get(&org).context("the org of a sync")?;
                let waited = finished.unwrap_or(end) - created;
                let waits = day.waits.entry(size).or_default();
                waits.push(waited.as_seconds_f64());
                let (wanted, served) = mornings.entry(org).or_default();
                *wanted += 1;
                *served += u32::from(done);
            }
            for (org, (wanted, served)) in mornings {
                let part = f64::from(served) / f64::from(wanted);
                day.served.entry(sizes[&org]).or_default().push(part);
            }
        }
        ensure!(!self.log.lost, "lines of the source's log were lost");
        day.requests = self.log.requests;
        day.entity_requests = self.log.entity_requests;
        day.most_a_second = self.log.seconds.values().copied().max().unwrap_or(0);
        day.most_entities_a_minute = self.log.minutes.values().copied().max().unwrap_or(0);
        Ok(day)
    }
}

/// What the day before left undone is not the next one's.
async fn cell_cancel(database: &mut sqlx::PgConnection) -> Result<()> {
    sqlx::query(
        r#"update tenant.syncs
              set state = jsonb_set(state, '{state}', '{"step": "cancelled"}'), step = 'cancelled',
                  revision = revision + 1, finished_at = clock_timestamp()
            where finished_at is null"#,
    )
    .execute(&mut *database)
    .await?;
    Ok(())
}

/// The cell of each org.
fn cells_of(orgs: usize) -> Vec<usize> {
    let place = |number: usize| {
        // Every size in every cell.
        let at = number * 37 % 100;
        let mut sum = 0;
        CELLS
            .iter()
            .position(|part| {
                sum += part;
                at < sum
            })
            .unwrap_or(0)
    };
    (0..orgs).map(place).collect()
}

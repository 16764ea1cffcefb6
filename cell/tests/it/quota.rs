//! What the cell takes of a leased quota: counted before it is sent, never more than was leased, fair
//! between orgs, and going on without global-control.

use cell::app::{App, Process};
use cell::ingestion::budget::{Pace, Taken, lease};
use cell::ingestion::permit::Reason;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::quota::{self, Lease, PoolName, QuotaGrant, QuotaReport, Share};
use futures::future::join_all;
use serde_json::json;

use crate::source::Slice;
use crate::support::{SOON, TestCell, TestOrg};

fn pool() -> PoolName {
    "google/default/bid_manager".parse().unwrap()
}

/// The middle of a day of the quota.
fn noon() -> DateTime<Utc> {
    quota::end_of("2026-11-23".parse().unwrap()) - TimeDelta::hours(12)
}

/// A cell that was granted so many calls a day, and enough of them a second not to matter here.
async fn granted(calls: u32) -> TestCell {
    let cell = TestCell::start().await;
    let report = lease::report(&cell.app.ingestion.budget, &pool(), noon())
        .await
        .unwrap();
    let grant = grant(&report, 1, calls);
    let budget = &cell.app.ingestion.budget;
    lease::accept(budget, &report, &grant, noon())
        .await
        .unwrap();
    cell
}

fn grant(report: &QuotaReport, version: i64, calls: u32) -> QuotaGrant {
    QuotaGrant {
        pool: pool(),
        day: report.day,
        share: Share {
            version,
            calls_per_day: calls,
            per_second_milli: 100_000,
        },
        standing: calls,
        lease: None,
        exhausted: false,
    }
}

async fn take(cell: &TestCell, org: &TestOrg, now: DateTime<Utc>) -> Taken {
    let budget = &cell.app.ingestion.budget;
    budget.take(&org.scope, &pool(), 1, now).await.unwrap()
}

/// How many of so many attempts are granted. Each a second after the other, so that pace is no matter.
async fn count(cell: &TestCell, org: &TestOrg, attempts: u32, from: DateTime<Utc>) -> u32 {
    let mut granted = 0;
    for attempt in 0..attempts {
        let now = from + TimeDelta::milliseconds(20 * i64::from(attempt));
        if matches!(take(cell, org, now).await, Taken::At(_)) {
            granted += 1;
        }
    }
    granted
}

async fn report(cell: &TestCell, now: DateTime<Utc>) -> QuotaReport {
    lease::report(&cell.app.ingestion.budget, &pool(), now)
        .await
        .unwrap()
}

#[tokio::test]
async fn takers_at_once_get_exactly_what_there_is() {
    let cell = granted(30).await;
    let org = cell.org("acme").await;
    let takes = (0..80).map(|_| take(&cell, &org, noon()));
    let taken = join_all(takes).await;
    let granted = taken
        .iter()
        .filter(|one| matches!(one, Taken::At(_)))
        .count();
    assert_eq!(granted, 30);
    let said = report(&cell, noon()).await;
    assert_eq!((said.taken, said.standing, said.share_version), (30, 30, 1));
    assert!(said.wanted > 0, "somebody was turned away");
    let Taken::Not(denied) = take(&cell, &org, noon()).await else {
        panic!("there is one more");
    };
    assert_eq!(denied.reason, Reason::Quota);
    assert!(denied.retry_at > noon());
}

#[tokio::test]
async fn the_share_goes_on_day_after_day_without_global_control() {
    let cell = granted(10).await;
    let org = cell.org("acme").await;
    for day in 0..3 {
        let now = noon() + TimeDelta::days(day);
        assert_eq!(count(&cell, &org, 15, now).await, 10, "day {day}");
    }
}

#[tokio::test]
async fn a_small_org_is_served_although_a_large_one_asked_first() {
    let cell = granted(100).await;
    let (large, small) = (cell.org("acme").await, cell.org("boreal").await);
    assert_eq!(count(&cell, &small, 1, noon()).await, 1);
    let greedy = count(&cell, &large, 200, noon() + TimeDelta::seconds(10)).await;
    assert!((60..95).contains(&greedy), "{greedy}");
    let left = count(&cell, &small, 100, noon() + TimeDelta::seconds(20)).await;
    assert!(left >= 5, "{left}");
    assert_eq!(greedy + left + 1, 100, "nothing is left over");
}

#[tokio::test]
async fn a_lease_is_used_after_the_share_and_ends() {
    let cell = granted(5).await;
    let org = cell.org("acme").await;
    assert_eq!(count(&cell, &org, 8, noon()).await, 5);
    let asked = report(&cell, noon()).await;
    let mut lent = grant(&asked, 1, 5);
    lent.lease = Some(Lease {
        lease_id: asked.lease_id,
        day: asked.day,
        calls: 4,
        expires_at: noon() + TimeDelta::minutes(10),
    });
    let budget = &cell.app.ingestion.budget;
    for _ in 0..2 {
        lease::accept(budget, &asked, &lent, noon()).await.unwrap();
    }
    let soon = noon() + TimeDelta::minutes(1);
    assert_eq!(count(&cell, &org, 3, soon).await, 3);
    let over = noon() + TimeDelta::minutes(11);
    assert_eq!(
        count(&cell, &org, 3, over).await,
        0,
        "one is left, but the time is over"
    );
    let said = report(&cell, over).await;
    assert_ne!(said.lease_id, asked.lease_id);
    assert_eq!(said.settled.len(), 1);
    assert_eq!(
        (said.settled[0].lease_id, said.settled[0].taken),
        (asked.lease_id, 3)
    );
    assert_eq!(said.taken, 8);
    lease::accept(budget, &said, &grant(&said, 1, 5), over)
        .await
        .unwrap();
    assert_eq!(report(&cell, over).await.settled, [], "it was heard");
}

#[tokio::test]
async fn an_older_answer_changes_nothing_and_less_holds_at_once() {
    let cell = granted(50).await;
    let org = cell.org("acme").await;
    let asked = report(&cell, noon()).await;
    let budget = &cell.app.ingestion.budget;
    assert_eq!(count(&cell, &org, 20, noon()).await, 20);
    lease::accept(budget, &asked, &grant(&asked, 3, 10), noon())
        .await
        .unwrap();
    lease::accept(budget, &asked, &grant(&asked, 2, 500), noon())
        .await
        .unwrap();
    assert_eq!(
        count(&cell, &org, 5, noon()).await,
        0,
        "what was taken counts"
    );
    let said = report(&cell, noon()).await;
    assert_eq!((said.share_version, said.standing), (3, 20));
    let tomorrow = noon() + TimeDelta::days(1);
    assert_eq!(count(&cell, &org, 15, tomorrow).await, 10);
}

#[tokio::test]
async fn late_in_the_day_what_is_not_needed_is_given_back() {
    let cell = granted(1_000).await;
    let evening = quota::end_of("2026-11-23".parse().unwrap()) - TimeDelta::hours(1);
    assert_eq!(
        report(&cell, noon() - TimeDelta::hours(2)).await.standing,
        1_000
    );
    let org = cell.org("acme").await;
    assert_eq!(count(&cell, &org, 3, evening).await, 3);
    let asked = report(&cell, evening).await;
    assert_eq!(
        asked.standing, 1_000,
        "global-control has not been heard of lately"
    );
    let budget = &cell.app.ingestion.budget;
    lease::accept(budget, &asked, &grant(&asked, 1, 1_000), evening)
        .await
        .unwrap();
    let said = report(&cell, evening).await;
    assert!((20..100).contains(&said.standing), "{}", said.standing);
    assert_eq!(
        report(&cell, evening + TimeDelta::hours(5)).await.standing,
        1_000,
        "a new day"
    );
}

#[tokio::test]
async fn what_the_source_says_is_used_up_is_used_up() {
    let cell = granted(50).await;
    let org = cell.org("acme").await;
    let mut told = grant(&report(&cell, noon()).await, 1, 50);
    told.exhausted = true;
    let asked = report(&cell, noon()).await;
    let budget = &cell.app.ingestion.budget;
    lease::accept(budget, &asked, &told, noon()).await.unwrap();
    let Taken::Not(denied) = take(&cell, &org, noon()).await else {
        panic!("it was told so");
    };
    assert!(denied.retry_at > quota::end_of(asked.day));
    assert_eq!(count(&cell, &org, 2, noon() + TimeDelta::days(1)).await, 2);
}

/// Not an error and not a loop: the sync stays where it is, with all its attempts, and goes on.
#[tokio::test]
async fn a_sync_waits_for_its_turn_and_goes_on() {
    let slice = Slice::start_changed(|config| config.quota.first_calls_per_day = 1).await;
    let connection = slice.connect().await;
    let sync = slice.choose(&connection, &[0]).await.json();
    let path = format!("/api/syncs/{}", sync["sync_id"].as_str().unwrap());
    let waiting = "select count(*) from tenant.jobs where kind = 'ingestion.sync' \
         and state = 'queued' and attempts = 0 and run_at > clock_timestamp() + interval '1 second'";
    let mut admin = slice.cell.superuser().await;
    test_kit::wait::until("the sync to wait", SOON, async || {
        let count: i64 = sqlx::query_scalar(waiting)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        (count == 1).then_some(())
    })
    .await;
    let seen = slice.json(&path).await;
    assert_eq!(
        (&seen["finished_at"], &seen["state"]),
        (&json!(null), &json!("paused"))
    );
    assert_eq!(seen["problem"]["code"], "source_quota", "{seen}");
    sqlx::query("update cell.quota_days set standing = 100")
        .execute(&mut admin)
        .await
        .unwrap();
    sqlx::query("update tenant.jobs set run_at = clock_timestamp() where kind = 'ingestion.sync'")
        .execute(&mut admin)
        .await
        .unwrap();
    let ended = slice.end_of(&sync).await;
    assert_eq!(ended["state"], "done", "{ended}");
    let taken: i32 = sqlx::query_scalar("select sum(taken)::int from cell.quota_orgs")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert!((3..20).contains(&taken), "{taken} calls");
}

#[tokio::test]
async fn calls_by_the_minute_are_paced_for_all_processes_together() {
    let cell = TestCell::start().await;
    let work = App::new((*cell.app.config).clone(), Process::Work).unwrap();
    let pool: PoolName = "google/default/display_video".parse().unwrap();
    let pace = |milli, burst| Pace { milli, burst };
    let turns = async |part: Option<&str>, calls: usize| {
        let mut turns = Vec::new();
        for call in 0..calls {
            let app = if call % 2 == 0 { &cell.app } else { &work };
            let (budget, paces) = (&app.ingestion.budget, (pace(4_000, 3), pace(1_000, 2)));
            let taken = budget.take_turn(&pool, paces, part, noon()).await.unwrap();
            turns.push(match taken {
                Taken::At(at) => (at - noon()).num_milliseconds(),
                other => panic!("{other:?}"),
            });
        }
        turns
    };
    assert_eq!(turns(None, 5).await, [0, 0, 0, 250, 500]);
    // One advertiser waits for itself, another one only for everybody.
    assert_eq!(turns(Some("7"), 4).await, [750, 1_000, 1_250, 2_000]);
    assert_eq!(turns(Some("8"), 1).await, [1_750]);
    // The share of global-control holds from when it is heard.
    let report = lease::report(&work.ingestion.budget, &pool, noon()).await;
    let report = report.unwrap();
    let share = Share {
        version: 1,
        calls_per_day: 0,
        per_second_milli: 1_000,
    };
    let grant = QuotaGrant {
        pool: pool.clone(),
        share,
        standing: 0,
        ..grant(&report, 1, 0)
    };
    lease::accept(&work.ingestion.budget, &report, &grant, noon())
        .await
        .unwrap();
    let one = turns(None, 2).await;
    assert_eq!(one[1] - one[0], 1_000, "{one:?}");
}

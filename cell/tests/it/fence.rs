//! The fence holds: after a freeze has committed, no write of the old epoch appears. The ways of
//! building it that look right and are not are shown to let writes through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use cell::tenancy::{Error, FenceState, OrgScope};
use contracts::{Epoch, OrgId};
use futures::future::join_all;
use sqlx::{Connection, PgConnection};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::{SOON, TestCell, TestOrg};

const WRITERS: usize = 6;
const FENCES: u32 = 200;

/// How a writer enters its transaction.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Entry {
    /// What the product does: `OrgDb::begin`.
    Prologue,
    /// Lock and state in one statement: the snapshot is older than the lock.
    OneStatement,
    /// The right function under a snapshot for the whole transaction.
    RepeatableRead,
    NoLock,
}

/// What writers and the fencer share.
struct Arena {
    org: OrgId,
    /// The epoch writers believe in.
    epoch: AtomicI64,
    stop: AtomicBool,
    attempts: [AtomicU64; WRITERS],
    accepted: AtomicU64,
    tried: Notify,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_of_an_old_epoch_appears_after_a_freeze() {
    let cell = arena_cell().await;
    let (late, accepted) = hammer(&cell, Entry::Prologue, FENCES).await;
    assert_eq!(late, 0, "late writes among {accepted}");
    assert!(
        accepted > u64::from(FENCES),
        "writers hardly wrote: {accepted}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_broken_fences_let_late_writes_through() {
    for entry in [Entry::OneStatement, Entry::RepeatableRead, Entry::NoLock] {
        let cell = arena_cell().await;
        let (late, _) = hammer(&cell, entry, FENCES).await;
        assert!(late > 0, "{entry:?} held, so this test proves nothing");
    }
}

#[tokio::test]
async fn old_epochs_and_unknown_orgs_are_refused() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let refused = |scope: OrgScope| {
        let db = cell.app.db.clone();
        async move {
            let write = fence(db.begin(&scope).await.map(drop));
            let read = fence(db.begin_read(&scope).await.map(drop));
            assert_eq!(write, read);
            write
        }
    };
    let old = OrgScope::vouched(org.scope.org(), Epoch(0));
    assert_eq!(
        refused(old).await,
        Some((FenceState::Active, Some(Epoch(1))))
    );
    let unknown = OrgScope::vouched(OrgId::new(), Epoch(1));
    assert_eq!(refused(unknown).await, Some((FenceState::Absent, None)));
    assert_eq!(refused(org.scope).await, None);
}

#[tokio::test]
async fn reads_go_on_through_a_freeze_and_stop_after_the_move() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let db = &cell.app.db;
    let mut mover = cell.as_role("cell_mover").await;
    let token = take_over(&mut mover, &org).await;
    let frozen = freeze(&mut mover, org.scope.org(), 1, token, 60_000).await;
    assert_eq!(frozen, Some(2));
    let frozen = Some((FenceState::Frozen, Some(Epoch(2))));
    assert_eq!(fence(db.begin(&org.scope).await.map(drop)), frozen);
    assert!(db.begin_read(&org.scope).await.is_ok());
    let decided: bool = sqlx::query_scalar("select cell.decide_moved($1, 2, $2, 'cell b')")
        .bind(org.scope.org().as_uuid())
        .bind(token)
        .fetch_one(&mut mover)
        .await
        .unwrap();
    assert!(decided);
    let moved = Some((FenceState::Moved, Some(Epoch(2))));
    assert_eq!(fence(db.begin(&org.scope).await.map(drop)), moved);
    assert_eq!(fence(db.begin_read(&org.scope).await.map(drop)), moved);
}

#[tokio::test]
async fn only_the_holding_mover_decides_and_anyone_thaws_after_the_deadline() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let id = org.scope.org();
    let mut mover = cell.as_role("cell_mover").await;
    let zombie = take_over(&mut mover, &org).await;
    let token = take_over(&mut mover, &org).await;
    assert_eq!(freeze(&mut mover, id, 1, zombie, 60_000).await, None);
    assert_eq!(freeze(&mut mover, id, 1, token, 60_000).await, Some(2));
    assert_eq!(thaw(&mut mover, id, zombie).await, None);
    assert!(
        cell::moves::thaw_expired(&cell.app.db)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(thaw(&mut mover, id, token).await, Some(3));
    assert_eq!(freeze(&mut mover, id, 3, token, 0).await, Some(4));
    let thawed = cell::moves::thaw_expired(&cell.app.db).await.unwrap();
    assert_eq!(thawed, [id]);
    let late: bool = sqlx::query_scalar("select cell.decide_moved($1, 4, $2, 'cell b')")
        .bind(id.as_uuid())
        .bind(token)
        .fetch_one(&mut mover)
        .await
        .unwrap();
    assert!(!late, "a decision after the deadline");
}

#[tokio::test]
async fn changed_keys_are_captured_only_while_the_org_moves() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let other = cell.org("boreal").await;
    let mut mover = cell.as_role("cell_mover").await;
    let rename = "update tenant.orgs set name = name || '!'";
    let db = &cell.app.db;
    let run = async |org: &TestOrg, sql: &'static str| {
        let mut tx = db.begin(&org.scope).await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    run(&org, rename).await;
    let log = "select table_name || ' ' || array_to_string(key, ',') from cell.move_log order by 1";
    let logged = async |mover: &mut PgConnection| -> Vec<String> {
        sqlx::query_scalar(log).fetch_all(mover).await.unwrap()
    };
    assert!(logged(&mut mover).await.is_empty());
    let token = take_over(&mut mover, &org).await;
    sqlx::query("select cell.capture($1, $2, true)")
        .bind(org.scope.org().as_uuid())
        .bind(token)
        .execute(&mut mover)
        .await
        .unwrap();
    run(&org, rename).await;
    run(&other, rename).await;
    let id = org.scope.org().as_uuid();
    assert_eq!(logged(&mut mover).await, [format!("orgs {id}")]);
    // Whoever gets around the prologue is captured all the same.
    let mut rogue = cell.superuser().await;
    sqlx::query("update tenant.members set name = 'x' where org_id = $1")
        .bind(id)
        .execute(&mut rogue)
        .await
        .unwrap();
    let expected = [
        format!("members {id},{}", org.owner.as_uuid()),
        format!("orgs {id}"),
    ];
    assert_eq!(logged(&mut mover).await, expected);
}

fn fence(begun: Result<(), Error>) -> Option<(FenceState, Option<Epoch>)> {
    match begun {
        Ok(()) => None,
        Err(Error::Fenced(fence)) => Some((fence.state, fence.epoch)),
        Err(error) => panic!("{error:?}"),
    }
}

async fn take_over(mover: &mut PgConnection, org: &TestOrg) -> Uuid {
    let token = Uuid::now_v7();
    sqlx::query("select cell.take_over($1, $2)")
        .bind(org.scope.org().as_uuid())
        .bind(token)
        .execute(mover)
        .await
        .unwrap();
    token
}

async fn freeze(
    mover: &mut PgConnection,
    org: OrgId,
    epoch: i64,
    token: Uuid,
    ms: i32,
) -> Option<i64> {
    sqlx::query_scalar("select cell.freeze($1, $2, $3, $4)")
        .bind(org.as_uuid())
        .bind(epoch)
        .bind(token)
        .bind(ms)
        .fetch_one(mover)
        .await
        .unwrap()
}

async fn thaw(mover: &mut PgConnection, org: OrgId, token: Uuid) -> Option<i64> {
    sqlx::query_scalar("select cell.thaw($1, $2)")
        .bind(org.as_uuid())
        .bind(token)
        .fetch_one(mover)
        .await
        .unwrap()
}

/// A cell with a bare table to write to and the broken entries beside the right one.
async fn arena_cell() -> TestCell {
    let cell = TestCell::start().await;
    let mut admin = cell.superuser().await;
    sqlx::raw_sql(
        r#"
        create table public.arena (epoch bigint not null);
        grant select, insert on public.arena to cell_app;
        grant select on public.arena to cell_mover;
        create function public.enter_one_statement(p_org uuid, p_epoch bigint) returns boolean
        language sql volatile security definer as $$
            select o.epoch = p_epoch and o.state = 'active'
              from (select pg_advisory_xact_lock_shared(1667591276, uuid_hash(p_org))) as locked,
                   cell.org_state o
             where o.org_id = p_org
        $$;
        create function public.enter_no_lock(p_org uuid, p_epoch bigint) returns boolean
        language sql volatile security definer as $$
            select o.epoch = p_epoch and o.state = 'active'
              from cell.org_state o where o.org_id = p_org
        $$;
        create function public.enter_two_statements(p_org uuid, p_epoch bigint) returns boolean
        language plpgsql volatile security definer as $$
        declare v_fits boolean;
        begin
            perform pg_advisory_xact_lock_shared(1667591276, uuid_hash(p_org));
            select o.epoch = p_epoch and o.state = 'active' into v_fits
              from cell.org_state o where o.org_id = p_org;
            return v_fits;
        end $$;
        "#,
    )
    .execute(&mut admin)
    .await
    .unwrap();
    cell
}

/// Freezes and thaws `fences` times under writers. Returns how many rows of an old epoch appeared
/// after their freeze; stops at the first such freeze.
async fn hammer(cell: &TestCell, entry: Entry, fences: u32) -> (u64, u64) {
    let org = cell.org("arena").await;
    let arena = Arc::new(Arena {
        org: org.scope.org(),
        epoch: AtomicI64::new(1),
        stop: AtomicBool::new(false),
        attempts: Default::default(),
        accepted: AtomicU64::new(0),
        tried: Notify::new(),
    });
    let mut writers = Vec::new();
    for index in 0..WRITERS {
        let connection = cell.as_role("cell_app").await;
        let db = cell.app.db.clone();
        let arena = Arc::clone(&arena);
        writers.push(tokio::spawn(async move {
            let mut connection = connection;
            while !arena.stop.load(Ordering::Relaxed) {
                let epoch = arena.epoch.load(Ordering::SeqCst);
                let wrote = match entry {
                    Entry::Prologue => write(&db, arena.org, epoch).await,
                    _ => write_broken(&mut connection, entry, arena.org, epoch).await,
                };
                arena
                    .accepted
                    .fetch_add(u64::from(wrote), Ordering::Relaxed);
                arena.attempts[index].fetch_add(1, Ordering::SeqCst);
                arena.tried.notify_one();
            }
        }));
    }
    let mut mover = cell.as_role("cell_mover").await;
    let token = take_over(&mut mover, &org).await;
    let mut late = 0;
    for _ in 0..fences {
        late += fence_once(&mut mover, &arena, token).await;
        if late > 0 {
            break;
        }
    }
    arena.stop.store(true, Ordering::Relaxed);
    for ended in join_all(writers).await {
        ended.unwrap();
    }
    (late, arena.accepted.load(Ordering::Relaxed))
}

async fn fence_once(mover: &mut PgConnection, arena: &Arena, token: Uuid) -> u64 {
    let epoch = arena.epoch.load(Ordering::SeqCst);
    // Let some writes of this epoch happen first, or there is nothing to fence.
    settle(arena, 1).await;
    let frozen = freeze(mover, arena.org, epoch, token, 60_000).await;
    assert_eq!(frozen, Some(epoch + 1));
    let at_freeze = rows_up_to(mover, epoch).await;
    // Whoever was under way at the freeze has ended once everyone has ended one more try.
    settle(arena, 1).await;
    let late = rows_up_to(mover, epoch).await - at_freeze;
    let thawed = thaw(mover, arena.org, token).await;
    arena.epoch.store(thawed.unwrap(), Ordering::SeqCst);
    u64::try_from(late).unwrap()
}

/// Waits until every writer has ended `rounds` more tries.
async fn settle(arena: &Arena, rounds: u64) {
    let seen: Vec<u64> = arena.attempts.iter().map(load).collect();
    let behind = || {
        let mut tries = arena.attempts.iter().zip(&seen);
        tries.any(|(now, before)| load(now) - before < rounds)
    };
    let settled = async {
        while behind() {
            arena.tried.notified().await;
        }
    };
    let settled = tokio::time::timeout(SOON, settled).await;
    settled.expect("every writer tries again");
}

fn load(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::SeqCst)
}

async fn rows_up_to(mover: &mut PgConnection, epoch: i64) -> i64 {
    sqlx::query_scalar("select count(*) from public.arena where epoch <= $1")
        .bind(epoch)
        .fetch_one(mover)
        .await
        .unwrap()
}

async fn write(db: &cell::tenancy::OrgDb, org: OrgId, epoch: i64) -> bool {
    let mut tx = match db.begin(&OrgScope::vouched(org, Epoch(epoch))).await {
        Ok(tx) => tx,
        Err(Error::Fenced(_)) => return false,
        Err(error) => panic!("{error:?}"),
    };
    sqlx::query("insert into public.arena values ($1)")
        .bind(epoch)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    true
}

async fn write_broken(connection: &mut PgConnection, entry: Entry, org: OrgId, epoch: i64) -> bool {
    let (begin, enter) = match entry {
        Entry::OneStatement => ("begin", "select public.enter_one_statement($1, $2)"),
        Entry::NoLock => ("begin", "select public.enter_no_lock($1, $2)"),
        Entry::RepeatableRead | Entry::Prologue => (
            "begin isolation level repeatable read",
            "select public.enter_two_statements($1, $2)",
        ),
    };
    let mut tx = connection.begin_with(begin).await.unwrap();
    let fits: bool = sqlx::query_scalar(enter)
        .bind(org.as_uuid())
        .bind(epoch)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    if !fits {
        tx.rollback().await.unwrap();
        return false;
    }
    sqlx::query("insert into public.arena values ($1)")
        .bind(epoch)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    true
}

#[tokio::test]
async fn the_prologue_refuses_a_snapshot_for_the_whole_transaction() {
    let cell = TestCell::start().await;
    let org = cell.org("acme").await;
    let mut connection = cell.as_role("cell_app").await;
    let mut tx = connection
        .begin_with("begin isolation level repeatable read")
        .await
        .unwrap();
    let error = sqlx::query("select cell.enter($1, 1, '')")
        .bind(org.scope.org().as_uuid())
        .execute(&mut *tx)
        .await
        .unwrap_err();
    assert_eq!(cell::tenancy::sql_state(&error).as_deref(), Some("25001"));
}

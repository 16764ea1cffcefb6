//! What the catalogue says of every tenant table and of the app role. A new table that breaks a rule
//! fails here; each rule is shown to catch the fault it is for.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::TestCell;

async fn violations(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(include_str!("catalogue.sql"))
        .fetch_all(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_tenant_table_keeps_the_rules() {
    let cell = TestCell::start().await;
    let mut admin = cell.superuser().await;
    assert_eq!(violations(&mut admin).await, Vec::<String>::new());
    let tables: i64 =
        sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'tenant'")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert!(tables >= 9, "only {tables} tables were looked at");
}

/// A table that keeps every rule, to bend one at a time.
const GOOD: &str = "create table tenant.probe (org_id uuid not null references tenant.orgs (org_id), \
     probe_id uuid not null, note text, primary key (org_id, probe_id)); \
     select cell.protect('tenant.probe');";

/// The fault, and a piece of what the catalogue must say about it.
const FAULTS: &[(&str, &str)] = &[
    (
        "create table tenant.probe2 (id uuid primary key, org_id uuid)",
        "probe2: the primary key must begin with org_id",
    ),
    (
        "create table tenant.probe2 (org_id uuid)",
        "probe2: the primary key must begin with org_id",
    ),
    (
        "alter table tenant.probe no force row level security",
        "probe: row-level security must be enabled and forced",
    ),
    (
        "alter table tenant.probe disable row level security",
        "probe: row-level security must be enabled and forced",
    ),
    ("drop policy org on tenant.probe", "probe: the only policy"),
    (
        "create policy more on tenant.probe using (true)",
        "probe: the only policy must be the canonical one, not more",
    ),
    (
        "alter policy org on tenant.probe using (org_id = cell.current_org())",
        "probe: the only policy",
    ),
    (
        "alter policy org on tenant.probe with check (true)",
        "probe: the only policy",
    ),
    (
        "alter policy org on tenant.probe using (org_id = current_setting('app.org_id')::uuid)",
        "probe: the only policy",
    ),
    (
        "alter policy owner_claims on tenant.jobs to public",
        "jobs: the only policy",
    ),
    (
        "create unique index on tenant.probe (note)",
        "probe: the unique index",
    ),
    (
        "alter table tenant.probe add member uuid, add constraint m foreign key (org_id, member) \
         references tenant.members (org_id, user_id); \
         alter table tenant.members add constraint u unique (user_id); \
         alter table tenant.probe add constraint simple foreign key (member) \
         references tenant.members (user_id)",
        "probe: the foreign key simple",
    ),
    (
        "alter table tenant.probe add constraint outside foreign key (org_id) \
         references cell.org_state (org_id)",
        "probe: the foreign key outside",
    ),
    (
        "drop trigger zz_capture on tenant.probe",
        "probe: the capture trigger",
    ),
    (
        "alter table tenant.probe disable trigger zz_capture",
        "probe: the capture trigger",
    ),
    (
        "drop trigger zz_capture on tenant.probe; create trigger zz_capture after insert on \
         tenant.probe for each row execute function cell.capture_probe()",
        "probe: the capture trigger",
    ),
    (
        "create or replace function cell.capture_probe() returns trigger language plpgsql \
         security definer set search_path = pg_catalog, pg_temp as 'begin return null; end'",
        "probe: the capture trigger",
    ),
    (
        "drop trigger zz_refuse_truncate on tenant.probe",
        "probe: the trigger that refuses TRUNCATE",
    ),
    (
        "alter table tenant.probe add n bigint generated always as identity",
        "probe.n: no sequence or identity",
    ),
    (
        "alter table tenant.probe add n bigserial",
        "probe.n: no sequence or identity",
    ),
    (
        "alter table tenant.probe set unlogged",
        "probe: must be logged",
    ),
    (
        "alter table tenant.probe owner to cell_app",
        "probe: the app role must not own it",
    ),
    (
        "grant truncate on tenant.probe to cell_app",
        "probe: the app role must not have TRUNCATE",
    ),
    (
        "grant select on cell.org_state to cell_app",
        "cell.org_state: the app role reaches a relation outside tenant",
    ),
    (
        "grant select (epoch) on cell.org_state to public",
        "cell.org_state: the app role reaches a relation outside tenant",
    ),
    (
        "alter role cell_app bypassrls",
        "app role: must not be superuser",
    ),
    (
        "grant cell_owner to cell_app",
        "app role: must be a member of no role",
    ),
    (
        "create function tenant.leak() returns bigint language sql security definer \
         as 'select count(*) from tenant.orgs'",
        "tenant.leak(): the app role may not call this definer function",
    ),
    (
        "create function tenant.leak() returns bigint language sql security definer \
         as 'select count(*) from tenant.orgs'",
        "tenant.leak(): a definer function must pin its search path",
    ),
    (
        "grant execute on function cell.freeze(uuid, bigint, uuid, int) to cell_app",
        "may not call this definer function",
    ),
    (
        "create view tenant.names as select name from tenant.orgs",
        "tenant.names: a view must be security_invoker",
    ),
    (
        "create materialized view tenant.names as select name from tenant.orgs",
        "tenant.names: a materialized view",
    ),
    (
        "delete from cell.context_key",
        "cell.context_key: must hold exactly one key",
    ),
    (
        "create table tenant.parted (org_id uuid, day date, primary key (org_id, day)) \
         partition by range (day); select cell.protect('tenant.parted'); \
         create table tenant.parted_1 partition of tenant.parted default",
        "parted_1: row-level security must be enabled and forced",
    ),
    (
        "create table tenant.parted (org_id uuid, day date, primary key (org_id, day)) \
         partition by range (day); create table tenant.parted_1 partition of tenant.parted default; \
         select cell.protect('tenant.parted'); grant select on tenant.parted_1 to cell_app",
        "parted_1: the app role must reach a partition through its parent only",
    ),
    (
        "create table tenant.parted (org_id uuid, day date, primary key (org_id, day)) \
         partition by range (day); create table tenant.parted_1 partition of tenant.parted default; \
         select cell.protect('tenant.parted'); create policy p on tenant.parted_1 using (true)",
        "parted_1: a partition must have no policy of its own",
    ),
];

#[tokio::test]
async fn every_rule_catches_its_fault() {
    let cell = TestCell::start().await;
    let mut admin = cell.superuser().await;
    let mut tx = admin.begin().await.unwrap();
    sqlx::raw_sql(GOOD).execute(&mut *tx).await.unwrap();
    assert_eq!(violations(&mut tx).await, Vec::<String>::new());
    for (fault, expected) in FAULTS {
        let mut attempt = tx.begin().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(*fault))
            .execute(&mut *attempt)
            .await
            .unwrap_or_else(|error| panic!("{fault}: {error}"));
        let found = violations(&mut attempt).await;
        let named = found.iter().any(|line| line.contains(expected));
        assert!(named, "{fault}\n  wanted: {expected}\n  found: {found:#?}");
        attempt.rollback().await.unwrap();
    }
}

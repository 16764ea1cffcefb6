-- Runs that bring data in, the raw files they fetched, and what was loaded from them.

-- A durable operation: `state` is written by compare-and-set on `revision` and nothing else.
create table tenant.syncs (
    org_id uuid not null references tenant.orgs (org_id),
    sync_id uuid not null,
    connection_id uuid not null,
    kind text not null check (kind in ('backfill', 'daily')),
    state jsonb not null,
    -- The step's name, for lists; part of `state`.
    step text not null check (step in (
        'queued', 'entities', 'requesting', 'waiting', 'downloading', 'loading',
        'done', 'failed', 'quarantined')),
    revision bigint not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (org_id, sync_id),
    check ((step in ('done', 'failed', 'quarantined')) = (finished_at is not null))
);

create index syncs_by_connection on tenant.syncs (org_id, connection_id, created_at desc);

-- The manifest of bronze: exact bytes, named by their hash, never changed.
create table tenant.bronze_objects (
    org_id uuid not null references tenant.orgs (org_id),
    bronze_id uuid not null,
    sha256 bytea not null check (length(sha256) = 32),
    bytes bigint not null check (bytes >= 0),
    kind text not null check (kind in ('report', 'entities')),
    connection_id uuid not null,
    -- What was asked for, and the source's own name for the answer.
    request jsonb not null,
    report_id text,
    -- The transport announced the length and it was met.
    length_proven boolean not null,
    fetched_at timestamptz not null default clock_timestamp(),
    primary key (org_id, bronze_id),
    unique (org_id, sha256)
);

-- What has been loaded: a file is loaded once per version of the pipeline.
create table tenant.load_ledger (
    org_id uuid not null references tenant.orgs (org_id),
    load_id uuid not null,
    dataset text not null,
    bronze_id uuid not null,
    sync_id uuid not null,
    pipeline_version text not null,
    range_start date not null,
    range_end date not null,
    rows_loaded bigint not null,
    -- The file's own totals agreed with its rows.
    control_total boolean not null,
    loaded_at timestamptz not null default clock_timestamp(),
    primary key (org_id, load_id),
    unique (org_id, dataset, bronze_id, pipeline_version),
    foreign key (org_id, bronze_id) references tenant.bronze_objects (org_id, bronze_id)
);

-- The last complete day of an advertiser that has been loaded, in its own time zone.
create table tenant.watermarks (
    org_id uuid not null references tenant.orgs (org_id),
    dataset text not null,
    dsp text not null,
    advertiser_id text not null,
    through date not null,
    loaded_at timestamptz not null default clock_timestamp(),
    primary key (org_id, dataset, dsp, advertiser_id)
);

select cell.protect('tenant.syncs');
select cell.protect('tenant.bronze_objects');
select cell.protect('tenant.load_ledger');
select cell.protect('tenant.watermarks');

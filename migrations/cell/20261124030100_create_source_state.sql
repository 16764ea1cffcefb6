-- What a connection keeps at its source and has learned of it, and what each sync did when.

-- Saved queries of ours. A pipeline has at most two in use: one that the source runs by itself each
-- day, and one that is run for whatever days are wanted. A query is never changed: another is made,
-- and only then is the one before deleted there.
create table tenant.source_queries (
    org_id uuid not null,
    connection_id uuid not null,
    query_id text not null,
    pipeline text not null,
    purpose text not null check (purpose in ('scheduled', 'ad_hoc')),
    -- Everything the source was asked to save, but for its name, and the hash of that.
    shape jsonb not null,
    shape_hash bytea not null check (length(shape_hash) = 32),
    -- Of the advertisers alone: the source leaves later ones out without a word.
    roster_hash bytea not null check (length(roster_hash) = 32),
    -- Only who made a query sees it.
    identity text,
    state text not null check (state in ('in_use', 'retired')),
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id, query_id),
    foreign key (org_id, connection_id) references tenant.connections (org_id, connection_id) on delete cascade
);

create unique index source_queries_in_use
    on tenant.source_queries (org_id, connection_id, pipeline, purpose) where state = 'in_use';

-- How long the latest reports took, to know when to ask. Scheduled ones are counted from the
-- midnight that ends their last day.
create table tenant.report_latencies (
    org_id uuid not null,
    connection_id uuid not null,
    purpose text not null check (purpose in ('scheduled', 'ad_hoc')),
    report_id text not null,
    seconds double precision not null check (seconds >= 0),
    observed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id, purpose, report_id),
    foreign key (org_id, connection_id) references tenant.connections (org_id, connection_id) on delete cascade
);

-- Whether a connection's source may be asked now. No row: it may.
create table tenant.breakers (
    org_id uuid not null,
    connection_id uuid not null,
    state text not null check (state in ('closed', 'open', 'half_open')),
    failures int not null,
    opened int not null,
    retry_at timestamptz,
    last_error text,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id),
    foreign key (org_id, connection_id) references tenant.connections (org_id, connection_id) on delete cascade
);

-- What a sync did, step by step. The position is the revision of the sync that the step left.
create table tenant.sync_steps (
    org_id uuid not null,
    sync_id uuid not null,
    position bigint not null,
    step text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    calls bigint not null,
    bytes bigint not null,
    note text,
    primary key (org_id, sync_id, position),
    foreign key (org_id, sync_id) references tenant.syncs (org_id, sync_id) on delete cascade
);

-- A person may consent for a connection there is, perhaps with another account.
alter table tenant.oauth_states add column connection_id uuid;

select cell.protect('tenant.source_queries');
select cell.protect('tenant.report_latencies');
select cell.protect('tenant.breakers');
select cell.protect('tenant.sync_steps');

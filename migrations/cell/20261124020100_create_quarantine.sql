-- Files that are kept but not loaded, and why. One row per sync that ended so; it stays when a replay
-- has brought the file in.
create table tenant.quarantine (
    org_id uuid not null references tenant.orgs (org_id),
    sync_id uuid not null,
    bronze_id uuid not null,
    pipeline text not null,
    -- The source's names for the file.
    report jsonb not null,
    code text not null,
    message text not null,
    -- In the file, if the reason is at one.
    line bigint,
    -- The columns that are not what the pipeline says.
    drifts jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    -- The latest sync that tried the same file again.
    replay_sync_id uuid,
    replayed_at timestamptz,
    primary key (org_id, sync_id),
    foreign key (org_id, sync_id) references tenant.syncs (org_id, sync_id) on delete cascade,
    foreign key (org_id, bronze_id) references tenant.bronze_objects (org_id, bronze_id)
);

create index quarantine_by_time on tenant.quarantine (org_id, created_at desc, sync_id desc);

select cell.protect('tenant.quarantine');

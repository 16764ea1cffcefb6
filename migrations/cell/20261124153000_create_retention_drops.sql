-- What was dropped because its pipeline keeps it no longer, run by run.
create table tenant.retention_drops (
    org_id uuid not null references tenant.orgs (org_id),
    -- In the order of the runs; one for each pipeline that dropped something.
    drop_id uuid not null,
    pipeline text not null,
    -- Of advertisers' days in silver, with their rows.
    days bigint not null default 0,
    rows bigint not null default 0,
    -- Of files in bronze.
    files bigint not null default 0,
    bytes bigint not null default 0,
    dropped_at timestamptz not null default clock_timestamp(),
    primary key (org_id, drop_id)
);

select cell.protect('tenant.retention_drops');

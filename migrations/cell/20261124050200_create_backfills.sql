-- Ranges of days that somebody wants loaded (again), window by window. It begins as a forecast that
-- has to be confirmed while it is fresh; `state` is written by compare-and-set on `revision`.
create table tenant.backfills (
    org_id uuid not null references tenant.orgs (org_id),
    backfill_id uuid not null,
    connection_id uuid not null,
    pipeline text not null,
    range_start date not null,
    range_end date not null,
    state text not null check (state in ('forecast', 'running', 'waiting', 'done', 'failed', 'cancelled')),
    -- Newest days first; each is one sync.
    windows jsonb not null,
    forecast jsonb not null,
    -- Why it waits or has failed.
    problem_code text,
    problem_message text,
    retry_at timestamptz,
    revision bigint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    -- A forecast that nobody confirms.
    expires_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (org_id, backfill_id),
    foreign key (org_id, connection_id) references tenant.connections (org_id, connection_id) on delete cascade,
    check (range_start <= range_end),
    check ((problem_code is null) = (problem_message is null)),
    check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);

create index backfills_by_creation on tenant.backfills (org_id, created_at desc);

select cell.protect('tenant.backfills');

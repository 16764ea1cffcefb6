-- Durable operations. `state` is the truth, `state_name` its readable tag, and `revision` what
-- every write of the state compares and sets.
create table operations (
    operation_id uuid primary key,
    kind text not null check (kind in ('signup')),
    org_id uuid not null references orgs,
    state jsonb not null,
    state_name text not null check (state_name in (
        'placing', 'preparing', 'publishing', 'awaiting_routers', 'done', 'aborting', 'aborted'
    )),
    revision bigint not null default 0,
    next_run_at timestamptz not null default now(),
    attempts integer not null default 0,
    last_error text,
    lease_owner text,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    check ((finished_at is not null) = (state_name in ('done', 'aborted'))),
    check ((lease_owner is null) = (lease_until is null)),
    check (state ->> 'state' = state_name)
);

create index operations_due_idx on operations (next_run_at) where finished_at is null;
create unique index operations_open_idx on operations (org_id) where finished_at is null;

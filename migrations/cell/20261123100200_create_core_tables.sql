-- What the cell itself keeps for every org: who may come in, what was asked, what is queued.
create table tenant.orgs (
    org_id uuid primary key,
    slug text not null,
    name text not null,
    created_at timestamptz not null default clock_timestamp()
);

create table tenant.members (
    org_id uuid not null references tenant.orgs (org_id),
    user_id uuid not null,
    email text not null,
    name text not null,
    role text not null check (role in ('owner', 'admin', 'analyst', 'viewer')),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, user_id)
);

-- A browser that is signed in. Only the hash of the cookie is kept.
create table tenant.sessions (
    org_id uuid not null,
    session_id uuid not null,
    user_id uuid not null,
    token_hash bytea not null check (length(token_hash) = 32),
    created_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    primary key (org_id, session_id),
    unique (org_id, token_hash),
    foreign key (org_id, user_id) references tenant.members (org_id, user_id)
);

create index sessions_by_expiry on tenant.sessions (org_id, expires_at);

-- A sign-in code is kept until it would have expired, so that it works once.
create table tenant.redeemed_codes (
    org_id uuid not null references tenant.orgs (org_id),
    jti text not null,
    expires_at timestamptz not null,
    primary key (org_id, jti)
);

create index redeemed_codes_by_expiry on tenant.redeemed_codes (org_id, expires_at);

-- The answer of a write, stored in the transaction of its effect, so that asking again is harmless.
create table tenant.idempotency_keys (
    org_id uuid not null references tenant.orgs (org_id),
    user_id uuid not null,
    key text not null check (length(key) between 1 and 128),
    request text not null,
    body_hash bytea not null check (length(body_hash) = 32),
    status smallint,
    answer bytea,
    expires_at timestamptz not null,
    primary key (org_id, user_id, key)
);

create index idempotency_keys_by_expiry on tenant.idempotency_keys (org_id, expires_at);

-- Queued work. Delivery is at least once; the lease proves whose run may complete.
create table tenant.jobs (
    org_id uuid not null references tenant.orgs (org_id),
    job_id uuid not null,
    kind text not null,
    key text not null,
    payload jsonb not null,
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'dead')),
    run_at timestamptz not null default clock_timestamp(),
    attempts int not null default 0,
    max_attempts int not null check (max_attempts >= 1),
    lease uuid,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    primary key (org_id, job_id),
    check ((state = 'running') = (lease is not null)),
    check ((lease is null) = (lease_until is null)),
    check ((state in ('done', 'dead')) = (finished_at is not null))
);

create unique index jobs_one_running on tenant.jobs (org_id, key) where state = 'running';
create index jobs_ready on tenant.jobs (run_at) where state = 'queued';
create index jobs_leased on tenant.jobs (lease_until) where state = 'running';
create index jobs_finished on tenant.jobs (org_id, finished_at) where state = 'done';

-- The org's data key, wrapped by the cell's key; without it the org's secrets are noise.
create table tenant.data_keys (
    org_id uuid not null references tenant.orgs (org_id),
    version int not null check (version >= 1),
    wrapped_key bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, version)
);

-- The org's layer of the configuration; the platform's layer is in cell.config_documents.
create table tenant.config_documents (
    org_id uuid not null references tenant.orgs (org_id),
    name text not null,
    version bigint not null,
    value jsonb not null,
    primary key (org_id, name)
);

-- What an org used. One row per writer (slot), so that writers never wait for each other.
create table tenant.usage_ledger (
    org_id uuid not null references tenant.orgs (org_id),
    hour timestamptz not null,
    meter text not null check (meter in ('cpu_us', 'db_rows', 'bytes_in', 'bytes_out', 'jobs', 'api_calls', 'dsp_calls')),
    slot text not null,
    quantity bigint not null check (quantity >= 0),
    primary key (org_id, hour, meter, slot)
);

select cell.protect('tenant.orgs');
select cell.protect('tenant.members');
select cell.protect('tenant.sessions');
select cell.protect('tenant.redeemed_codes');
select cell.protect('tenant.idempotency_keys');
select cell.protect('tenant.jobs');
select cell.protect('tenant.data_keys');
select cell.protect('tenant.config_documents');
select cell.protect('tenant.usage_ledger');

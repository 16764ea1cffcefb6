-- An org's configured connectors, who consented, and which advertisers were chosen.

create table tenant.connections (
    org_id uuid not null references tenant.orgs (org_id),
    connection_id uuid not null,
    connector text not null check (connector in ('dv360')),
    state text not null check (state in ('needs_setup', 'active', 'paused', 'failed')),
    problem_code text,
    problem_message text,
    account_email text,
    scopes text[] not null,
    sealed_credentials bytea not null,
    -- Part of what is sealed: raised at each new consent, so that an old one cannot be put back.
    credentials_version bigint not null check (credentials_version >= 1),
    partner_id text,
    partner_name text,
    created_by uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id),
    check ((problem_code is null) = (problem_message is null)),
    check ((partner_id is null) = (partner_name is null))
);

-- The same account connected again is the same connection with a new consent.
create unique index connections_by_account on tenant.connections (org_id, connector, account_email);

create table tenant.connection_advertisers (
    org_id uuid not null,
    connection_id uuid not null,
    advertiser_id text not null,
    name text not null,
    currency text not null,
    time_zone text not null,
    selected_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id, advertiser_id),
    foreign key (org_id, connection_id) references tenant.connections (org_id, connection_id) on delete cascade
);

-- A consent under way: bound to the session that began it, worthless after ten minutes or one use.
create table tenant.oauth_states (
    org_id uuid not null references tenant.orgs (org_id),
    state_hash bytea not null check (length(state_hash) = 32),
    session_id uuid not null,
    sealed_verifier bytea not null,
    return_path text not null,
    expires_at timestamptz not null,
    primary key (org_id, state_hash)
);

create index oauth_states_by_expiry on tenant.oauth_states (org_id, expires_at);

select cell.protect('tenant.connections');
select cell.protect('tenant.connection_advertisers');
select cell.protect('tenant.oauth_states');

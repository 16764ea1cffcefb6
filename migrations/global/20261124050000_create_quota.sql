-- What providers allow us, and what of it each cell holds. Whoever changes any of it for a pool
-- holds the pool's row, so the sums are never those of two moments.
create table quota_pools (
    pool text primary key check (length(pool) between 5 and 191),
    calls_per_day integer not null check (calls_per_day >= 0),
    per_second_milli integer not null check (per_second_milli >= 0),
    -- Never given to anybody.
    headroom integer not null check (headroom >= 0),
    -- Not part of standing shares, but lent.
    reserve integer not null check (reserve >= 0),
    -- The provider has said on this day that nothing is left.
    exhausted_day date,
    updated_at timestamptz not null default now()
);

-- What each cell may use on any day without asking. `assured` is the most that the cell may believe:
-- it follows `offered` down only when the cell has said that it goes by that version.
create table quota_shares (
    pool text not null references quota_pools,
    cell_id uuid not null references cells on delete cascade,
    version bigint not null check (version >= 0),
    assured_calls integer not null check (assured_calls >= 0),
    assured_milli integer not null check (assured_milli >= 0),
    offered_calls integer not null check (offered_calls >= 0),
    offered_milli integer not null check (offered_milli >= 0),
    reported_at timestamptz not null default now(),
    primary key (pool, cell_id)
) with (fillfactor = 50);

-- What a cell may take on one day, once that differs from its share. It outlives the cell: what it
-- has taken stays taken.
create table quota_days (
    pool text not null references quota_pools,
    day date not null,
    cell_id uuid not null,
    standing integer not null check (standing >= 0),
    -- As the cell last said, for people.
    taken integer not null check (taken >= 0),
    primary key (pool, day, cell_id)
) with (fillfactor = 50);

-- Calls lent. `calls` sinks to what was taken when the cell settles; until then all of it counts.
create table quota_leases (
    lease_id uuid primary key,
    pool text not null references quota_pools,
    day date not null,
    cell_id uuid not null,
    calls integer not null check (calls >= 0),
    expires_at timestamptz not null,
    settled boolean not null default false,
    granted_at timestamptz not null default now()
);

create index quota_leases_day_idx on quota_leases (pool, day);

-- What Google gives a project as long as nobody has asked for more.
insert into quota_pools (pool, calls_per_day, per_second_milli, headroom, reserve)
values ('google/default/bid_manager', 2000, 4000, 20, 600);

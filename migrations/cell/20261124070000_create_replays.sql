-- Stored files that are read again: a durable operation, and what it found of each day.

create table tenant.replays (
    org_id uuid not null references tenant.orgs (org_id),
    replay_id uuid not null,
    state jsonb not null,
    -- The step's name, for lists; part of `state`.
    step text not null check (step in (
        'queued', 'reading', 'concluding', 'done', 'failed', 'cancelled')),
    revision bigint not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (org_id, replay_id),
    check ((step in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);

create index replays_by_creation on tenant.replays (org_id, created_at desc, replay_id);

create table tenant.replay_days (
    org_id uuid not null,
    replay_id uuid not null,
    advertiser_id text collate "C" not null,
    date date not null,
    -- Days of one file have one position; files are read in its order.
    position int not null,
    -- Absent: silver has the day, and no stored file is known to have brought it.
    bronze_id uuid,
    state text not null default 'planned' check (state in (
        'planned', 'equal', 'different', 'only_before', 'only_after', 'unreadable',
        'without_file', 'superseded')),
    -- Over the day's business columns; absent where there are no rows.
    sha256_before bytea check (length(sha256_before) = 32),
    sha256_after bytea check (length(sha256_after) = 32),
    primary key (org_id, replay_id, advertiser_id, date),
    foreign key (org_id, replay_id) references tenant.replays (org_id, replay_id) on delete cascade
);

create index replay_days_by_position on tenant.replay_days (org_id, replay_id, position);

-- Says of a load that its days were put there, or put there again, by a replay.
alter table tenant.load_ledger
    add column replay_id uuid,
    add column replayed_at timestamptz;

select cell.protect('tenant.replays');
select cell.protect('tenant.replay_days');

-- Every change of routes, without gaps: the number comes from the locked counter row, taken in the
-- transaction of the change, so its order is the order of commits. `kept_from` is the first number
-- that is still in the log.
create table route_counter (
    singleton boolean primary key default true check (singleton),
    seq bigint not null check (seq >= 0),
    kept_from bigint not null check (kept_from >= 1)
);

insert into route_counter (seq, kept_from) values (0, 1);

create table route_log (
    seq bigint primary key,
    entry jsonb not null,
    written_at timestamptz not null default now()
);

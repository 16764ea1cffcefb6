-- What this cell may ask of sources, as leased from global-control, and what its orgs have taken of
-- it. It belongs to the cell: an org that moves leaves behind what it has taken.

-- The standing share: used every day, also without global-control.
create table cell.quota_shares (
    pool text primary key,
    version bigint not null,
    calls_per_day int not null check (calls_per_day >= 0),
    per_second_milli int not null check (per_second_milli >= 0),
    -- When the latest calls went or will go, oldest first.
    slots timestamptz[] not null default '{}',
    -- The source has said on this day that nothing is left.
    exhausted_day date,
    -- The id of the next lease, until an answer is heard.
    next_lease uuid not null default gen_random_uuid(),
    heard_at timestamptz
) with (fillfactor = 50);

-- One day's part of the share. What is counted is counted before the call: a crash loses no count.
create table cell.quota_days (
    pool text not null,
    day date not null,
    standing int not null check (standing >= 0),
    taken int not null check (taken >= 0),
    primary key (pool, day)
) with (fillfactor = 50);

create table cell.quota_leases (
    lease_id uuid primary key,
    pool text not null,
    day date not null,
    calls int not null check (calls >= 0),
    taken int not null default 0 check (taken between 0 and calls),
    expires_at timestamptz not null,
    -- Not used any more; global-control may have heard it or not.
    settled boolean not null default false,
    reported boolean not null default false
);

create index quota_leases_open on cell.quota_leases (pool, day) where not reported;

create table cell.quota_orgs (
    pool text not null,
    day date not null,
    org_id uuid not null,
    weight int not null check (weight between 1 and 1000),
    taken int not null default 0 check (taken >= 0),
    -- How often it has been turned away since it last got something.
    denials int not null default 0,
    denied_at timestamptz,
    primary key (pool, day, org_id)
) with (fillfactor = 50);

-- Every take holds the share's row until it commits, so that takes are one after the other.
create function cell.open_quota(
    p_pool text, p_day date, p_now timestamptz, p_calls int, p_milli int,
    out version bigint, out per_second_milli int, out slots timestamptz[], out exhausted boolean,
    out standing int, out taken int, out leased int, out heard_at timestamptz
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_share cell.quota_shares;
begin
    perform cell.require_cell();
    perform cell.require_read_committed();
    insert into cell.quota_shares (pool, version, calls_per_day, per_second_milli)
    values (p_pool, 0, p_calls, p_milli)
    on conflict (pool) do nothing;
    select * into v_share from cell.quota_shares s where s.pool = p_pool for update;
    insert into cell.quota_days (pool, day, standing, taken)
    values (p_pool, p_day, v_share.calls_per_day, 0)
    on conflict (pool, day) do nothing;
    version := v_share.version;
    per_second_milli := v_share.per_second_milli;
    slots := v_share.slots;
    heard_at := v_share.heard_at;
    exhausted := v_share.exhausted_day is not distinct from p_day;
    select d.standing, d.taken into standing, taken
      from cell.quota_days d where d.pool = p_pool and d.day = p_day;
    select coalesce(sum(l.calls - l.taken), 0) into leased
      from cell.quota_leases l
     where l.pool = p_pool and l.day = p_day and not l.settled and l.expires_at > p_now;
end $$;

-- The orgs that have wanted something lately and are served here: what is kept is kept for them.
create function cell.list_quota_orgs(p_pool text, p_day date)
returns table (listed_org uuid, org_weight int, org_taken int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    select seen.org_id, seen.weight, coalesce(today.taken, 0)
      from (
          select distinct on (o.org_id) o.org_id, o.weight
            from cell.quota_orgs o
           where o.pool = p_pool and o.day > p_day - 3
           order by o.org_id, o.day desc
      ) seen
      join cell.org_state s on s.org_id = seen.org_id and s.state in ('active', 'frozen')
      left join cell.quota_orgs today
        on today.pool = p_pool and today.day = p_day and today.org_id = seen.org_id
$$;

-- After open_quota, in the same transaction. Standing calls go first: leases are short.
create function cell.take_quota(
    p_pool text, p_day date, p_now timestamptz, p_org uuid, p_weight int, p_calls int,
    p_slots timestamptz[]
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_left int := p_calls;
    v_part int;
    v_lease record;
begin
    perform cell.require_cell();
    update cell.quota_shares set slots = p_slots where pool = p_pool;
    insert into cell.quota_orgs as o (pool, day, org_id, weight, taken)
    values (p_pool, p_day, p_org, p_weight, p_calls)
    on conflict (pool, day, org_id) do update
       set taken = o.taken + excluded.taken, weight = excluded.weight, denials = 0, denied_at = null;
    select least(v_left, greatest(standing - taken, 0)) into v_part
      from cell.quota_days where pool = p_pool and day = p_day;
    update cell.quota_days set taken = taken + v_part where pool = p_pool and day = p_day;
    v_left := v_left - v_part;
    for v_lease in
        select lease_id, calls - taken as unused
          from cell.quota_leases
         where pool = p_pool and day = p_day and not settled and expires_at > p_now and taken < calls
         order by expires_at
    loop
        exit when v_left = 0;
        v_part := least(v_left, v_lease.unused);
        update cell.quota_leases set taken = taken + v_part where lease_id = v_lease.lease_id;
        v_left := v_left - v_part;
    end loop;
    if v_left > 0 then
        raise exception 'more calls were taken than there are';
    end if;
end $$;

-- Remembers that an org was turned away; returns how often by now.
create function cell.deny_quota(
    p_pool text, p_day date, p_now timestamptz, p_org uuid, p_weight int
) returns int
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    insert into cell.quota_orgs as o (pool, day, org_id, weight, denials, denied_at)
    values (p_pool, p_day, p_org, p_weight, 1, p_now)
    on conflict (pool, day, org_id) do update
       set denials = o.denials + 1, denied_at = excluded.denied_at, weight = excluded.weight
    returning denials
$$;

create function cell.exhaust_quota(p_pool text, p_day date) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    update cell.quota_shares set exhausted_day = p_day where pool = p_pool
$$;

-- What to tell global-control, after open_quota in the same transaction. Leases that are over are
-- settled here first: from then on nobody takes of them.
create function cell.report_quota(
    p_pool text, p_day date, p_now timestamptz,
    out next_lease uuid, out wanting bigint, out lease_ids uuid[], out lease_taken int[],
    out leased_today bigint
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform cell.require_cell();
    update cell.quota_leases l
       set settled = true
     where l.pool = p_pool and not l.settled and (l.expires_at <= p_now or l.day < p_day);
    select s.next_lease into next_lease from cell.quota_shares s where s.pool = p_pool;
    select count(*) into wanting
      from cell.quota_orgs o
     where o.pool = p_pool and o.day = p_day and o.denied_at > p_now - interval '10 minutes';
    select coalesce(array_agg(l.lease_id order by l.lease_id), '{}'),
           coalesce(array_agg(l.taken order by l.lease_id), '{}')
      into lease_ids, lease_taken
      from cell.quota_leases l
     where l.pool = p_pool and l.settled and not l.reported;
    select coalesce(sum(l.taken), 0) into leased_today
      from cell.quota_leases l where l.pool = p_pool and l.day = p_day;
    delete from cell.quota_days d where d.pool = p_pool and d.day < p_day - 40;
    delete from cell.quota_orgs o where o.pool = p_pool and o.day < p_day - 40;
    delete from cell.quota_leases l where l.pool = p_pool and l.reported and l.day < p_day - 40;
end $$;

-- Gives back what is not needed today. Only ever less, so that reports may overtake each other.
create function cell.lower_quota(p_pool text, p_day date, p_standing int) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    update cell.quota_days
       set standing = least(standing, greatest(taken, p_standing))
     where pool = p_pool and day = p_day
$$;

-- Takes over an answer. A share is only replaced by a newer one; a lease is known by its id.
create function cell.store_quota_grant(
    p_pool text, p_day date, p_grant_day date, p_version bigint, p_calls int, p_milli int,
    p_standing int, p_exhausted boolean, p_lease uuid, p_lease_day date, p_lease_calls int,
    p_lease_expires timestamptz, p_settled uuid[], p_now timestamptz
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_share cell.quota_shares;
begin
    perform cell.require_cell();
    perform cell.require_read_committed();
    select * into strict v_share from cell.quota_shares s where s.pool = p_pool for update;
    if p_lease is not null then
        insert into cell.quota_leases (lease_id, pool, day, calls, expires_at)
        values (p_lease, p_pool, p_lease_day, p_lease_calls, p_lease_expires)
        on conflict (lease_id) do nothing;
    end if;
    update cell.quota_leases set reported = true where lease_id = any (p_settled) and settled;
    update cell.quota_shares
       set heard_at = p_now,
           next_lease = case when next_lease = p_lease then gen_random_uuid() else next_lease end,
           exhausted_day = case when p_exhausted then p_grant_day else exhausted_day end
     where pool = p_pool;
    if p_version <= v_share.version then
        return;
    end if;
    update cell.quota_shares
       set version = p_version, calls_per_day = p_calls, per_second_milli = p_milli
     where pool = p_pool;
    if v_share.version = 0 then
        -- Until now it went by its own idea of a share.
        insert into cell.quota_days as d (pool, day, standing, taken)
        values (p_pool, p_grant_day, p_standing, 0)
        on conflict (pool, day) do update set standing = greatest(d.taken, excluded.standing);
    elsif p_calls < v_share.calls_per_day then
        -- Also of a day that a clock going fast has opened already.
        update cell.quota_days
           set standing = least(standing, greatest(p_calls, taken))
         where pool = p_pool and day >= p_day;
    else
        insert into cell.quota_days as d (pool, day, standing, taken)
        values (p_pool, p_grant_day, greatest(v_share.calls_per_day, p_standing), 0)
        on conflict (pool, day) do update set standing = greatest(d.standing, excluded.standing);
    end if;
end $$;

-- What the org of this transaction has taken on a day, and what the cell has.
create function cell.show_quota(
    p_pool text, p_day date, out taken int, out weight int, out cell_standing int, out cell_taken bigint,
    out exhausted boolean, out heard_at timestamptz
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_org uuid := cell.current_org();
begin
    select o.taken, o.weight into taken, weight
      from cell.quota_orgs o where o.pool = p_pool and o.day = p_day and o.org_id = v_org;
    select s.heard_at, s.exhausted_day is not distinct from p_day, s.calls_per_day
      into heard_at, exhausted, cell_standing
      from cell.quota_shares s where s.pool = p_pool;
    select coalesce(d.standing, cell_standing),
           d.taken + (select coalesce(sum(l.taken), 0) from cell.quota_leases l
                       where l.pool = p_pool and l.day = p_day)
      into cell_standing, cell_taken
      from cell.quota_days d where d.pool = p_pool and d.day = p_day;
end $$;

-- Beside what was there before, so that this file need not know it.
alter function cell.app_functions() rename to app_functions_besides_quota;

create function cell.app_functions() returns setof regprocedure
language sql stable set search_path = pg_catalog, pg_temp as $$
    select cell.app_functions_besides_quota()
    union all
    select p.oid::regprocedure
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'cell'
       and p.proname in (
           'open_quota', 'list_quota_orgs', 'take_quota', 'deny_quota', 'exhaust_quota',
           'report_quota', 'lower_quota', 'store_quota_grant', 'show_quota'
       )
$$;

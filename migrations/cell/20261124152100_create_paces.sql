-- How far ahead calls were given leave that a source counts by the minute: those of a whole project,
-- and those of a part of it, such as an advertiser. Whichever process of the cell asks.
create table cell.paces (
    pool text not null,
    -- '' is the whole pool.
    part text not null,
    -- Spread evenly at their pace, the calls so far reach up to here.
    reaches_to timestamptz not null,
    primary key (pool, part)
) with (fillfactor = 50);

-- The whole pool's first, as everybody locks them, with the pace of the cell's share; it is null until
-- global-control has said.
create function cell.lock_paces(p_pool text, p_part text, p_now timestamptz)
returns table (reaches_to timestamptz, share_milli int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform cell.require_cell();
    perform cell.require_read_committed();
    insert into cell.paces (pool, part, reaches_to)
    select p_pool, parts.part, p_now from (values (''), (p_part)) parts (part)
     where parts.part is not null
    on conflict (pool, part) do nothing;
    return query
        select p.reaches_to, s.per_second_milli
          from cell.paces p
          left join cell.quota_shares s on s.pool = p.pool and s.version > 0
         where p.pool = p_pool and p.part in ('', p_part)
         order by p.part
           for update of p;
end $$;

create function cell.store_paces(
    p_pool text, p_part text, p_whole_to timestamptz, p_part_to timestamptz
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    update cell.paces
       set reaches_to = case part when '' then p_whole_to else p_part_to end
     where pool = p_pool and part in ('', p_part)
$$;

-- What lies behind says nothing any more.
create function cell.forget_paces(p_before timestamptz) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    delete from cell.paces where part <> '' and reaches_to < p_before
$$;

-- Beside what was there before, so that this file need not know it.
alter function cell.app_functions() rename to app_functions_besides_paces;

create function cell.app_functions() returns setof regprocedure
language sql stable set search_path = pg_catalog, pg_temp as $$
    select cell.app_functions_besides_paces()
    union all
    select p.oid::regprocedure
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'cell' and p.proname in ('lock_paces', 'store_paces', 'forget_paces')
$$;

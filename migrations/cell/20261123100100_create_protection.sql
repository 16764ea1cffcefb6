-- What every tenant table carries: row-level security by the signed context, capture of changed
-- keys while its org moves, and a refusal of TRUNCATE. The catalogue test holds tables to it.

create function cell.refuse_truncate() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'TRUNCATE would take every org''s rows' using errcode = '42501';
end $$;

-- The text of a table's capture function; also what the catalogue test compares with.
create function cell.capture_body(p_table regclass) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    v_name text;
    v_new text;
    v_old text;
    v_changed text;
begin
    select c.relname,
           string_agg(format('new.%I::text', a.attname), ', ' order by k.position),
           string_agg(format('old.%I::text', a.attname), ', ' order by k.position),
           format('(%s) is distinct from (%s)',
               string_agg(format('old.%I', a.attname), ', ' order by k.position),
               string_agg(format('new.%I', a.attname), ', ' order by k.position))
      into v_name, v_new, v_old, v_changed
      from pg_class c
      join pg_index i on i.indrelid = c.oid and i.indisprimary
     cross join lateral unnest(i.indkey::int2[]) with ordinality k (attnum, position)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
     where c.oid = p_table
     group by c.relname;
    if v_name is null then
        raise exception 'table % has no primary key', p_table;
    end if;
    return format($body$
begin
    if tg_op <> 'DELETE' then
        insert into cell.move_log (org_id, table_name, key) values (new.org_id, %1$L, array[%2$s]);
    end if;
    if tg_op = 'DELETE' or (tg_op = 'UPDATE' and %4$s) then
        insert into cell.move_log (org_id, table_name, key) values (old.org_id, %1$L, array[%3$s]);
    end if;
    return null;
end $body$, v_name, v_new, v_old, v_changed);
end $$;

-- Partitions hold rows but are no way in: row-level security with no policy refuses everything
-- that does not come through the parent table.
create function cell.protect_partition(p_partition regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    execute format('alter table %s enable row level security', p_partition);
    execute format('alter table %s force row level security', p_partition);
    execute format(
        'create trigger zz_refuse_truncate before truncate on %s for each statement execute function cell.refuse_truncate()',
        p_partition);
end $$;

-- Called by a migration right after a tenant table (and the partitions it starts with) is created.
create function cell.protect(p_table regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    v_function text;
    v_partition regclass;
begin
    select 'capture_' || c.relname
      into strict v_function
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.oid = p_table and n.nspname = 'tenant' and c.relkind in ('r', 'p');
    execute format('alter table %s enable row level security', p_table);
    execute format('alter table %s force row level security', p_table);
    execute format(
        'create policy org on %s using (org_id = (select cell.current_org())) with check (org_id = (select cell.current_org()))',
        p_table);
    execute format(
        'create function cell.%I() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as %L',
        v_function, cell.capture_body(p_table));
    execute format('revoke all on function cell.%I() from public', v_function);
    -- Unset means captured: only the prologue, which has read the org's state, may say "off".
    execute format(
        'create trigger zz_capture after insert or update or delete on %s for each row when (current_setting(''app.capture'', true) is distinct from ''off'') execute function cell.%I()',
        p_table, v_function);
    execute format(
        'create trigger zz_refuse_truncate before truncate on %s for each statement execute function cell.refuse_truncate()',
        p_table);
    for v_partition in select inhrelid::regclass from pg_inherits where inhparent = p_table loop
        perform cell.protect_partition(v_partition);
    end loop;
end $$;

-- Rights are given by name after the migrations, because the roles' names belong to the installation.
-- Repeatable; a table or function that is not named here is out of the app's reach.
create function cell.grant_roles(p_app text, p_mover text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    v_table regclass;
    v_function regprocedure;
begin
    execute format('grant usage on schema cell, tenant to %I, %I', p_app, p_mover);
    for v_table in
        select c.oid::regclass
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'tenant' and c.relkind in ('r', 'p')
    loop
        if (select not relispartition from pg_class where oid = v_table) then
            execute format('grant select, insert, update, delete on %s to %I', v_table, p_app);
        end if;
        execute format('grant select, insert, update, delete on %s to %I', v_table, p_mover);
    end loop;
    for v_function in
        select p.oid::regprocedure
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'cell'
    loop
        execute format('revoke all on function %s from public', v_function);
    end loop;
    for v_function in select cell.app_functions() loop
        execute format('grant execute on function %s to %I', v_function, p_app);
    end loop;
    for v_function in select cell.mover_functions() loop
        execute format('grant execute on function %s to %I', v_function, p_mover);
    end loop;
    execute format('grant select, update on cell.org_state to %I', p_mover);
    execute format('grant select, delete on cell.move_log to %I', p_mover);
    execute format('grant select, insert, delete on cell.move_copied to %I', p_mover);
end $$;

-- Everything the app role may call; the catalogue test knows the same list.
create function cell.app_functions() returns setof regprocedure
language sql stable set search_path = pg_catalog, pg_temp as $$
    select p.oid::regprocedure
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'cell'
       and p.proname in (
           'enter', 'enter_read', 'current_org', 'claim_jobs', 'thaw_expired', 'observe_load',
           'prepare_org', 'forget_org', 'find_org', 'list_orgs',
           'store_platform_document', 'list_platform_documents', 'config_version', 'set_config_version'
       )
$$;

create function cell.mover_functions() returns setof regprocedure
language sql stable set search_path = pg_catalog, pg_temp as $$
    select p.oid::regprocedure
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'cell'
       and p.proname in ('take_over', 'capture', 'freeze', 'decide_moved', 'thaw')
$$;

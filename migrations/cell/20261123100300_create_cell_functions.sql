-- What the app role may ask about the cell as a whole, one function per question. All but the
-- platform's configuration, which every org may read, want a cell context.

-- Claiming looks across orgs, so the tables' owner, and nobody else, sees all jobs. The app role
-- is not the owner; it only gets what claim_jobs and observe_load return.
create policy owner_claims on tenant.jobs to current_user using (true) with check (true);

-- Takes due jobs, at most p_per_org running per org and one per (org, key). It writes tenant rows,
-- so it keeps to the fence: the org's shared lock first, its state in a later statement.
-- Orgs take turns (`turn`): one org's backlog cannot starve the others.
create function cell.claim_jobs(p_kinds text[], p_limit int, p_per_org int, p_lease_ms bigint)
returns table (
    claimed_org uuid, org_epoch bigint, claimed_job uuid, job_kind text, job_key text,
    job_payload jsonb, attempt int, attempt_limit int, job_lease uuid
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_candidate record;
    v_org record;
    v_job tenant.jobs;
    v_taken int := 0;
begin
    perform cell.require_cell();
    perform cell.require_read_committed();
    for v_candidate in
        select ready.org_id, ready.job_id, ready.key
          from (
              select j.org_id, j.job_id, j.key, j.run_at,
                     row_number() over (partition by j.org_id order by j.run_at) as turn
                from tenant.jobs j
                join cell.org_state o on o.org_id = j.org_id and o.state = 'active'
               where j.kind = any (p_kinds)
                 and ((j.state = 'queued' and j.run_at <= clock_timestamp())
                      or (j.state = 'running' and j.lease_until < clock_timestamp()))
          ) ready
         order by ready.turn, ready.run_at
         limit p_limit * 8
    loop
        exit when v_taken >= p_limit;
        continue when not pg_try_advisory_xact_lock_shared(1667591276, uuid_hash(v_candidate.org_id));
        select epoch, state, capture into v_org
          from cell.org_state
         where org_id = v_candidate.org_id;
        continue when v_org.state is distinct from 'active';
        -- 1785684595 is "jobs": two claimers must not both find that no job of this key is running.
        continue when not pg_try_advisory_xact_lock(
            1785684595, hashtext(v_candidate.org_id::text || v_candidate.key));
        select * into v_job
          from tenant.jobs j
         where j.org_id = v_candidate.org_id
           and j.job_id = v_candidate.job_id
           and ((j.state = 'queued' and j.run_at <= clock_timestamp())
                or (j.state = 'running' and j.lease_until < clock_timestamp()))
           for update skip locked;
        continue when not found;
        perform set_config('app.capture', case when v_org.capture then 'on' else 'off' end, true);
        if v_job.attempts >= v_job.max_attempts then
            update tenant.jobs
               set state = 'dead', lease = null, lease_until = null, finished_at = clock_timestamp(),
                   last_error = coalesce(last_error || '; ', '') || 'the last run never ended'
             where org_id = v_job.org_id and job_id = v_job.job_id;
            continue;
        end if;
        continue when exists (
            select from tenant.jobs j
             where j.org_id = v_job.org_id and j.key = v_job.key
               and j.state = 'running' and j.job_id <> v_job.job_id);
        continue when p_per_org <= (
            select count(*) from tenant.jobs j
             where j.org_id = v_job.org_id and j.state = 'running' and j.job_id <> v_job.job_id);
        update tenant.jobs
           set state = 'running', lease = gen_random_uuid(), attempts = attempts + 1,
               lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
         where org_id = v_job.org_id and job_id = v_job.job_id
        returning * into v_job;
        v_taken := v_taken + 1;
        return query select v_job.org_id, v_org.epoch, v_job.job_id, v_job.kind, v_job.key,
            v_job.payload, v_job.attempts, v_job.max_attempts, v_job.lease;
    end loop;
end $$;

create function cell.observe_load(out orgs bigint, out jobs_queued bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    select (select count(*) from cell.org_state where state in ('active', 'frozen')),
           (select count(*) from tenant.jobs where state = 'queued' and run_at <= clock_timestamp())
$$;

-- Makes an org servable here. Repeating it with the same epoch changes nothing; the caller reads
-- the answer to see whether the org is in another state by now.
create function cell.prepare_org(p_org uuid, p_epoch bigint, out state text, out epoch bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform cell.require_cell();
    insert into cell.org_state as o (org_id, epoch, state)
    values (p_org, p_epoch, 'active')
    on conflict (org_id) do nothing;
    select o.state, o.epoch into state, epoch from cell.org_state o where o.org_id = p_org;
end $$;

-- The other direction, for a signup that was given up. The caller is inside the org's transaction,
-- has deleted its rows there, and only then may the org itself go.
create function cell.forget_org(p_org uuid, p_epoch bigint) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if cell.current_org() is distinct from p_org then
        raise exception 'not inside the org''s transaction' using errcode = '42501';
    end if;
    delete from cell.org_state o
     where o.org_id = p_org and o.epoch = p_epoch and o.state = 'active' and o.mover is null;
    return found;
end $$;

create function cell.find_org(p_org uuid, out state text, out epoch bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    select o.state, o.epoch from cell.org_state o where o.org_id = p_org
$$;

create function cell.list_orgs()
returns table (listed_org uuid, state text, epoch bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    select o.org_id, o.state, o.epoch from cell.org_state o order by o.org_id
$$;

-- The platform's layer of the configuration and how far this cell has followed it.
create table cell.config_documents (
    name text primary key,
    version bigint not null,
    value jsonb not null
);

create table cell.config_progress (
    config_progress_id int primary key check (config_progress_id = 1),
    version bigint not null
);

insert into cell.config_progress (config_progress_id, version) values (1, 0);

create function cell.store_platform_document(p_name text, p_version bigint, p_value jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    insert into cell.config_documents as d (name, version, value)
    values (p_name, p_version, p_value)
    on conflict (name) do update
       set version = excluded.version, value = excluded.value
     where d.version < excluded.version
$$;

create function cell.list_platform_documents()
returns table (document_name text, document_version bigint, document_value jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select name, version, value from cell.config_documents
$$;

create function cell.config_version() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    select version from cell.config_progress
$$;

create function cell.set_config_version(p_version bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    update cell.config_progress set version = p_version where version < p_version
$$;

-- The steps of a move that this cell decides, each one compare-and-set on one row. A mover proves
-- itself by its token; a later mover takes the org over and thereby shuts the earlier one out.

create function cell.take_over(p_org uuid, p_token uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    update cell.org_state set mover = p_token, updated_at = clock_timestamp() where org_id = p_org;
    return found;
end $$;

-- After this commits every earlier writer has ended and every later one is captured.
create function cell.capture(p_org uuid, p_token uuid, p_on boolean) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform cell.require_read_committed();
    perform pg_advisory_xact_lock(1667591276, uuid_hash(p_org));
    update cell.org_state
       set capture = p_on, updated_at = clock_timestamp()
     where org_id = p_org and mover = p_token;
    return found;
end $$;

-- Returns the frozen epoch, or null if the org is not what the mover believes it to be. Callers set
-- lock_timeout: even a waiting request for the lock holds up the org's writers.
create function cell.freeze(p_org uuid, p_from_epoch bigint, p_token uuid, p_ms int) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_epoch bigint;
begin
    perform cell.require_read_committed();
    perform pg_advisory_xact_lock(1667591276, uuid_hash(p_org));
    update cell.org_state
       set epoch = epoch + 1, state = 'frozen', updated_at = clock_timestamp(),
           freeze_until = clock_timestamp() + p_ms * interval '1 millisecond'
     where org_id = p_org and epoch = p_from_epoch and state = 'active' and mover = p_token
    returning epoch into v_epoch;
    return v_epoch;
end $$;

-- The decision: from here a move only rolls forward. Not after the deadline, when anyone may thaw.
create function cell.decide_moved(p_org uuid, p_epoch bigint, p_token uuid, p_to text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    update cell.org_state
       set state = 'moved', moved_to = p_to, capture = true, freeze_until = null,
           updated_at = clock_timestamp()
     where org_id = p_org and epoch = p_epoch and state = 'frozen' and mover = p_token
       and freeze_until > clock_timestamp();
    return found;
end $$;

-- Undoes a freeze: at any time by the mover that holds the org, after the deadline by anyone.
create function cell.thaw(p_org uuid, p_token uuid) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_epoch bigint;
begin
    update cell.org_state
       set state = 'active', epoch = epoch + 1, freeze_until = null, updated_at = clock_timestamp()
     where org_id = p_org and state = 'frozen'
       and (mover = p_token or freeze_until <= clock_timestamp())
    returning epoch into v_epoch;
    return v_epoch;
end $$;

create function cell.thaw_expired() returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select cell.require_cell();
    update cell.org_state
       set state = 'active', epoch = epoch + 1, freeze_until = null, updated_at = clock_timestamp()
     where state = 'frozen' and freeze_until <= clock_timestamp()
    returning org_id
$$;

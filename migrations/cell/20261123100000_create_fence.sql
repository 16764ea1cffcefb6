-- The fence and the signed org context: who owns an org, and which org a transaction may see.
-- `cell` holds what belongs to the cell itself; the app role reaches it through functions only.
-- `tenant` holds what belongs to orgs; every table there is protected by cell.protect().
create schema cell;
create schema tenant;

-- One row per org that is or ever was here. A move's decision is one compare-and-set on this row.
create table cell.org_state (
    org_id uuid primary key,
    epoch bigint not null check (epoch >= 0),
    state text not null check (state in ('active', 'frozen', 'moved', 'incoming')),
    capture boolean not null default false,
    mover uuid,
    freeze_until timestamptz,
    moved_to text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    check ((state = 'frozen') = (freeze_until is not null)),
    check ((state = 'moved') = (moved_to is not null))
) with (fillfactor = 50);

-- Keys of the rows that changed while an org is moving, in no particular order of commit.
create table cell.move_log (
    move_log_id bigint generated always as identity primary key,
    org_id uuid not null,
    table_name text not null,
    key text[] not null
);

create index move_log_by_org on cell.move_log (org_id, move_log_id);

-- On a move's target: what has been copied, written in the copy's own transaction.
create table cell.move_copied (
    org_id uuid not null,
    part text not null,
    row_count bigint not null,
    primary key (org_id, part)
);

-- The two padded blocks of HMAC-SHA256, so that a signature costs two calls of sha256().
create table cell.context_key (
    context_key_id int primary key check (context_key_id = 1),
    inner_block bytea not null check (length(inner_block) = 64),
    outer_block bytea not null check (length(outer_block) = 64)
);

-- Locking and reading in one statement, or under one snapshot for the whole transaction, would read
-- the state as it was before the lock was granted, and let writes through after a freeze.
create function cell.require_read_committed() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'org transactions run in READ COMMITTED' using errcode = '25001';
    end if;
end $$;

create function cell.refuse(p_state text, p_epoch bigint, p_moved_to text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'org fenced' using
        errcode = 'MV001',
        detail = concat_ws(' ', coalesce(p_state, 'absent'), coalesce(p_epoch::text, '-'), coalesce(p_moved_to, '-'));
end $$;

-- The prologue of every write. 1667591276 is "cell" in ASCII: the class of the org locks, in the
-- two-number key space, which the migrator's one-number locks cannot meet.
create function cell.enter(p_org uuid, p_epoch bigint, p_context text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_epoch bigint;
    v_state text;
    v_capture boolean;
    v_moved_to text;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        perform cell.require_read_committed();
    end if;
    perform pg_advisory_xact_lock_shared(1667591276, uuid_hash(p_org));
    -- A statement of its own: its snapshot is younger than the lock.
    select epoch, state, capture, moved_to
      into v_epoch, v_state, v_capture, v_moved_to
      from cell.org_state
     where org_id = p_org;
    if v_epoch is distinct from p_epoch or v_state is distinct from 'active' then
        perform cell.refuse(v_state, v_epoch, v_moved_to);
    end if;
    perform set_config('app.org_id', p_org::text, true),
            set_config('app.capture', case when v_capture then 'on' else 'off' end, true),
            set_config('app.context', p_context, true);
end $$;

-- The prologue of every read: no lock, and reads go on through a freeze, when routers still say
-- the epoch before it.
create function cell.enter_read(p_org uuid, p_epoch bigint, p_context text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_epoch bigint;
    v_state text;
    v_moved_to text;
begin
    select epoch, state, moved_to
      into v_epoch, v_state, v_moved_to
      from cell.org_state
     where org_id = p_org;
    if (v_state = 'active' and v_epoch = p_epoch)
        or (v_state = 'frozen' and v_epoch in (p_epoch, p_epoch + 1)) then
        perform set_config('app.org_id', p_org::text, true),
                set_config('app.context', p_context, true);
    else
        perform cell.refuse(v_state, v_epoch, v_moved_to);
    end if;
end $$;

-- The org whose rows this transaction may touch. Any SQL can set app.context, only the cell's own
-- process can sign it: "org|epoch|backend pid|expiry|HMAC-SHA256 in hex".
create function cell.current_org() returns uuid
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare
    v_context text := current_setting('app.context', true);
    v_parts text[] := string_to_array(v_context, '|');
    v_mac bytea;
begin
    select sha256(outer_block || sha256(inner_block || convert_to(left(v_context, -65), 'UTF8')))
      into v_mac
      from cell.context_key;
    if cardinality(v_parts) = 5 and encode(v_mac, 'hex') = v_parts[5] then
        if v_parts[3]::int = pg_backend_pid()
            and v_parts[4]::bigint >= extract(epoch from clock_timestamp())
            and v_parts[1] <> 'cell' then
            return v_parts[1]::uuid;
        end if;
    end if;
    raise exception 'no valid org context' using errcode = '42501';
end $$;

-- The same proof for work that belongs to no org: its context says "cell" where an org would stand.
-- Without it SQL that was smuggled into an org's transaction could ask the cell about other orgs.
create function cell.require_cell() returns void
language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp as $$
declare
    v_context text := current_setting('app.context', true);
    v_parts text[] := string_to_array(v_context, '|');
    v_mac bytea;
begin
    select sha256(outer_block || sha256(inner_block || convert_to(left(v_context, -65), 'UTF8')))
      into v_mac
      from cell.context_key;
    if cardinality(v_parts) = 5 and encode(v_mac, 'hex') = v_parts[5] then
        if v_parts[3]::int = pg_backend_pid()
            and v_parts[4]::bigint >= extract(epoch from clock_timestamp())
            and v_parts[1] = 'cell' then
            return;
        end if;
    end if;
    raise exception 'no valid cell context' using errcode = '42501';
end $$;

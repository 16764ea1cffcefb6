-- One row per broken rule of tenant tables and of the app role's reach.
with tables as (
    select c.oid, c.relname, c.relkind, c.relispartition, c.relpersistence, c.relrowsecurity,
           c.relforcerowsecurity
      from pg_class c
     where c.relnamespace = 'tenant'::regnamespace and c.relkind in ('r', 'p')
), roots as (
    select * from tables where not relispartition
), app as (
    select * from pg_roles where rolname = 'cell_app'
)
select relname || ': the primary key must begin with org_id' as violation
  from roots t
 where not exists (
     select from pg_index i
       join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
      where i.indrelid = t.oid and i.indisprimary and a.attname = 'org_id')
union all
select relname || ': row-level security must be enabled and forced'
  from tables
 where not (relrowsecurity and relforcerowsecurity)
union all
select t.relname || ': the only policy must be the canonical one, not ' || coalesce(p.polname, 'none')
  from roots t
  left join pg_policy p on p.polrelid = t.oid
   and not (t.relname = 'jobs' and p.polname = 'owner_claims'
            and p.polroles = array['cell_owner'::regrole::oid])
 where (p.polname = 'org' and p.polpermissive and p.polcmd = '*' and p.polroles = array[0::oid]
        and pg_get_expr(p.polqual, p.polrelid)
            = '(org_id = ( SELECT cell.current_org() AS current_org))'
        and pg_get_expr(p.polwithcheck, p.polrelid)
            = '(org_id = ( SELECT cell.current_org() AS current_org))') is not true
union all
select t.relname || ': a partition must have no policy of its own'
  from tables t
  join pg_policy p on p.polrelid = t.oid
 where t.relispartition
union all
select t.relname || ': the unique index ' || i.indexrelid::regclass || ' must contain org_id'
  from tables t
  join pg_index i on i.indrelid = t.oid and i.indisunique
 where not exists (
     select from unnest(i.indkey::int2[]) k (attnum)
       join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
      where a.attname = 'org_id')
union all
select t.relname || ': the foreign key ' || f.conname || ' must tie org_id to org_id within tenant'
  from tables t
  join pg_constraint f on f.conrelid = t.oid and f.contype = 'f'
  join pg_class target on target.oid = f.confrelid
 where target.relnamespace <> 'tenant'::regnamespace
    or not exists (
        select from unnest(f.conkey, f.confkey) k (own, other)
          join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.own
          join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.other
         where a.attname = 'org_id' and b.attname = 'org_id')
union all
select t.relname || ': the capture trigger is missing, changed or disabled'
  from roots t
 where not exists (
     select from pg_trigger g
       join pg_proc p on p.oid = g.tgfoid
      where g.tgrelid = t.oid and g.tgname = 'zz_capture' and g.tgenabled = 'O'
        and p.pronamespace = 'cell'::regnamespace and p.proname = 'capture_' || t.relname
        and p.prosecdef
        and case when exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)
            then p.prosrc = cell.capture_body(t.oid::regclass) end
        and pg_get_triggerdef(g.oid) like '%AFTER INSERT OR DELETE OR UPDATE ON %FOR EACH ROW WHEN%'
        and pg_get_triggerdef(g.oid)
            like '%current\_setting(''app.capture''::text, true) IS DISTINCT FROM ''off''::text%')
union all
select t.relname || ': the trigger that refuses TRUNCATE is missing or disabled'
  from tables t
 where not exists (
     select from pg_trigger g
      where g.tgrelid = t.oid and g.tgname = 'zz_refuse_truncate' and g.tgenabled = 'O'
        and g.tgfoid = 'cell.refuse_truncate'::regproc and g.tgtype & 32 = 32 and g.tgtype & 2 = 2)
union all
select t.relname || '.' || a.attname || ': no sequence or identity may make its values'
  from tables t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like '%nextval%'
union all
select relname || ': must be logged' from tables where relpersistence <> 'p'
union all
select t.relname || ': the app role must not own it'
  from tables t
  join pg_class c on c.oid = t.oid
  join app on app.oid = c.relowner
union all
select t.relname || ': the app role must not have ' || r.name
  from tables t
 cross join app
 cross join (values ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) r (name)
 where has_table_privilege(app.oid, t.oid, r.name)
union all
select t.relname || ': the app role must reach a partition through its parent only'
  from tables t
 cross join app
 where t.relispartition and has_table_privilege(app.oid, t.oid, 'SELECT, INSERT, UPDATE, DELETE')
union all
select c.oid::regclass || ': the app role reaches a relation outside tenant'
  from pg_class c
 cross join app
 where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
   and c.relnamespace not in (
       'tenant'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace)
   and case c.relkind
       when 'S' then has_sequence_privilege(app.oid, c.oid, 'USAGE, SELECT, UPDATE')
       else has_table_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
           or has_any_column_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE')
       end
union all
select 'app role: must not be superuser, get around row-level security, make roles or databases'
  from app
 where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
union all
select 'app role: must be a member of no role'
  from pg_auth_members m
  join app on app.oid = m.member
union all
select p.oid::regprocedure || ': a definer function must pin its search path'
  from pg_proc p
 where p.prosecdef and p.pronamespace <> 'pg_catalog'::regnamespace
   and not 'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{}'))
union all
select p.oid::regprocedure || ': the app role may not call this definer function'
  from pg_proc p
 cross join app
 where p.prosecdef and p.pronamespace <> 'pg_catalog'::regnamespace
   and has_function_privilege(app.oid, p.oid, 'EXECUTE')
   and p.oid not in (
       'cell.enter(uuid, bigint, text)'::regprocedure,
       'cell.enter_read(uuid, bigint, text)'::regprocedure,
       'cell.current_org()'::regprocedure,
       'cell.claim_jobs(text[], integer, integer, bigint)'::regprocedure,
       'cell.observe_load()'::regprocedure,
       'cell.prepare_org(uuid, bigint)'::regprocedure,
       'cell.forget_org(uuid, bigint)'::regprocedure,
       'cell.find_org(uuid)'::regprocedure,
       'cell.list_orgs()'::regprocedure,
       'cell.store_platform_document(text, bigint, jsonb)'::regprocedure,
       'cell.list_platform_documents()'::regprocedure,
       'cell.config_version()'::regprocedure,
       'cell.set_config_version(bigint)'::regprocedure,
       'cell.thaw_expired()'::regprocedure,
       'cell.open_quota(text, date, timestamptz, integer, integer)'::regprocedure,
       'cell.list_quota_orgs(text, date)'::regprocedure,
       'cell.take_quota(text, date, timestamptz, uuid, integer, integer, timestamptz[])'::regprocedure,
       'cell.deny_quota(text, date, timestamptz, uuid, integer)'::regprocedure,
       'cell.exhaust_quota(text, date)'::regprocedure,
       'cell.report_quota(text, date, timestamptz)'::regprocedure,
       'cell.lower_quota(text, date, integer)'::regprocedure,
       'cell.store_quota_grant(text, date, date, bigint, integer, integer, integer, boolean, uuid, date, integer, timestamptz, uuid[], timestamptz)'::regprocedure,
       'cell.show_quota(text, date)'::regprocedure,
       'cell.lock_paces(text, text, timestamptz)'::regprocedure,
       'cell.store_paces(text, text, timestamptz, timestamptz)'::regprocedure,
       'cell.forget_paces(timestamptz)'::regprocedure)
union all
select c.oid::regclass || ': a view must be security_invoker'
  from pg_class c
 where c.relkind = 'v'
   and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
   and not 'security_invoker=true' = any (coalesce(c.reloptions, '{}'))
union all
select c.oid::regclass || ': a materialized view would hold every org''s rows'
  from pg_class c
 where c.relkind = 'm'
union all
select 'cell.context_key: must hold exactly one key'
 where (select count(*) from cell.context_key) <> 1
 order by 1

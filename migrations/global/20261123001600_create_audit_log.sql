-- Who did what, when and from where. Rows are only ever added.
create table audit_log (
    audit_id uuid primary key,
    at timestamptz not null default now(),
    action text not null,
    actor text not null,
    org_id uuid,
    client text,
    request_id uuid,
    details jsonb not null default '{}'
);

create index audit_log_org_id_idx on audit_log (org_id, at) where org_id is not null;

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log only grows';
end
$$;

create trigger audit_log_only_grows
before update or delete or truncate on audit_log
for each statement execute function refuse_audit_change();

-- What people keep by name on the pacing page: views of it, and portfolios of orders.
create table tenant.pacing_saved (
    org_id uuid not null references tenant.orgs (org_id),
    saved_id uuid not null,
    kind text not null check (kind in ('view', 'portfolio')),
    name text not null check (length(name) between 1 and 100),
    document jsonb not null,
    version int not null check (version >= 1),
    created_by uuid not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, saved_id)
);

create unique index pacing_saved_by_name on tenant.pacing_saved (org_id, kind, lower(name));

select cell.protect('tenant.pacing_saved');

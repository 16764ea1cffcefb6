-- An org's own limits of what bringing its data in may use. The platform's lie in the configuration
-- document `budgets`; the lower of the two holds.
create table tenant.budgets (
    org_id uuid not null references tenant.orgs (org_id),
    resource text not null check (resource in ('calls', 'rows', 'bytes', 'cost_micros_usd')),
    -- Above it backfills wait.
    soft bigint check (soft >= 0),
    -- Above it nothing is asked for.
    hard bigint check (hard >= 0),
    updated_by uuid not null,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, resource),
    check (soft <= hard)
);

select cell.protect('tenant.budgets');

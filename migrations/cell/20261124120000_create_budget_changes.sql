-- Who changed an org's own limits, when, and from what to what.
create table tenant.budget_changes (
    org_id uuid not null references tenant.orgs (org_id),
    -- In the order of the changes.
    change_id uuid not null,
    -- All of the org's own limits, by resource.
    limits_before jsonb not null,
    limits_after jsonb not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, change_id)
);

select cell.protect('tenant.budget_changes');

-- Which modules an org has switched on, with which settings, and what their runs came to.

-- Versions are added and never changed: the newest is in force, and any can be put back.
create table tenant.module_versions (
    org_id uuid not null references tenant.orgs (org_id),
    module text not null check (length(module) between 1 and 63),
    version int not null check (version >= 1),
    enabled boolean not null,
    -- Whose defaults the settings are laid over; null: those for everybody.
    template text,
    -- As far as they differ; null: not at all.
    settings jsonb,
    comment text not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, module, version)
);

-- The latest run of a module over each advertiser's data, and what it saw: the run is due again as
-- soon as any of that is not so any more.
create table tenant.module_runs (
    org_id uuid not null references tenant.orgs (org_id),
    module text not null check (length(module) between 1 and 63),
    dsp text not null,
    advertiser_id text not null,
    -- When facts were loaded last, and the latest file of entities.
    facts_at timestamptz,
    entities_at bigint,
    -- Version and settings of the module, and whatever else its results depend on.
    setup text not null,
    row_count bigint not null check (row_count >= 0),
    -- Of the results: the same data and setup always give the same.
    result_sha256 bytea check (length(result_sha256) = 32),
    problem text,
    took_us bigint not null,
    ran_at timestamptz not null default clock_timestamp(),
    primary key (org_id, module, dsp, advertiser_id),
    check ((result_sha256 is null) = (problem is not null))
);

select cell.protect('tenant.module_versions');
select cell.protect('tenant.module_runs');

comment on table tenant.module_versions is 'What the org said of each module, version by version: whether it is on, whose defaults it takes, and its own settings over them.';
comment on table tenant.module_runs is 'The latest run of each module over each advertiser''s data: what it saw and what it came to.';

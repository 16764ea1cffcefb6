-- Naming conventions as an org has them, and what its names came to when they were held to them.

-- Versions are added and never changed.
create table tenant.naming_conventions (
    org_id uuid not null references tenant.orgs (org_id),
    convention_id uuid not null,
    version int not null check (version >= 1),
    -- Null: it was taken away.
    document jsonb,
    comment text not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, convention_id, version)
);

-- Each name as the latest run found it.
create table tenant.naming_results (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    level text not null check (level in ('campaign', 'insertion_order', 'line_item', 'creative')),
    entity_id text not null,
    advertiser_id text not null,
    parent_id text,
    name text not null,
    entity_status text not null,
    -- Null: none is for it.
    convention_id uuid,
    convention_version int,
    compliant boolean,
    issues jsonb not null,
    suggestions jsonb not null,
    primary key (org_id, dsp, level, entity_id),
    check ((convention_id is null) = (compliant is null))
);

create index naming_results_by_advertiser on tenant.naming_results (org_id, dsp, advertiser_id);
create index naming_results_by_name on tenant.naming_results (org_id, level, name, entity_id);

-- How the names stood at the end of each of the last days, by the conventions of now.
create table tenant.naming_days (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    advertiser_id text not null,
    level text not null,
    date date not null,
    checked int not null check (checked >= 0),
    compliant int not null check (compliant between 0 and checked),
    primary key (org_id, dsp, advertiser_id, level, date)
);

select cell.protect('tenant.naming_conventions');
select cell.protect('tenant.naming_results');
select cell.protect('tenant.naming_days');

comment on table tenant.naming_conventions is 'What the names of a level of entities are made of, version by version; without a document it was taken away.';
comment on table tenant.naming_results is 'Each name as it was found: by which convention, what is wrong with it and what was probably meant.';
comment on table tenant.naming_days is 'How many names of an advertiser and level kept to their convention at the end of each day.';

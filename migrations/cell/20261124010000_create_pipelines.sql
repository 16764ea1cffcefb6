-- What an org changed of the shipped pipelines, the pipelines of its own, and which of them run.

-- Versions are added and never changed: who ran what, when, can always be told.
create table tenant.pipeline_layers (
    org_id uuid not null references tenant.orgs (org_id),
    pipeline text not null check (length(pipeline) between 1 and 63),
    version int not null check (version >= 1),
    -- Null: all changes were taken away.
    layer jsonb,
    -- The shipped spec the changes were made over, to tell what a later one changed besides.
    made_over jsonb,
    comment text not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, pipeline, version)
);

-- Absent: as this version of the cell has it from the start.
create table tenant.pipeline_switches (
    org_id uuid not null references tenant.orgs (org_id),
    pipeline text not null check (length(pipeline) between 1 and 63),
    enabled boolean not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (org_id, pipeline)
);

select cell.protect('tenant.pipeline_layers');
select cell.protect('tenant.pipeline_switches');

-- Files that somebody delivers: connections without a consent, what came, and what was seen in the
-- operator's folder.

alter table tenant.connections drop constraint connections_connector_check;
alter table tenant.connections add constraint connections_connector_check
    check (connector in ('dv360', 'file_drop'));
-- What people call a connection that no account stands for.
alter table tenant.connections add column name text;

-- The same bytes for the same pipeline are one delivery.
create table tenant.deliveries (
    org_id uuid not null references tenant.orgs (org_id),
    connection_id uuid not null,
    pipeline text not null,
    sha256 bytea not null check (length(sha256) = 32),
    name text not null,
    origin text not null check (origin in ('upload', 'folder')),
    bytes bigint not null check (bytes >= 0),
    bronze_id uuid not null,
    -- The latest sync of it: a file may be read again after its pipeline has changed.
    sync_id uuid not null,
    delivered_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id, pipeline, sha256),
    foreign key (org_id, bronze_id) references tenant.bronze_objects (org_id, bronze_id)
);

create index deliveries_by_time on tenant.deliveries (org_id, connection_id, delivered_at desc);

-- What lies in the folder. Files there are read, never changed: this says which are done with.
create table tenant.folder_files (
    org_id uuid not null references tenant.orgs (org_id),
    connection_id uuid not null,
    name text not null,
    bytes bigint not null,
    modified_at timestamptz not null,
    -- Absent: it was not taken, and `problem` says why.
    sync_id uuid,
    problem text,
    seen_at timestamptz not null default clock_timestamp(),
    primary key (org_id, connection_id, name),
    check ((sync_id is null) = (problem is not null))
);

select cell.protect('tenant.deliveries');
select cell.protect('tenant.folder_files');

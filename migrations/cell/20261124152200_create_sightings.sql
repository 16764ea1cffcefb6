-- What a list of a query's reports has shown last. It shows all of them, so whoever asks answers every
-- sync of the cell that waits for one.
create table tenant.sightings (
    org_id uuid not null references tenant.orgs (org_id),
    connection_id uuid not null,
    query_id text not null,
    asked_at timestamptz,
    reports jsonb not null default '[]',
    -- Somebody is asking, and is taken for dead after this.
    asking_until timestamptz,
    primary key (org_id, connection_id, query_id),
    foreign key (org_id, connection_id)
        references tenant.connections (org_id, connection_id) on delete cascade
);

select cell.protect('tenant.sightings');

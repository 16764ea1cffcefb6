-- What each cell last said about itself; a table of its own because it changes every other second.
create table cell_heartbeats (
    cell_id uuid primary key references cells on delete cascade,
    version text not null,
    orgs integer not null,
    jobs_queued integer not null,
    cpu_milli integer not null,
    rss_bytes bigint not null,
    config_version bigint not null,
    received_at timestamptz not null
) with (fillfactor = 50);

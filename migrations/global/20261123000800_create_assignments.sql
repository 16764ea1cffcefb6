-- The facts now in force: which cell serves an org, at which epoch, since which number of the log.
create table assignments (
    org_id uuid primary key references orgs,
    cell_id uuid not null references cells,
    epoch bigint not null check (epoch >= 1),
    route_seq bigint not null,
    changed_at timestamptz not null default now()
);

create index assignments_cell_id_idx on assignments (cell_id);

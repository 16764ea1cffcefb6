-- Decisions of placement: which cell an org should live in, and why. Each row holds one place of
-- its cell's `placed_orgs`.
create table placements (
    org_id uuid primary key references orgs,
    cell_id uuid not null references cells,
    epoch bigint not null check (epoch >= 1),
    considered jsonb not null,
    decided_at timestamptz not null default now()
);

create index placements_cell_id_idx on placements (cell_id);

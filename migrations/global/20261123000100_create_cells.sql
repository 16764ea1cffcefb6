-- The fleet. `placed_orgs` counts the orgs that placement has put here, decided or in force; it is
-- raised only where it is below the capacity, so that no race can overfill a cell.
create table cells (
    cell_id uuid primary key,
    name text not null unique check (length(name) between 1 and 63),
    public_addr text not null,
    internal_addr text not null,
    capacity_orgs integer not null check (capacity_orgs >= 0),
    placed_orgs integer not null default 0 check (placed_orgs >= 0),
    state text not null default 'joining' check (state in ('joining', 'active', 'silent')),
    draining_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Held slugs. The unique skeleton refuses names that look like a held one.
create table slugs (
    slug text primary key,
    skeleton text not null unique,
    org_id uuid not null unique references orgs,
    created_at timestamptz not null default now()
);

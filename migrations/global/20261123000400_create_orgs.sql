-- Orgs. The wished slug stays here also when the org failed; who holds a slug is in `slugs`.
create table orgs (
    org_id uuid primary key,
    slug text not null,
    name text not null check (length(name) between 1 and 80),
    state text not null check (state in ('provisioning', 'active', 'failed')),
    problem text,
    created_by uuid not null references users,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((state = 'failed') = (problem is not null))
);

create index orgs_created_at_idx on orgs (created_at, org_id);

-- Every version of every configuration document; the newest of a (name, org) is the one in force.
-- Without an org it is the platform's layer. Versions are gap-free, like the route log.
create table config_counter (
    singleton boolean primary key default true check (singleton),
    version bigint not null check (version >= 0)
);

create table config_documents (
    version bigint primary key,
    name text not null check (name ~ '^[a-z][a-z0-9_.]{0,62}$'),
    org_id uuid references orgs,
    value jsonb not null,
    author text not null,
    created_at timestamptz not null default now()
);

create index config_documents_head_idx on config_documents (name, org_id, version desc);

-- A user's role in an org.
create table memberships (
    org_id uuid not null references orgs,
    user_id uuid not null references users,
    role text not null check (role in ('viewer', 'analyst', 'admin', 'owner')),
    created_at timestamptz not null default now(),
    primary key (org_id, user_id)
);

create index memberships_user_id_idx on memberships (user_id);

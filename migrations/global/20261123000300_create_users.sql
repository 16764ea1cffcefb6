-- People. `email` is stored normalised (trimmed, lower case), so that unique means unique.
create table users (
    user_id uuid primary key,
    email text not null unique check (email = lower(email) and length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 80),
    password_hash text not null,
    created_at timestamptz not null default now()
);

-- Signed-in browsers on the app host. Only the SHA-256 of the cookie's 256 random bits is kept.
create table app_sessions (
    secret_hash bytea primary key check (length(secret_hash) = 32),
    session_id uuid not null unique,
    user_id uuid not null references users,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    idle_expires_at timestamptz not null,
    expires_at timestamptz not null
);

create index app_sessions_user_id_idx on app_sessions (user_id);
create index app_sessions_expires_at_idx on app_sessions (least(idle_expires_at, expires_at));

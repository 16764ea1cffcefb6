-- Answers already given, written in the transaction of their effects. The fingerprint is keyed, as
-- requests may hold passwords.
create table idempotency_keys (
    scope text not null,
    key text not null check (length(key) between 1 and 128),
    fingerprint bytea not null check (length(fingerprint) = 32),
    answer jsonb,
    created_at timestamptz not null default now(),
    primary key (scope, key)
);

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

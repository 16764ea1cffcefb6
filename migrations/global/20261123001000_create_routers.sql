-- Routers, how far each has applied the log, and until when it counts as alive.
create table routers (
    router_id uuid primary key,
    acked_seq bigint not null,
    lease_until timestamptz not null,
    created_at timestamptz not null default now()
) with (fillfactor = 50);

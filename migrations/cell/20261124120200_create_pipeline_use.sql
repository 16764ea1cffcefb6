-- What each pipeline has used in a day of the source's quota, to hold it to its own budget.
create table tenant.pipeline_use (
    org_id uuid not null references tenant.orgs (org_id),
    pipeline text not null,
    day date not null,
    calls bigint not null check (calls >= 0),
    rows bigint not null check (rows >= 0),
    bytes bigint not null check (bytes >= 0),
    primary key (org_id, pipeline, day)
) with (fillfactor = 50);

select cell.protect('tenant.pipeline_use');

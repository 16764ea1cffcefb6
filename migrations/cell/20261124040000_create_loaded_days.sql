-- What is known of each advertiser's day: which load brought it, what it sums up to, and whether the
-- source had certified it when it was read. Written together with the facts themselves.

create table tenant.loaded_days (
    org_id uuid not null references tenant.orgs (org_id),
    dataset text not null,
    dsp text not null,
    advertiser_id text not null,
    date date not null,
    row_count bigint not null check (row_count >= 0),
    impressions bigint,
    billable_impressions bigint,
    clicks bigint,
    conversions_micros bigint,
    revenue_micros bigint,
    media_cost_micros bigint,
    billable_cost_micros bigint,
    bronze_id uuid not null,
    load_id uuid not null,
    -- When the source made the file, in its own words; absent if it does not say.
    reported_at timestamptz,
    certified boolean not null,
    loaded_at timestamptz not null default clock_timestamp(),
    primary key (org_id, dataset, dsp, advertiser_id, date)
);

select cell.protect('tenant.loaded_days');

-- The source's name for the question that a file answers; a report belongs to one.
alter table tenant.bronze_objects add column query_id text;

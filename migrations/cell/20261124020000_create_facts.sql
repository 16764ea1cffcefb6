-- Silver for more than line items: by breakdown, and the source's own sums to compare with.
-- What a source tells besides is kept as `extra`, by the name the pipeline gives it: counts, sums of
-- money in whole units of the currency, or text.

alter table tenant.line_item_days add column extra jsonb;

-- Several pipelines may break down the same days, so `dataset` is the pipeline's name.
create table tenant.breakdown_days (
    org_id uuid not null,
    dataset text not null,
    dsp text not null,
    advertiser_id text not null,
    date date not null,
    line_item_id text not null,
    -- `name=value;name=value`, ordered by name; `%`, `=`, `;` and control characters as `%XX`.
    breakdown text not null,
    partner_id text not null,
    campaign_id text not null,
    insertion_order_id text not null,
    currency text not null,
    impressions bigint,
    billable_impressions bigint,
    clicks bigint,
    conversions_micros bigint,
    revenue_micros bigint,
    media_cost_micros bigint,
    billable_cost_micros bigint,
    extra jsonb,
    bronze_id uuid not null,
    bronze_line bigint not null,
    load_id uuid not null,
    primary key (org_id, dataset, dsp, advertiser_id, date, line_item_id, breakdown)
) partition by range (date);

create table tenant.breakdown_days_default partition of tenant.breakdown_days default;

do $$
declare
    v_month date;
begin
    for v_month in
        select m::date from generate_series('2025-07-01'::date, '2028-12-01'::date, '1 month') m
    loop
        execute format(
            'create table tenant.breakdown_days_%s partition of tenant.breakdown_days for values from (%L) to (%L)',
            to_char(v_month, 'YYYYMM'), v_month, (v_month + interval '1 month')::date);
    end loop;
end $$;

create table tenant.advertiser_days (
    org_id uuid not null,
    dataset text not null,
    dsp text not null,
    advertiser_id text not null,
    date date not null,
    partner_id text not null,
    currency text not null,
    impressions bigint,
    billable_impressions bigint,
    clicks bigint,
    conversions_micros bigint,
    revenue_micros bigint,
    media_cost_micros bigint,
    billable_cost_micros bigint,
    extra jsonb,
    bronze_id uuid not null,
    bronze_line bigint not null,
    load_id uuid not null,
    primary key (org_id, dataset, dsp, advertiser_id, date)
);

-- When the source made the file, by its own word; and what was odd about it without keeping it out:
-- columns that changed, rules that rows broke, cells withheld.
alter table tenant.load_ledger add column reported_at timestamptz;
alter table tenant.load_ledger add column notes jsonb not null default '{}';

select cell.protect('tenant.breakdown_days');
select cell.protect('tenant.advertiser_days');

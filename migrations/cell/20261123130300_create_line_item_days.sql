-- Silver: daily facts by line item. Replaced by (advertiser, date), never edited. Money is in
-- millionths of `currency`, the day is the advertiser's own. No foreign keys on facts.
create table tenant.line_item_days (
    org_id uuid not null,
    dataset text not null,
    dsp text not null,
    advertiser_id text not null,
    date date not null,
    line_item_id text not null,
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
    -- Lineage: the file, the line in it, and the load that brought it here.
    bronze_id uuid not null,
    bronze_line bigint not null,
    load_id uuid not null,
    primary key (org_id, dataset, dsp, advertiser_id, date, line_item_id)
) partition by range (date);

create table tenant.line_item_days_default partition of tenant.line_item_days default;

do $$
declare
    v_month date;
begin
    for v_month in
        select m::date from generate_series('2025-07-01'::date, '2028-12-01'::date, '1 month') m
    loop
        execute format(
            'create table tenant.line_item_days_%s partition of tenant.line_item_days for values from (%L) to (%L)',
            to_char(v_month, 'YYYYMM'), v_month, (v_month + interval '1 month')::date);
    end loop;
end $$;

create index line_item_days_by_order on tenant.line_item_days (org_id, dsp, insertion_order_id, date);

select cell.protect('tenant.line_item_days');

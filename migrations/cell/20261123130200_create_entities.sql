-- Silver: what performance is measured against, the same for every source. Ids are the source's.

create table tenant.advertisers (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    advertiser_id text not null,
    partner_id text not null,
    name text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    time_zone text not null,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, dsp, advertiser_id)
);

create table tenant.campaigns (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    campaign_id text not null,
    advertiser_id text not null,
    name text not null,
    entity_status text not null,
    planned_start date,
    planned_end date,
    bronze_id uuid not null,
    primary key (org_id, dsp, campaign_id)
);

create index campaigns_by_advertiser on tenant.campaigns (org_id, dsp, advertiser_id);

create table tenant.insertion_orders (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    insertion_order_id text not null,
    advertiser_id text not null,
    campaign_id text not null,
    name text not null,
    entity_status text not null,
    budget_unit text not null,
    pacing_period text not null,
    pacing_type text not null,
    daily_max_micros bigint,
    bronze_id uuid not null,
    primary key (org_id, dsp, insertion_order_id)
);

create index insertion_orders_by_advertiser on tenant.insertion_orders (org_id, dsp, advertiser_id);

-- In the order the source gives them. Amounts are millionths of the order's unit.
create table tenant.budget_segments (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    insertion_order_id text not null,
    position int not null,
    start_date date not null,
    end_date date not null,
    budget_micros bigint not null,
    description text not null,
    primary key (org_id, dsp, insertion_order_id, position)
);

create table tenant.line_items (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    line_item_id text not null,
    advertiser_id text not null,
    campaign_id text not null,
    insertion_order_id text not null,
    name text not null,
    kind text not null,
    entity_status text not null,
    -- Its own flight; absent: that of its insertion order.
    flight_start date,
    flight_end date,
    allocation text not null,
    budget_unit text not null,
    budget_micros bigint,
    pacing_period text not null,
    pacing_type text not null,
    daily_max_micros bigint,
    bronze_id uuid not null,
    primary key (org_id, dsp, line_item_id)
);

create index line_items_by_insertion_order on tenant.line_items (org_id, dsp, insertion_order_id);
create index line_items_by_advertiser on tenant.line_items (org_id, dsp, advertiser_id);

select cell.protect('tenant.advertisers');
select cell.protect('tenant.campaigns');
select cell.protect('tenant.insertion_orders');
select cell.protect('tenant.budget_segments');
select cell.protect('tenant.line_items');

-- Entities with history. The typed tables hold what is so now; versions hold what was so and when,
-- whole in the source's own words, from the file that showed it.

create table tenant.partners (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    partner_id text not null,
    name text not null,
    entity_status text not null,
    currency text,
    time_zone text,
    bronze_id uuid not null,
    primary key (org_id, dsp, partner_id)
);

create table tenant.creatives (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    creative_id text not null,
    advertiser_id text not null,
    name text not null,
    kind text not null,
    entity_status text not null,
    width int,
    height int,
    landing_page text,
    bronze_id uuid not null,
    vanished_at timestamptz,
    primary key (org_id, dsp, creative_id)
);

create index creatives_by_advertiser on tenant.creatives (org_id, dsp, advertiser_id);

-- What the source no longer shows, though it was asked for everything, is marked and kept.
alter table tenant.campaigns add column vanished_at timestamptz;
alter table tenant.insertion_orders add column vanished_at timestamptz;
alter table tenant.line_items add column vanished_at timestamptz;

create table tenant.entity_versions (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    kind text not null check (kind in (
        'partner', 'advertiser', 'campaign', 'insertion_order', 'line_item', 'creative')),
    entity_id text not null,
    -- By the source's clock where it says when it changed, else when it was first seen so.
    valid_from timestamptz not null,
    valid_to timestamptz,
    ended text check (ended in ('replaced', 'vanished')),
    -- Whose it is; of a partner, nobody's.
    advertiser_id text,
    name text not null,
    entity_status text not null,
    -- In our words; absent with the reason if it could not be put into them.
    attributes jsonb,
    problem text,
    -- In the source's words, without the time of the change.
    source jsonb not null,
    source_updated_at timestamptz,
    observed_at timestamptz not null,
    bronze_id uuid not null,
    ended_bronze_id uuid,
    primary key (org_id, dsp, kind, entity_id, valid_from),
    check ((valid_to is null) = (ended is null)),
    check ((attributes is null) = (problem is not null)),
    check (valid_to > valid_from)
);

create unique index entity_versions_open on tenant.entity_versions (org_id, dsp, kind, entity_id)
    where valid_to is null;
create index entity_versions_by_advertiser on tenant.entity_versions (org_id, dsp, advertiser_id, kind);

-- Which files of entities were taken in, in order: taken in again, they give the same history.
create table tenant.entity_loads (
    org_id uuid not null references tenant.orgs (org_id),
    dsp text not null,
    position bigint not null,
    partner_id text not null,
    advertiser_id text not null,
    -- By kind, since when changes were asked for; everything was, of a kind that is not in it.
    since jsonb not null,
    observed_at timestamptz not null,
    bronze_id uuid not null,
    code int not null,
    entities bigint not null,
    primary key (org_id, dsp, position)
);

create index entity_loads_by_advertiser on tenant.entity_loads (org_id, dsp, advertiser_id, position desc);

select cell.protect('tenant.partners');
select cell.protect('tenant.creatives');
select cell.protect('tenant.entity_versions');
select cell.protect('tenant.entity_loads');

-- A report may lack an advertiser or its last days and still add up to its own totals. What it has nothing
-- of is doubted until a report of another morning says the same.
alter table tenant.loaded_days add column doubted_at timestamptz;

comment on table tenant.loaded_days is 'What is known of each advertiser''s day: its rows and sums, the load that brought it, and whether the source had certified it. A day without rows is known to be empty once it is not doubted any more.';
comment on column tenant.loaded_days.doubted_at is 'When a report first had nothing of the day, while no report of a later morning has said so again; the rows that were there stay. Null: no doubt.';

-- Mornings ask for the oldest; there are few.
create index loaded_days_doubted on tenant.loaded_days (org_id, dataset, dsp, advertiser_id, date)
    where doubted_at is not null;

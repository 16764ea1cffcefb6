-- What the tables of the unified model are, where whoever queries them can read it; docs/tables.md
-- is made of this. A column of one name means the same in every table.

comment on table tenant.partners is 'Partners (seats) of a buying platform, as they are now.';
comment on table tenant.advertisers is 'Advertisers that were chosen on a connection, as they are now. Their zone and currency are those of their days and money.';
comment on table tenant.campaigns is 'Campaigns, as they are now. Planned dates limit nothing.';
comment on table tenant.insertion_orders is 'Insertion orders, as they are now; their budgets are in budget_segments.';
comment on table tenant.budget_segments is 'Budgets of insertion orders with their days, as they are now, in the order the source gives them. What they were before is in entity_versions.';
comment on table tenant.line_items is 'Line items, as they are now. Without a flight of its own one runs as long as its insertion order.';
comment on table tenant.creatives is 'Creatives, as they are now; of an advertiser with very many, the first 50,000.';
comment on table tenant.entity_versions is 'What every entity was, and when: one row per version, whole in the source''s own words. The open version has no valid_to.';
comment on table tenant.entity_loads is 'The files of entities that were taken in, in order. Taken in again from bronze, they give the same versions.';
comment on table tenant.line_item_days is 'Daily facts by line item, replaced by advertiser and day. Partitioned by month.';
comment on table tenant.breakdown_days is 'Daily facts by line item and whatever else a pipeline breaks them down by. Partitioned by month.';
comment on table tenant.advertiser_days is 'The source''s own daily sums by advertiser, to hold ours against.';
comment on table tenant.loaded_days is 'What is known of each advertiser''s day: its rows and sums, the load that brought it, and whether the source had certified it. A day without rows is known to be empty.';
comment on table tenant.watermarks is 'How far each advertiser''s data reaches without a gap, in its own days.';
comment on table tenant.load_ledger is 'What has been loaded: a file once per version of its pipeline.';
comment on table tenant.bronze_objects is 'The manifest of bronze: exact bytes as they came, named by their hash, never changed.';
comment on table tenant.syncs is 'Runs that bring data in; durable operations written by compare-and-set.';
comment on table tenant.connections is 'An org''s connections to sources, with who consented.';
comment on table tenant.connection_advertisers is 'Which advertisers were chosen on a connection.';

do $$
declare
    v_table text;
    v_column record;
begin
    foreach v_table in array array[
        'partners', 'advertisers', 'campaigns', 'insertion_orders', 'budget_segments', 'line_items',
        'creatives', 'entity_versions', 'entity_loads', 'line_item_days', 'breakdown_days',
        'advertiser_days', 'loaded_days', 'watermarks', 'load_ledger', 'bronze_objects']
    loop
        for v_column in
            select a.attname, m.meaning
              from (values
                ('org_id', 'The tenant. Row-level security shows an org its own rows only.'),
                ('dsp', 'The buying platform: `dv360`, or what a pipeline of delivered files says.'),
                ('dataset', '`line_item_days`, `advertiser_days`, or the name of the pipeline that breaks days down.'),
                ('advertiser_id', 'The source''s id.'), ('partner_id', 'The source''s id.'),
                ('campaign_id', 'The source''s id.'), ('insertion_order_id', 'The source''s id.'),
                ('line_item_id', 'The source''s id.'), ('creative_id', 'The source''s id.'),
                ('entity_id', 'The source''s id.'),
                ('date', 'A day in the advertiser''s own time zone.'),
                ('start_date', 'First day, in the advertiser''s zone.'),
                ('end_date', 'Last day, inclusive.'),
                ('currency', 'ISO 4217; money of the row is in millionths of it.'),
                ('time_zone', 'IANA name.'),
                ('impressions', 'Null: the source has no value, which is not zero.'),
                ('billable_impressions', 'What a budget of impressions is counted in.'),
                ('clicks', 'Null: the source has no value.'),
                ('conversions_micros', 'Millionths: the source counts parts of conversions.'),
                ('revenue_micros', 'Total cost under the partner''s revenue model; the basis of budgets.'),
                ('media_cost_micros', 'What the media cost.'),
                ('billable_cost_micros', 'What the partner is billed.'),
                ('breakdown', '`name=value;name=value`, ordered by name, escaped with `%XX`.'),
                ('extra', 'Columns beyond the model, by their name.'),
                ('bronze_id', 'The file it was read from.'),
                ('bronze_line', 'The line in that file, counted from one, the header included.'),
                ('load_id', 'The load that brought it; see load_ledger.'),
                ('sync_id', 'The sync that did it.'),
                ('pipeline_version', '`pipeline@version+layer/code`.'),
                ('reported_at', 'When the source made the file, by its own word.'),
                ('certified', 'The source had closed the day''s month when it made the file; never judged by our clock.'),
                ('row_count', 'Rows in silver; zero: nothing was delivered.'),
                ('control_total', 'The file''s own totals agreed with its rows.'),
                ('since', 'The first day from which there is no gap; of entity_loads, by kind, since when changes were asked for.'),
                ('through', 'The last complete day that is loaded.'),
                ('valid_from', 'By the source''s clock where it says when it changed, else when it was first seen so.'),
                ('valid_to', 'Exclusive. Absent: it is so now.'),
                ('ended', '`replaced` by another version, or `vanished` from the source.'),
                ('attributes', 'In the model''s words.'),
                ('problem', 'Why it could not be put into the model''s words.'),
                ('source', 'In the source''s words, without the time of the change.'),
                ('source_updated_at', 'When it last changed, by the source''s clock.'),
                ('observed_at', 'Just before the source was asked.'),
                ('vanished_at', 'When the source no longer showed it, though asked for everything.'),
                ('entity_status', 'The source''s, in lower case without its prefix: `active`, `paused`, `draft`, `archived`.'),
                ('budget_unit', '`currency` or `impressions`.'),
                ('budget_micros', 'Millionths of the budget''s unit, of impressions too.'),
                ('daily_max_micros', 'The most of a day, in millionths of the budget''s unit.'),
                ('pacing_period', '`daily` or `flight`.'),
                ('pacing_type', '`even`, `ahead` or `asap`.'),
                ('allocation', '`automatic`, `fixed` or `unlimited`; only a fixed one has a budget of its own.'),
                ('flight_start', 'Its own flight; absent: that of its insertion order.'),
                ('flight_end', 'Inclusive.'),
                ('sha256', 'Of the exact bytes, before compression.'),
                ('length_proven', 'The transport announced the length and it was met.'),
                ('report_id', 'The source''s name for the answer.'),
                ('query_id', 'The source''s name for the question.'),
                ('position', 'The order the source gives, or files were taken in.')
              ) m (attname, meaning)
              join pg_attribute a
                on a.attrelid = ('tenant.' || v_table)::regclass and a.attname = m.attname
        loop
            execute format('comment on column tenant.%I.%I is %L',
                v_table, v_column.attname, v_column.meaning);
        end loop;
    end loop;
end $$;

-- One of everything a path can lead to, of the org that {org} stands for.
insert into tenant.connections (
    org_id, connection_id, connector, state, account_email, scopes, sealed_credentials,
    credentials_version, created_by)
values ('{org}', '{connection_id}', 'dv360', 'active', 'someone@boreal.example', '{}', '', 1, '{owner}');

insert into tenant.syncs (org_id, sync_id, connection_id, kind, state, step)
values ('{org}', '{sync_id}', '{connection_id}', 'backfill', '{}', 'queued');

insert into tenant.bronze_objects (
    org_id, bronze_id, sha256, bytes, kind, connection_id, request, length_proven)
values ('{org}', '{bronze_id}', sha256('secret'), 6, 'report', '{connection_id}', '{}', true);

insert into tenant.quarantine (
    org_id, sync_id, bronze_id, pipeline, report, code, message, drifts)
values ('{org}', '{sync_id}', '{bronze_id}', 'p', '{}', 'file_refused', 'secret', '[]');

insert into tenant.replays (org_id, replay_id, state, step)
values ('{org}', '{replay_id}', '{}', 'queued');

insert into tenant.backfills (
    org_id, backfill_id, connection_id, pipeline, range_start, range_end, state, windows, forecast,
    created_by, expires_at)
values (
    '{org}', '{backfill_id}', '{connection_id}', 'dv360_line_item_days', '2026-01-01', '2026-01-31',
    'forecast', '[]', '{}', '{owner}', now() + interval '1 hour');

insert into tenant.insertion_orders (
    org_id, dsp, insertion_order_id, advertiser_id, campaign_id, name, entity_status, budget_unit,
    pacing_period, pacing_type, bronze_id)
values (
    '{org}', 'dv360', '{insertion_order_id}', '1', '1', 'secret order', 'ENTITY_STATUS_ACTIVE',
    'BUDGET_UNIT_CURRENCY', 'PACING_PERIOD_FLIGHT', 'PACING_TYPE_EVEN', gen_random_uuid());

insert into tenant.pipeline_layers (org_id, pipeline, version, layer, comment, changed_by)
values ('{org}', '{pipeline}', 1, '{}', '', '{owner}');

insert into tenant.entity_versions (
    org_id, dsp, kind, entity_id, valid_from, name, entity_status, problem, source, observed_at,
    bronze_id)
values (
    '{org}', '{dsp}', 'line_item', '{entity_id}', now(), 'secret', 'active', 'none', '{}', now(),
    gen_random_uuid());

insert into tenant.loaded_days (
    org_id, dataset, dsp, advertiser_id, date, row_count, bronze_id, load_id, certified)
values (
    '{org}', 'line_item_days', '{dsp}', '1', '{date}', 1, '{org}', '{org}', true);

insert into tenant.line_item_days (
    org_id, dataset, dsp, advertiser_id, date, line_item_id, partner_id, campaign_id,
    insertion_order_id, currency, bronze_id, bronze_line, load_id)
values (
    '{org}', 'line_item_days', '{dsp}', '1', '{date}', '{line_item_id}', '1', '1', '1', 'USD',
    '{org}', 2, '{org}');

insert into tenant.naming_conventions (
    org_id, convention_id, version, document, comment, changed_by)
values ('{org}', '{convention_id}', 1, '{}', 'secret', '{owner}');

insert into tenant.pacing_saved (
    org_id, saved_id, kind, name, document, version, created_by, changed_by)
values ('{org}', '{saved_id}', 'view', 'secret view', '{}', 1, '{owner}', '{owner}');

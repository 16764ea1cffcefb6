-- A sync is of one connection and one pipeline. Rows from before pipelines were data are of the one
-- there was, and so are the rows of a cell that has not been upgraded yet.
alter table tenant.syncs
    add column pipeline text not null default 'dv360_line_item_days';

alter table tenant.syncs drop constraint syncs_kind_check;
alter table tenant.syncs add constraint syncs_kind_check
    check (kind in ('backfill', 'daily', 'month_close', 'file'));

alter table tenant.syncs drop constraint syncs_step_check;
alter table tenant.syncs add constraint syncs_step_check check (step in (
    'queued', 'entities', 'requesting', 'waiting', 'downloading', 'loading', 'paused',
    'done', 'failed', 'quarantined', 'cancelled'));

alter table tenant.syncs drop constraint syncs_check;
alter table tenant.syncs add constraint syncs_over_check
    check ((step in ('done', 'failed', 'quarantined', 'cancelled')) = (finished_at is not null));

drop index tenant.syncs_by_connection;
create index syncs_by_connection on tenant.syncs (org_id, connection_id, pipeline, created_at desc);
create index syncs_by_creation on tenant.syncs (org_id, created_at desc, sync_id);

-- Who or what started a sync. Null: from before that was written down, or by a cell that has not been
-- upgraded yet.
alter table tenant.syncs
    add column started_by text
        check (started_by in ('person', 'schedule', 'backfill', 'consent', 'folder')),
    -- The person's, or the backfill's.
    add column starter_id uuid;

alter table tenant.syncs add constraint syncs_starter_check
    check (case when started_by in ('person', 'backfill', 'consent') then starter_id is not null
                else starter_id is null end);

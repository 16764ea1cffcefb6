-- Files older than their pipeline keeps them. The entry stays: lineage still says what there was.
alter table tenant.bronze_objects
    add column expired_at timestamptz,
    -- The bytes are gone, a day later at the earliest: whoever reads them just then may finish.
    add column removed_at timestamptz;

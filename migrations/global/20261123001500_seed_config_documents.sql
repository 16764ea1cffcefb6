-- What a fresh platform starts with.
insert into config_documents (version, name, value, author) values
    (1, 'modules', '{"pacing": {"enabled": true}}', 'platform'),
    (2, 'pacing.settings', '{"band": {"low": 90, "high": 110}}', 'platform');

insert into config_counter (version) values (2);

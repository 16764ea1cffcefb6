-- Entries of the route log name their kind as the one key around them (format 2): what is inside is
-- then read in one pass.
update route_log
set entry = jsonb_build_object(entry ->> 'kind', entry - 'kind')
where entry ? 'kind';

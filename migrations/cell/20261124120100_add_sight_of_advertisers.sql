-- A new consent may see less than what was chosen. What is out of its sight stays chosen, with its
-- data, and is not asked for.
alter table tenant.connection_advertisers
    add column out_of_sight boolean not null default false;

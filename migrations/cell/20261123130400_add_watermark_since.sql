-- Since when an advertiser's data is complete: a budget that began earlier cannot be paced.
alter table tenant.watermarks add column since date not null;

-- Display & Video 360 counts a project's calls by the minute, 1,500 of them, and not by the day: no
-- calls of a day are shared out, only the pace. Less than allowed, since each cell may be a few calls
-- ahead of its share.
insert into quota_pools (pool, calls_per_day, per_second_milli, headroom, reserve)
values ('google/default/display_video', 0, 23000, 0, 0);

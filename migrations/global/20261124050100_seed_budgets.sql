-- What bringing data in costs and how much of it an org may use, unless its own layer says otherwise.
-- Prices are millionths of a US dollar for a thousand million units, from public price lists: a
-- processor's second 7.38 millionths, a gigabyte kept twice for a month 0.16 dollars, sent 0.09.
with next as (
    update config_counter set version = version + 1 returning version
)
insert into config_documents (version, name, value, author)
select version, 'budgets', '{
    "weight": 1,
    "limits": {
        "calls": {"soft": 500, "hard": 1000},
        "rows": {"soft": 20000000, "hard": 50000000},
        "bytes": {"soft": 5000000000, "hard": 20000000000},
        "cost_micros_usd": {"soft": 20000000, "hard": 50000000}
    },
    "prices": {
        "cpu_us": 7380, "db_rows": 80000000, "bytes_in": 32000, "bytes_out": 90000,
        "dsp_calls": 100000000000
    }
}', 'platform'
from next;

-- A row per metric with its counts, then a row per cell that differs. See `store::list_cells`.
with days as (
    select d.dsp, d.advertiser_id, d.date, d.reported_at as silver_reported_at,
           s.reported_at as source_reported_at, not (d.certified and s.certified) as provisional
      from tenant.loaded_days d
      join tenant.loaded_days s
        on s.org_id = $1 and s.dataset = $5 and s.dsp = d.dsp
       and s.advertiser_id = d.advertiser_id and s.date = d.date
     where d.org_id = $1 and d.dataset = $4 and d.date between $2 and $3
       and ($6::text is null or d.advertiser_id = $6)
), ours as (
    select dsp, advertiser_id, date, sum(impressions) as impressions,
           sum(billable_impressions) as billable_impressions, sum(clicks) as clicks,
           sum(conversions_micros) as conversions_micros,
           sum(revenue_micros) as revenue_micros,
           sum(media_cost_micros) as media_cost_micros,
           sum(billable_cost_micros) as billable_cost_micros
      from tenant.line_item_days
     where org_id = $1 and dataset = $4 and date between $2 and $3
       and ($6::text is null or advertiser_id = $6)
     group by dsp, advertiser_id, date
), cells as (
    select d.*, m.metric, coalesce(m.silver, 0)::bigint as silver,
           coalesce(m.source, 0)::bigint as source, a.currency
      from days d
      left join ours o using (dsp, advertiser_id, date)
      left join tenant.advertiser_days a
        on a.org_id = $1 and a.dataset = $5 and a.dsp = d.dsp
       and a.advertiser_id = d.advertiser_id and a.date = d.date
     cross join lateral (values
         ('impressions', o.impressions, a.impressions),
         ('billable_impressions', o.billable_impressions, a.billable_impressions),
         ('clicks', o.clicks, a.clicks),
         ('conversions_micros', o.conversions_micros, a.conversions_micros),
         ('revenue_micros', o.revenue_micros, a.revenue_micros),
         ('media_cost_micros', o.media_cost_micros, a.media_cost_micros),
         ('billable_cost_micros', o.billable_cost_micros, a.billable_cost_micros)
     ) m (metric, silver, source)
), failing as (
    select c.*, n.name, n.currency as usual_currency
      from cells c
      left join tenant.advertisers n
        on n.org_id = $1 and n.dsp = c.dsp and n.advertiser_id = c.advertiser_id
     where c.silver <> c.source
     order by c.date desc, c.advertiser_id, c.metric
     limit $7
)
select metric as "metric!", count(*) as "cells!",
       count(*) filter (where silver = source) as "equal!", null::text as dsp,
       null::text as advertiser_id, null::text as name, null::date as date,
       null::bigint as silver, null::bigint as source, null::text as currency,
       null::bool as provisional,
       null::timestamptz as silver_reported_at, null::timestamptz as source_reported_at
  from cells
 group by metric
union all
select metric, 1, 0, dsp, advertiser_id, name, date, silver, source,
       case when metric in ('revenue_micros', 'media_cost_micros', 'billable_cost_micros')
            then coalesce(currency, usual_currency) end,
       provisional, silver_reported_at, source_reported_at
  from failing

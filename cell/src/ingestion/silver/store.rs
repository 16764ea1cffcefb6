//! Writes what a connection's advertisers consist of, inside the transaction of the step that brings
//! it.

use chrono::NaiveDate;

use super::LINE_ITEM_DAYS;
use crate::ingestion::connector::Advertiser;
use crate::tenancy::OrgTx;

/// When the oldest budget began that is still running and whose days are not all loaded.
pub(crate) async fn oldest_uncovered_start(
    tx: &mut OrgTx,
    dsp: &str,
    advertiser_ids: &[String],
) -> Result<Option<NaiveDate>, sqlx::Error> {
    let org = tx.org().as_uuid();
    sqlx::query_scalar!(
        r#"
        select min(s.start_date)
          from tenant.insertion_orders o
          join tenant.budget_segments s
            on s.org_id = $1 and s.dsp = $2 and s.insertion_order_id = o.insertion_order_id
          left join tenant.watermarks w
            on w.org_id = $1 and w.dataset = $4 and w.dsp = $2 and w.advertiser_id = o.advertiser_id
         where o.org_id = $1 and o.dsp = $2 and o.advertiser_id = any ($3)
           and o.vanished_at is null and s.start_date <= current_date + 1 and s.end_date >= current_date - 1
           and s.start_date < coalesce(w.since, 'infinity'::date)
        "#,
        org,
        dsp,
        advertiser_ids,
        LINE_ITEM_DAYS,
    )
    .fetch_one(&mut **tx)
    .await
}

pub(crate) async fn upsert_advertisers(
    tx: &mut OrgTx,
    dsp: &str,
    advertisers: &[Advertiser],
) -> Result<(), sqlx::Error> {
    let org = tx.org().as_uuid();
    for one in advertisers {
        sqlx::query!(
            r#"
            insert into tenant.advertisers as t (
                org_id, dsp, advertiser_id, partner_id, name, currency, time_zone)
            values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (org_id, dsp, advertiser_id) do update
               set partner_id = excluded.partner_id, name = excluded.name,
                   currency = excluded.currency, time_zone = excluded.time_zone,
                   updated_at = clock_timestamp()
             where (t.partner_id, t.name, t.currency, t.time_zone) is distinct from
                   (excluded.partner_id, excluded.name, excluded.currency, excluded.time_zone)
            "#,
            org,
            dsp,
            one.advertiser_id,
            one.partner_id,
            one.name,
            one.currency.as_str(),
            one.time_zone.name(),
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

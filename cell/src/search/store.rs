//! One statement over all that has a name.

use super::FoundKind;
use super::http::Found;
use crate::tenancy::OrgTx;

/// The most of one kind.
const MOST: i64 = 6;

/// Beginnings of names first, then shorter ones. What has vanished at the source is not found.
pub(super) async fn find(
    tx: &mut OrgTx,
    text: &str,
    pattern: &str,
) -> Result<Vec<Found>, sqlx::Error> {
    let org = tx.org().as_uuid();
    let rows = sqlx::query!(
        r#"
        with things as (
            select 1 as kind, a.dsp, a.advertiser_id as id, a.name, a.name as advertiser,
                   null as insertion_order_id
              from tenant.advertisers a
             where a.org_id = $1 and (a.name ilike $2 or a.advertiser_id = $3)
            union all
            select 2, o.dsp, o.insertion_order_id, o.name, a.name, o.insertion_order_id
              from tenant.insertion_orders o
              join tenant.advertisers a using (org_id, dsp, advertiser_id)
             where o.org_id = $1 and o.vanished_at is null
               and (o.name ilike $2 or o.insertion_order_id = $3)
            union all
            select 3, l.dsp, l.line_item_id, l.name, a.name, l.insertion_order_id
              from tenant.line_items l
              join tenant.advertisers a using (org_id, dsp, advertiser_id)
             where l.org_id = $1 and l.vanished_at is null
               and (l.name ilike $2 or l.line_item_id = $3)
        ), ranked as (
            select *, row_number() over (
                       partition by kind
                       order by id = $3 desc, starts_with(lower(name), lower($3)) desc,
                                length(name), name, id) as place
              from things
        )
        select kind as "kind!", dsp as "dsp!", id as "id!", name as "name!",
               advertiser as "advertiser!", insertion_order_id
          from ranked
         where place <= $4
         order by kind, place
        "#,
        org,
        pattern,
        text,
        MOST,
    )
    .fetch_all(&mut **tx)
    .await?;
    let found = rows.into_iter().map(|row| Found {
        kind: match row.kind {
            1 => FoundKind::Advertiser,
            2 => FoundKind::InsertionOrder,
            _ => FoundKind::LineItem,
        },
        dsp: row.dsp,
        id: row.id,
        name: row.name,
        advertiser_name: row.advertiser,
        insertion_order_id: row.insertion_order_id,
    });
    Ok(found.collect())
}

//! What is asked for, and what is read back from kept answers.

use chrono::{DateTime, Utc};

use super::super::client::tests::source;
use super::read::{keep, pages};
use super::{List, both};
use crate::ingestion::connector::{Entity, EntityKind, EntityPage, Error, Typed};

const ADVERTISER: &str = "v4/advertisers/7";

fn read(answers: &[(&str, &str, bool)]) -> Result<Vec<EntityPage>, Error> {
    let mut kept = Vec::new();
    for (path, body, cut) in answers {
        keep(path, body.as_bytes(), *cut, &mut kept)?;
    }
    pages(Box::new(std::io::Cursor::new(kept))).collect()
}

fn one(list: &str, field: &str, body: &str) -> Entity {
    let answer = format!("{{\n  \"{field}\": [{body}]\n}}");
    let path = format!("{ADVERTISER}/{list}");
    let mut read = read(&[(&path, &answer, false)]).unwrap();
    read.remove(0).entities.remove(0)
}

#[test]
fn a_filter_names_status_and_time_and_stays_short() {
    let at: DateTime<Utc> = "2026-07-01T09:12:44.512Z".parse().unwrap();
    let filter = both(Some(super::ANY_STATUS), Some(&at)).unwrap();
    assert!(
        filter.ends_with(") AND updateTime>=\"2026-07-01T09:12:44Z\""),
        "{filter}"
    );
    assert!(filter.len() <= 500, "the source allows no longer ones");
    assert_eq!(both(None, None), None);
}

#[test]
fn an_insertion_order_keeps_its_segments_and_its_source() {
    let order = one(
        "insertionOrders",
        "insertionOrders",
        r#"{"advertiserId":"7","campaignId":"3","insertionOrderId":"5","displayName":"IO \"1\"\n",
            "entityStatus":"ENTITY_STATUS_ARCHIVED","updateTime":"2026-07-01T09:12:44.512000Z",
            "pacing":{"pacingPeriod":"PACING_PERIOD_FLIGHT","pacingType":"PACING_TYPE_EVEN"},
            "budget":{"budgetUnit":"BUDGET_UNIT_CURRENCY","budgetSegments":[{
               "budgetAmountMicros":"30000000000","dateRange":{
                 "startDate":{"year":2026,"month":7,"day":1},
                 "endDate":{"year":2026,"month":7,"day":31}}}]},"frequencyCap":{"unlimited":true}}"#,
    );
    assert_eq!(
        (order.kind, order.id.as_str()),
        (EntityKind::InsertionOrder, "5")
    );
    assert_eq!(order.entity_status, "archived");
    assert_eq!(order.updated_at, "2026-07-01T09:12:44.512Z".parse().ok());
    assert!(order.source.get().contains("frequencyCap"));
    let Ok(Typed::InsertionOrder(typed)) = order.typed else {
        panic!("{:?}", order.typed);
    };
    assert_eq!(typed.segments[0].budget_micros, 30_000_000_000);
    assert_eq!(typed.name, "IO \"1\"\n");
}

#[test]
fn what_we_have_no_words_for_is_kept_with_the_reason() {
    let order = one(
        "insertionOrders",
        "insertionOrders",
        r#"{"advertiserId":"7","campaignId":"3","insertionOrderId":"5",
            "budget":{"budgetSegments":[{"budgetAmountMicros":"1","dateRange":{}}]}}"#,
    );
    let reason = order.typed.unwrap_err();
    assert!(reason.contains("segment without dates"), "{reason}");
}

#[test]
fn a_nul_in_a_name_becomes_a_mark() {
    let campaign = one(
        "campaigns",
        "campaigns",
        r#"{"advertiserId":"7","campaignId":"3","displayName":"a\u0000b"}"#,
    );
    assert_eq!(campaign.name, "a\u{fffd}b");
    assert!(!campaign.source.get().contains("\\u0000"));
}

#[test]
fn another_advertiser_s_entity_is_refused() {
    let body = r#"{"campaigns":[{"advertiserId":"8","campaignId":"3"}]}"#;
    let refused = read(&[("v4/advertisers/7/campaigns", body, false)]);
    assert!(matches!(refused, Err(Error::Unexpected(_))), "{refused:?}");
}

#[test]
fn a_list_left_early_says_so_and_an_empty_one_is_empty() {
    let pages = read(&[
        (
            "v4/advertisers/7/creatives",
            r#"{"nextPageToken":"x"}"#,
            true,
        ),
        ("v4/advertisers/7/creatives", "{}", false),
    ]);
    let cut: Vec<_> = pages.unwrap().into_iter().map(|page| page.cut).collect();
    assert_eq!(cut, [Some(EntityKind::Creative), None]);
}

#[test]
fn a_file_that_ends_early_is_refused() {
    let mut kept = Vec::new();
    keep("v4/advertisers/7/campaigns", b"{}", false, &mut kept).unwrap();
    kept.pop();
    let read: Result<Vec<_>, _> = pages(Box::new(std::io::Cursor::new(kept))).collect();
    assert!(matches!(read, Err(Error::Unexpected(_))), "{read:?}");
}

async fn keep_list(answers: &'static [(u16, &'static str)]) -> Result<usize, Error> {
    let (client, _) = source(answers).await;
    let list = List {
        path: format!("{ADVERTISER}/campaigns"),
        filter: None,
        page_size: "200",
        most_pages: 3,
    };
    let mut kept = Vec::new();
    list.keep(&client, &mut kept).await?;
    let pages: Result<Vec<_>, _> = pages(Box::new(std::io::Cursor::new(kept))).collect();
    Ok(pages?.len())
}

const FIRST: (u16, &str) = (200, r#"{"nextPageToken":"x"}"#);
const LAST: (u16, &str) = (200, "{}");

#[tokio::test]
async fn a_page_token_that_goes_bad_starts_the_list_over_once() {
    assert_eq!(keep_list(&[FIRST, FIRST, FIRST, LAST]).await.unwrap(), 4);
    assert_eq!(
        keep_list(&[FIRST, (400, "{}"), FIRST, LAST]).await.unwrap(),
        3
    );
    let twice = keep_list(&[FIRST, (400, "{}"), FIRST, FIRST]).await;
    assert!(matches!(twice, Err(Error::Unexpected(_))), "{twice:?}");
    let refused = keep_list(&[(400, "{}")]).await;
    assert!(matches!(refused, Err(Error::Rejected(_))), "{refused:?}");
}

#[tokio::test]
async fn a_list_without_end_is_left() {
    let answers = &[
        FIRST,
        (200, r#"{"nextPageToken":"y"}"#),
        (200, r#"{"nextPageToken":"z"}"#),
    ];
    assert_eq!(keep_list(answers).await.unwrap(), 3);
}

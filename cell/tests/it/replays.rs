//! Stored files read again give what they gave, by hash; what differs is shown before it is put.

use std::time::Duration;

use axum::http::Method;
use chrono::NaiveDate;
use contracts::ReplayId;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::source::Slice;
use crate::support::Answer;

const DEADLINE: Duration = Duration::from_secs(40);

pub(crate) struct Replayed {
    pub(crate) slice: Slice,
    pub(crate) sync: Value,
}

impl Replayed {
    pub(crate) async fn start() -> Self {
        let slice = Slice::start().await;
        let sync = slice.backfill(&[0, 1]).await;
        assert_eq!(sync["state"], "done", "{sync}");
        Self { slice, sync }
    }

    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let day = |name: &str| self.sync["range"][name].as_str().unwrap().parse().unwrap();
        (day("start"), day("end"))
    }

    pub(crate) async fn ask(
        &self,
        days: (NaiveDate, NaiveDate),
        dry_run: bool,
        more: Value,
    ) -> Answer {
        let mut body = json!({"start": days.0, "end": days.1, "dry_run": dry_run});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.slice.write(Method::POST, "/api/replays", body).await
    }

    /// A replay of all days when it is over.
    pub(crate) async fn replay(&self, dry_run: bool, more: Value) -> Value {
        let started = self.ask(self.days(), dry_run, more).await;
        assert_eq!(started.status, 202, "{started:?}");
        self.end_of(&started.json()).await
    }

    pub(crate) async fn end_of(&self, replay: &Value) -> Value {
        let path = format!("/api/replays/{}", replay["replay_id"].as_str().unwrap());
        test_kit::wait::until("the end of a replay", DEADLINE, async || {
            let replay = self.slice.json(&path).await;
            (!replay["finished_at"].is_null()).then_some(replay)
        })
        .await
    }

    pub(crate) async fn spoil(&self, sql: impl Into<String>) -> u64 {
        let mut admin = self.slice.cell.superuser().await;
        let sql = AssertSqlSafe(sql.into());
        let done = sqlx::query(sql).execute(&mut admin).await.unwrap();
        done.rows_affected()
    }

    async fn everything(&self) -> String {
        self.all_of("line_item_days").await
    }

    /// Every business and lineage column of a table of silver, in one hash.
    pub(crate) async fn all_of(&self, table: &str) -> String {
        let sql = format!(
            "select encode(sha256(string_agg(f::text, e'\\n' order by f::text)::bytea), 'hex')
               from (select * from tenant.{table}) f"
        );
        let mut admin = self.slice.cell.superuser().await;
        let all = sqlx::query_scalar(AssertSqlSafe(sql));
        all.fetch_one(&mut admin).await.unwrap()
    }
}

pub(crate) fn done(replay: &Value) -> &Value {
    assert_eq!(replay["state"], "done", "{replay}");
    &replay["diff"]
}

#[tokio::test]
async fn what_was_loaded_reads_the_same_and_nothing_is_written() {
    let it = Replayed::start().await;
    let before = it.everything().await;
    let replay = it.replay(true, json!({})).await;
    let diff = done(&replay);
    let (start, end) = it.days();
    let rows = it.slice.count("line_item_days").await;
    assert_eq!(diff["before"], diff["after"], "{diff}");
    assert_eq!(diff["before"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(diff["rows_equal"], rows);
    assert_eq!(diff["before"]["rows"], rows);
    assert!(diff["before"]["sums"]["revenue_micros"].as_i64().unwrap() > 0);
    for name in [
        "different",
        "only_before",
        "only_after",
        "unreadable",
        "without_file",
    ] {
        assert_eq!(diff["days"][name], 0, "{name}");
    }
    assert!(diff["days"]["equal"].as_i64().unwrap() >= (end - start).num_days());
    assert_eq!(diff["samples"], json!([]));
    assert_eq!(
        (&replay["files"], &replay["files_read"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(replay["pipeline"], "dv360_line_item_days");
    assert_eq!(it.everything().await, before);
    // The same question has the same answer, also with each file's own spec.
    let again = it
        .replay(true, json!({"pipeline_version": "as_loaded"}))
        .await;
    assert_eq!(done(&again)["after"], diff["after"]);
    // One day of it hashes to what it hashed to within the whole.
    let path = format!(
        "/api/replays/{}/days",
        replay["replay_id"].as_str().unwrap()
    );
    let days = it.slice.json(&path).await;
    let one = days["items"][3].clone();
    let date = one["date"].as_str().unwrap().parse().unwrap();
    let alone = it.ask((date, date), true, json!({})).await;
    let alone = it.end_of(&alone.json()).await;
    let path = format!("/api/replays/{}/days", alone["replay_id"].as_str().unwrap());
    let alone = it.slice.json(&path).await;
    let same = alone["items"].as_array().unwrap().iter();
    let same = same.filter(|day| day["advertiser_id"] == one["advertiser_id"]);
    assert_eq!(same.collect::<Vec<_>>(), [&one]);
}

#[tokio::test]
async fn a_dry_run_shows_what_is_wrong_and_a_replay_puts_it_right() {
    let it = Replayed::start().await;
    let true_hash = done(&it.replay(true, json!({})).await)["after"]["sha256"].clone();
    let before = it.everything().await;
    let lost = it
        .spoil("delete from tenant.line_item_days where date = (select max(date) - 3 from tenant.line_item_days)")
        .await;
    let changed = it
        .spoil("update tenant.line_item_days set clicks = clicks + 1 where date = (select max(date) - 5 from tenant.line_item_days)")
        .await;
    let added = it
        .spoil(
            "insert into tenant.line_item_days
             select org_id, dataset, dsp, advertiser_id, date, '99999', partner_id, campaign_id,
                    insertion_order_id, currency, 1, 1, 1, 1, 1, 1, 1, bronze_id, bronze_line, load_id
               from tenant.line_item_days
              where date = (select max(date) - 7 from tenant.line_item_days)
              limit 1",
        )
        .await;
    assert!(
        lost > 10 && changed > 10 && added == 1,
        "{lost} {changed} {added}"
    );
    let spoilt = it.everything().await;
    let dry = it.replay(true, json!({})).await;
    let diff = done(&dry);
    assert_eq!(diff["rows_only_after"], lost);
    assert_eq!(diff["rows_different"], changed);
    assert_eq!(diff["rows_only_before"], added);
    assert_eq!(diff["after"]["sha256"], true_hash);
    assert_ne!(diff["before"]["sha256"], true_hash);
    let samples = diff["samples"].as_array().unwrap();
    let clicks = |sample: &&Value| sample["columns"].as_array().unwrap().len() == 1;
    let sample = samples.iter().find(clicks).unwrap();
    assert_eq!(sample["columns"][0]["column"], "clicks", "{sample}");
    assert_eq!(it.everything().await, spoilt, "a dry run writes nothing");
    let put = it.replay(false, json!({})).await;
    assert_eq!(done(&put)["after"], diff["after"]);
    assert_eq!(done(&put)["before"], diff["before"]);
    let after = it.replay(true, json!({})).await;
    assert_eq!(done(&after)["before"]["sha256"], true_hash);
    assert_eq!(done(&after)["days"]["different"], 0);
    assert_eq!(it.everything().await, before, "lineage and all");
    let replayed: Vec<Option<uuid::Uuid>> =
        sqlx::query_scalar("select replay_id from tenant.load_ledger")
            .fetch_all(&mut it.slice.cell.superuser().await)
            .await
            .unwrap();
    assert_eq!(replayed.len(), 1);
    assert!(replayed[0].is_some(), "the ledger says so");
}

/// Silver is a function of bronze: gone, and read again, it is what it was to the last byte.
#[tokio::test]
async fn silver_that_was_lost_comes_back_byte_for_byte() {
    let it = Replayed::start().await;
    // A second file gives the last days.
    let body = json!({"connection_id": it.sync["connection_id"]});
    let second = it.slice.write(Method::POST, "/api/syncs", body).await;
    let second = it.slice.end_of(&second.json()).await;
    assert_eq!(second["state"], "done", "{second}");
    let before = it.everything().await;
    let hash = done(&it.replay(true, json!({})).await)["before"]["sha256"].clone();
    it.spoil("delete from tenant.line_item_days").await;
    it.spoil("delete from tenant.loaded_days").await;
    fail::cfg("replay.read", "1*return").unwrap();
    let put = it.replay(false, json!({})).await;
    fail::remove("replay.read");
    assert_eq!(done(&put)["after"]["sha256"], hash);
    assert_eq!(put["diff"]["before"]["sha256"], Value::Null);
    assert_eq!(put["diff"]["rows_equal"], 0);
    assert_eq!(put["files"], 2);
    assert_eq!(it.everything().await, before);
    let freshness = it.slice.json("/api/freshness").await;
    assert!(!freshness["items"].as_array().unwrap().is_empty());
    assert!(it.slice.count("loaded_days").await > 100);
}

#[tokio::test]
async fn a_file_that_is_gone_or_damaged_is_named() {
    let it = Replayed::start().await;
    let rows = it.slice.count("line_item_days").await;
    let one = "update tenant.bronze_objects set length_proven = true, bytes = bytes + 1
                where kind = 'report'";
    it.spoil(one).await;
    let dry = it.replay(true, json!({})).await;
    let diff = done(&dry);
    assert_eq!(diff["unreadable"].as_array().unwrap().len(), 1, "{diff}");
    assert_eq!(diff["after"]["sha256"], diff["before"]["sha256"]);
    assert_eq!(diff["days"]["equal"], 0);
    let put = it.replay(false, json!({})).await;
    assert_eq!(put["state"], "failed", "{put}");
    assert_eq!(put["problem"]["code"], "unreadable_file");
    assert_eq!(it.slice.count("line_item_days").await, rows);
}

#[tokio::test]
async fn wishes_that_make_no_sense_are_refused_in_words() {
    let it = Replayed::start().await;
    let (start, end) = it.days();
    let far = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let cases = [
        ((end, start), json!({}), "backwards"),
        ((far, end), json!({}), "too_long"),
        ((far, far), json!({}), "nothing_loaded"),
        (
            (start, end),
            json!({"pipeline": "nobodys"}),
            "unknown_pipeline",
        ),
        (
            (start, end),
            json!({"pipeline_version": "7"}),
            "unknown_version",
        ),
        (
            (start, end),
            json!({"pipeline_version": "dv360_line_item_days@99+0/2"}),
            "unknown_version",
        ),
        (
            (start, end),
            json!({"pipeline_version": "dv360_line_item_days@1+0/1"}),
            "unknown_version",
        ),
    ];
    for (days, more, code) in cases {
        let answer = it.ask(days, true, more.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (422, code.into()),
            "{more}"
        );
        if more["pipeline_version"] == "dv360_line_item_days@99+0/2" {
            let message = answer.json()["error"]["message"].to_string();
            let known = "there are as_loaded, dv360_line_item_days@";
            assert!(message.contains(known), "{message}");
        }
    }
    // Nothing was ever loaded by it: that is found when it is planned.
    let empty = it
        .replay(true, json!({"pipeline": "dv360_device_days"}))
        .await;
    assert_eq!(empty["problem"]["code"], "nothing_loaded", "{empty}");
}

#[tokio::test]
async fn a_replay_can_be_stopped_and_stays_so() {
    let it = Replayed::start().await;
    fail::cfg("replay.planned", "return").unwrap();
    let started = it.ask(it.days(), false, json!({})).await.json();
    let path = format!(
        "/api/replays/{}/cancel",
        started["replay_id"].as_str().unwrap()
    );
    let stopped = it.slice.write(Method::POST, &path, json!({})).await;
    fail::remove("replay.planned");
    assert_eq!(stopped.status, 200, "{stopped:?}");
    assert_eq!(stopped.json()["state"], "cancelled");
    // The next one waits for no one.
    let next = it.replay(true, json!({})).await;
    done(&next);
    let path = format!("/api/replays/{}", started["replay_id"].as_str().unwrap());
    assert_eq!(it.slice.json(&path).await["state"], "cancelled");
    let list = it.slice.json("/api/replays").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["replay_id"], next["replay_id"]);
}

/// By name, on the internal listener, and no member of the org.
#[tokio::test]
async fn an_operators_call_may_be_repeated_and_starts_one_replay() {
    let it = Replayed::start().await;
    let (start, end) = it.days();
    let org = it.slice.org.scope.org();
    let id = ReplayId::new();
    let path = |rest: &str, epoch: u32| format!("/internal/orgs/{org}/replays{rest}epoch={epoch}");
    let ask = async |method: Method, path: &str, body: Value| {
        it.slice.cell.as_global_control(method, path, body).await
    };
    let wish = json!({"start": start, "end": end, "dry_run": true});
    let one = path(&format!("/{id}?"), 1);
    for _ in 0..2 {
        let started = ask(Method::PUT, &one, wish.clone()).await;
        assert_eq!(started.status, 202, "{started:?}");
        assert_eq!(started.json()["replay_id"], json!(id));
    }
    let other = json!({"start": start, "end": end, "dry_run": false});
    let other = ask(Method::PUT, &one, other).await;
    assert_eq!(
        (other.status.as_u16(), other.code()),
        (409, "other_replay".into())
    );
    let over = it.end_of(&json!({"replay_id": id})).await;
    let seen = ask(Method::GET, &one, json!(null)).await.json();
    assert_eq!(seen["diff"], over["diff"]);
    let list = ask(Method::GET, &path("?", 1), json!(null)).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    let cancel = path(&format!("/{id}/cancel?"), 1);
    let late = ask(Method::POST, &cancel, json!(null)).await.json();
    assert_eq!(late["state"], "done", "it was over");
    let fenced = ask(
        Method::PUT,
        &path(&format!("/{}?", ReplayId::new()), 2),
        wish,
    )
    .await;
    assert!(!fenced.status.is_success(), "{fenced:?}");
    let nobody = ask(
        Method::GET,
        &path(&format!("/{}?", ReplayId::new()), 1),
        json!(null),
    )
    .await;
    assert_eq!(nobody.code(), "replay_not_found");
}

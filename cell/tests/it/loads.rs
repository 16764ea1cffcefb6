//! What becomes of a file that is proven whole: what the contract and the rules say of it, which of
//! two files stands, and how far the data reaches then.

use std::sync::Arc;

use cell::ingestion::connector::{FileError, ReportRequest};
use cell::ingestion::pipelines::{Spec, find_built_in};
use cell::ingestion::reading::pipeline_version;
use cell::ingestion::silver::facts::{self, File, Landed, Load, Loaded, Outcome, Scope};
use chrono::NaiveDate;
use contracts::{BronzeId, SyncId};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use self::file::{ADVERTISER, Cells, OTHER, Sheet};
use crate::support::{TestCell, TestOrg};

mod contract;

mod file;

mod rules;

mod straight;

/// A cell to load files into, and the spec they are read by.
struct Loads {
    cell: TestCell,
    org: TestOrg,
    spec: Spec,
}

impl Loads {
    async fn start(pipeline: &str) -> Self {
        Self::start_with(find_built_in(pipeline).unwrap()).await
    }

    async fn start_with(spec: Spec) -> Self {
        let cell = TestCell::start().await;
        let org = cell.org("acme").await;
        Self { cell, org, spec }
    }

    /// One that writes only to the tables it is about.
    async fn admin(&self) -> PgConnection {
        let mut admin = self.cell.superuser().await;
        sqlx::raw_sql("set app.capture = 'off'")
            .execute(&mut admin)
            .await
            .unwrap();
        admin
    }

    async fn bronze(&self, text: &str) -> BronzeId {
        let id = BronzeId::new();
        sqlx::query(
            "insert into tenant.bronze_objects (org_id, bronze_id, sha256, bytes, kind, \
             connection_id, request, length_proven) \
             values ($1, $2, sha256($3), $4, 'report', $2, '{}', true)",
        )
        .bind(self.org.scope.org().as_uuid())
        .bind(id.as_uuid())
        .bind(format!("{id}{text}").as_bytes())
        .bind(i64::try_from(text.len()).unwrap())
        .execute(&mut self.admin().await)
        .await
        .unwrap();
        id
    }

    fn scope(&self, sheet: &Sheet) -> Scope {
        let loaded = |id: &String| Loaded {
            advertiser_id: id.clone(),
            currency: "EUR".parse().unwrap(),
            through: sheet.request.end,
        };
        let advertisers = sheet.request.advertiser_ids.iter().map(loaded).collect();
        Scope::of(&sheet.request, advertisers)
    }

    async fn load(&self, sheet: &Sheet) -> Result<Landed, FileError> {
        let scope = self.scope(sheet);
        self.load_text(&sheet.text(), sheet.request.clone(), scope)
            .await
    }

    async fn load_text(
        &self,
        text: &str,
        request: ReportRequest,
        scope: Scope,
    ) -> Result<Landed, FileError> {
        let connectors = &self.cell.app.ingestion.connectors;
        let connector = connectors.find(self.spec.connector()).unwrap();
        let load = Load {
            load_id: Uuid::now_v7(),
            table: self.spec.dataset,
            dataset: facts::dataset_name(&self.spec),
            dsp: facts::dsp_name(&self.spec, connector.name()).to_owned(),
            pipeline_version: pipeline_version(&self.spec, 0),
            bronze_id: self.bronze(text).await,
            sync_id: SyncId::new(),
            scope,
        };
        let file = File {
            connector: Arc::clone(connector),
            spec: Arc::new(self.spec.clone()),
            request,
            input: std::io::Cursor::new(text.as_bytes().to_vec()),
            bytes: Some(text.len() as u64),
        };
        let mut tx = self.cell.app.db.begin(&self.org.scope).await.unwrap();
        match facts::load(&mut tx, file, &load).await.unwrap() {
            Outcome::Loaded(landed) => {
                tx.commit().await.unwrap();
                Ok(*landed)
            }
            Outcome::Refused(refused) => Err(refused),
        }
    }

    /// What a statement says, as JSON.
    async fn told(&self, sql: &'static str) -> Value {
        let sql = format!("select coalesce(jsonb_agg(t order by t), '[]') from ({sql}) t");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut self.cell.superuser().await)
            .await
            .unwrap()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const IMPRESSIONS: &str = "select date, impressions from tenant.line_item_days";
const REACH: &str = "select advertiser_id, since, through from tenant.watermarks";

fn impressions(days: &[(&str, i64)]) -> Value {
    let day = |(day, count): &(&str, i64)| json!({"date": format!("2026-10-{day}"), "impressions": count});
    days.iter().map(day).collect()
}

fn reach(since: &str, through: &str) -> Value {
    let day = |day: &str| format!("2026-10-{day}");
    json!([{"advertiser_id": ADVERTISER, "since": day(since), "through": day(through)}])
}

/// Two connections may see one advertiser, and a file may come out of quarantine late.
#[tokio::test]
async fn an_older_file_adds_what_is_missing_and_takes_nothing_back() {
    let loads = Loads::start("dv360_line_item_days").await;
    let row = |day, count| [("date", day), ("impressions", count)];
    let (first, second) = (row("2026/10/01", "10"), row("2026/10/02", "20"));
    let newer = Sheet::new(&loads.spec, (2, 2), &[&row("2026/10/02", "25")]);
    let newer = newer.reported("2026/10/06 04:12 GMT");
    loads.load(&newer).await.unwrap();
    let older = Sheet::new(&loads.spec, (1, 2), &[&first, &second]);
    let landed = loads.load(&older).await.unwrap();
    assert_eq!(
        loads.told(IMPRESSIONS).await,
        impressions(&[("01", 10), ("02", 25)])
    );
    assert_eq!(landed.rows(), 1);
    let warning = &landed.summary.warnings[0];
    assert_eq!(warning.message, "1 day stays as a later file has it");
    assert_eq!(loads.told(REACH).await, reach("01", "02"));
    let recorded = "select date, impressions from tenant.loaded_days";
    assert_eq!(
        loads.told(recorded).await,
        impressions(&[("01", 10), ("02", 25)])
    );
    // Of the same minute, the one that comes later; and what is newer than both.
    let same = Sheet::new(&loads.spec, (1, 1), &[&row("2026/10/01", "11")]);
    loads.load(&same).await.unwrap();
    assert_eq!(
        loads.told(IMPRESSIONS).await,
        impressions(&[("01", 11), ("02", 25)])
    );
    let latest = older.reported("2026/10/06 04:13 GMT");
    assert_eq!(loads.load(&latest).await.unwrap().rows(), 2);
    assert_eq!(
        loads.told(IMPRESSIONS).await,
        impressions(&[("01", 10), ("02", 20)])
    );
}

#[tokio::test]
async fn data_reaches_back_only_to_the_last_gap() {
    let loads = Loads::start("dv360_line_item_days").await;
    for (days, expected) in [
        ((10, 12), ("10", "12")),
        // Before a gap; behind one.
        ((4, 6), ("10", "12")),
        ((15, 16), ("15", "16")),
        ((13, 14), ("10", "16")),
        ((7, 9), ("04", "16")),
    ] {
        // A day without rows is a day all the same.
        let sheet = Sheet::new(
            &loads.spec,
            days,
            &[&[("date", &*format!("2026/10/{:02}", days.0))]],
        );
        loads.load(&sheet).await.unwrap();
        assert_eq!(
            loads.told(REACH).await,
            reach(expected.0, expected.1),
            "{days:?}"
        );
    }
}

/// A delivered file stands for the days it has rows of, and for no others.
#[tokio::test]
async fn a_delivered_file_is_about_the_days_it_has() {
    let mut spec: Spec = serde_json::from_value(crate::pipelines::manifest("ttd_days")).unwrap();
    let cell::ingestion::pipelines::spec::Source::FileDrop { file } = &mut spec.source else {
        unreachable!("it is delivered");
    };
    file.skip_lines = 0;
    let loads = Loads::start_with(spec).await;
    let deliver = async |rows: &str, total: i64| {
        let header =
            "Tag;Advertiser Id;Campaign Id;Ad Group Id;Währung;Impressionen;Klicks;Ausgaben";
        let text = format!("{header}\n{rows};;;;;{total};0;0\n");
        let request = ReportRequest {
            partner_id: String::new(),
            advertiser_ids: Vec::new(),
            start: day("2026-11-23"),
            end: day("2026-11-23"),
        };
        let scope = Scope::of(&request, Vec::new());
        assert!(matches!(scope, Scope::Found));
        loads.load_text(&text, request, scope).await
    };
    let rows = "01.10.2026;a;c;g;EUR;1;0;0\n02.10.2026;a;c;g;EUR;2;0;0\n\
                02.10.2026;b;c;h;USD;5;0;0\n04.10.2026;a;c;g;EUR;4;0;0\n";
    let landed = deliver(rows, 12).await.unwrap();
    assert_eq!(landed.range, (day("2026-10-01"), day("2026-10-04")));
    let reach = json!([
        {"advertiser_id": "a", "since": "2026-10-04", "through": "2026-10-04"},
        {"advertiser_id": "b", "since": "2026-10-02", "through": "2026-10-02"},
    ]);
    assert_eq!(loads.told(REACH).await, reach);
    // What it does not mention stays; the last delivered wins, since nobody says when it was made.
    deliver(
        "03.10.2026;a;c;g;EUR;3;0;0\n02.10.2026;a;c;g;EUR;20;0;0\n",
        23,
    )
    .await
    .unwrap();
    let days = "select advertiser_id as a, date, impressions as n from tenant.line_item_days";
    let told = json!([
        {"a": "a", "date": "2026-10-01", "n": 1},
        {"a": "a", "date": "2026-10-02", "n": 20},
        {"a": "a", "date": "2026-10-03", "n": 3},
        {"a": "a", "date": "2026-10-04", "n": 4},
        {"a": "b", "date": "2026-10-02", "n": 5},
    ]);
    assert_eq!(loads.told(days).await, told);
    assert_eq!(loads.told(REACH).await[0]["since"], "2026-10-01");
    let twice = "01.10.2026;a;c;g;EUR;1;0;0\n01.10.2026;a;c;g;EUR;1;0;0\n";
    let refused = deliver(twice, 2).await.unwrap_err();
    assert_eq!(refused.code, "duplicate_rows", "{refused}");
    let mixed = "05.10.2026;a;c;g;EUR;1;0;0\n05.10.2026;a;c;h;USD;1;0;0\n";
    let refused = deliver(mixed, 2).await.unwrap_err();
    assert_eq!(
        refused.message,
        "line 3: the row is in USD, advertiser a is in EUR"
    );
    assert_eq!(
        loads.told(days).await,
        told,
        "what is refused changes nothing"
    );
}

#[tokio::test]
async fn rows_in_another_currency_are_refused_with_their_line() {
    let loads = Loads::start("dv360_advertiser_days").await;
    let cells: [Cells<'_>; 2] = [
        &[("date", "2026/10/01")],
        &[("date", "2026/10/02"), ("currency", "USD")],
    ];
    let refused = loads
        .load(&Sheet::new(&loads.spec, (1, 2), &cells))
        .await
        .unwrap_err();
    assert_eq!(
        refused.message,
        format!("line 3: the row is in USD, advertiser {ADVERTISER} is in EUR")
    );
    let cells: [Cells<'_>; 1] = [&[("currency", "Euro")]];
    let refused = loads
        .load(&Sheet::new(&loads.spec, (1, 1), &cells))
        .await
        .unwrap_err();
    assert_eq!(
        refused.message,
        "line 2: \"Euro\" in column \"Advertiser Currency\" is not a currency"
    );
    let cells: [Cells<'_>; 1] = [&[("advertiser_id", OTHER)]];
    let refused = loads
        .load(&Sheet::new(&loads.spec, (1, 1), &cells))
        .await
        .unwrap_err();
    assert_eq!(
        refused.message,
        format!("line 2: advertiser {OTHER} was not asked for")
    );
}

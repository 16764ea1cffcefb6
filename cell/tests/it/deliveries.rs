//! Files of another platform, delivered: to silver without a line of code, and no way around.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::pipelines::manifest;
use crate::source::Slice;
use crate::support::{Answer, SOON};

/// With an id that a spreadsheet would take for a formula: here it is text like any other.
const FILE: &str = "\u{feff}Bericht;erstellt\r\n\
    Tag;Advertiser Id;Campaign Id;Ad Group Id;Währung;Impressionen;Klicks;Ausgaben\r\n\
    01.11.2026;adv-x1;c9;ag_1;EUR;1.234;7;1.012,50\r\n\
    01.11.2026;adv-x1;c9;\"=ag;2\";EUR;10;-;0,000001\r\n\
    02.11.2026;adv-x1;c9;ag_1;EUR;1;0;3\r\n\
    ;;;;;1.245;7;1.015,500001\r\n";

async fn put(slice: &Slice, path: &str, body: Value) -> Answer {
    slice.write(Method::PUT, path, body).await
}

/// A pipeline of delivered files that is on, and a connection to deliver to.
async fn set_up(slice: &Slice) -> String {
    let path = "/api/pipelines/ttd_days";
    let body = json!({"layer": manifest("ttd_days"), "expected_version": 0});
    let made = put(slice, &format!("{path}/layer"), body).await;
    assert_eq!(made.status, 200, "{made:?}");
    let on = put(slice, &format!("{path}/enabled"), json!({"enabled": true})).await;
    assert_eq!(on.status, 200, "{on:?}");
    let body = json!({"connector": "file_drop", "name": "The Trade Desk"});
    let connection = slice.write(Method::POST, "/api/connections", body).await;
    assert_eq!(connection.status, 201, "{connection:?}");
    let connection = connection.json();
    assert_eq!(
        (&connection["state"], &connection["connector"]),
        (&json!("active"), &json!("file_drop"))
    );
    assert_eq!(connection["name"], "The Trade Desk");
    connection["connection_id"].as_str().unwrap().to_owned()
}

async fn upload(slice: &Slice, id: &str, query: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(format!("/api/connections/{id}/files?{query}"))
        .header(header::COOKIE, &slice.cookie)
        .header(header::CONTENT_TYPE, "text/csv")
        .body(body.into())
        .unwrap();
    slice.cell.send(&slice.org, request).await
}

type Row = (
    String,
    String,
    String,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    i64,
);

async fn silver(slice: &Slice) -> Vec<Row> {
    sqlx::query_as(
        "select date::text, advertiser_id, line_item_id, impressions, clicks, revenue_micros, \
         bronze_line from tenant.line_item_days where dsp = 'ttd' order by 1, 3",
    )
    .fetch_all(&mut slice.cell.superuser().await)
    .await
    .unwrap()
}

fn expected() -> Vec<Row> {
    let row = |day: &str, group: &str, imps, clicks, spend, line| {
        let (advertiser, group) = ("adv-x1".to_owned(), group.to_owned());
        (
            format!("2026-11-0{day}"),
            advertiser,
            group,
            Some(imps),
            clicks,
            Some(spend),
            line,
        )
    };
    vec![
        row("1", "=ag;2", 10, None, 1, 4),
        row("1", "ag_1", 1_234, Some(7), 1_012_500_000, 3),
        row("2", "ag_1", 1, Some(0), 3_000_000, 5),
    ]
}

#[tokio::test]
async fn a_file_of_another_platform_goes_to_silver_without_code() {
    let slice = Slice::start().await;
    let id = set_up(&slice).await;
    let before = slice.json("/api/pacing/insertion-orders").await;
    let sent = upload(&slice, &id, "name=ttd_1.csv", FILE).await;
    assert_eq!(sent.status, 202, "{sent:?}");
    let sync = slice.end_of(&sent.json()).await;
    assert_eq!(sync["state"], "done", "{sync}");
    assert_eq!(
        (&sync["kind"], &sync["rows_loaded"]),
        (&json!("file"), &json!(3))
    );
    assert_eq!(
        sync["range"],
        json!({"start": "2026-11-01", "end": "2026-11-02"})
    );
    assert_eq!(sync["advertisers"][0]["advertiser_id"], "adv-x1");
    assert_eq!(silver(&slice).await, expected());
    let version: String = sqlx::query_scalar("select pipeline_version from tenant.load_ledger")
        .fetch_one(&mut slice.cell.superuser().await)
        .await
        .unwrap();
    assert_eq!(version, "ttd_days@1+1/2");
    assert_eq!(slice.json("/api/pacing/insertion-orders").await, before);

    // The same bytes are the same delivery, whatever they are called.
    let again = upload(&slice, &id, "name=ttd_2.csv&pipeline=ttd_days", FILE).await;
    assert_eq!(again.json()["sync_id"], sync["sync_id"]);
    assert_eq!(slice.count("syncs").await, 1);
    // A correction replaces the days it has, and no others.
    let fixed: String = FILE
        .lines()
        .filter(|line| !line.starts_with("02."))
        .collect::<Vec<_>>()
        .join("\n");
    let fixed = fixed.replace("1.245;7;1.015,500001", "1.244;7;1.012,500001") + "\n";
    let sent = upload(&slice, &id, "name=ttd_2.csv", fixed).await;
    let sync = slice.end_of(&sent.json()).await;
    assert_eq!(sync["state"], "done", "{sync}");
    let days: Vec<String> = silver(&slice).await.into_iter().map(|row| row.0).collect();
    assert_eq!(days, ["2026-11-01", "2026-11-01", "2026-11-02"]);
    let files = slice.json(&format!("/api/connections/{id}/files")).await;
    assert_eq!(files["items"].as_array().unwrap().len(), 2);
    assert_eq!(files["items"][0]["origin"], "upload");
    // Nobody can be asked on it.
    let partners = slice.get(&format!("/api/connections/{id}/partners")).await;
    assert_eq!(
        (partners.status.as_u16(), partners.code()),
        (409, "source_not_asked".into())
    );
}

#[tokio::test]
async fn a_file_that_is_refused_is_read_again_once_the_manifest_is_right() {
    let slice = Slice::start().await;
    let id = set_up(&slice).await;
    let renamed = FILE.replace("Klicks", "Clicks");
    let sent = upload(&slice, &id, "name=ttd_1.csv", renamed.clone()).await;
    let first = slice.end_of(&sent.json()).await;
    assert_eq!(first["state"], "quarantined", "{first}");
    assert_eq!(first["problem"]["code"], "schema_drift");
    for broken in [
        FILE.replace("1.245;7", "1.246;7"),
        FILE[..FILE.len() - 30].to_owned(),
    ] {
        let sent = upload(&slice, &id, "name=ttd_1.csv", broken).await;
        let sync = slice.end_of(&sent.json()).await;
        assert_eq!(sync["state"], "quarantined", "{sync}");
    }
    let sent = upload(
        &slice,
        &id,
        "name=ttd_1.csv",
        b"\xc4hnliches;Latin 1\r\n\xe4;1\r\n".to_vec(),
    )
    .await;
    assert_eq!(slice.end_of(&sent.json()).await["state"], "quarantined");
    assert_eq!(silver(&slice).await, []);
    let states = async || -> Vec<String> {
        let path = format!("/api/connections/{id}/files");
        let files = slice.json(&path).await["items"].clone();
        let state = |file: &Value| file["state"].as_str().unwrap().to_owned();
        files.as_array().unwrap().iter().map(state).collect()
    };
    assert_eq!(states().await, ["quarantined"; 4]);
    let mut right = manifest("ttd_days");
    right["columns"][6]["headers"] = json!(["Klicks", "Clicks"]);
    let body = json!({"layer": right, "expected_version": 1});
    let changed = put(&slice, "/api/pipelines/ttd_days/layer", body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let sent = upload(&slice, &id, "name=ttd_1.csv", renamed.clone()).await;
    let second = slice.end_of(&sent.json()).await;
    assert_ne!(second["sync_id"], first["sync_id"]);
    assert_eq!(second["state"], "done", "{second}");
    assert_eq!(silver(&slice).await, expected());
    assert_eq!(states().await[0], "done");
}

#[tokio::test]
async fn a_file_that_a_replay_has_loaded_is_listed_as_loaded() {
    let slice = Slice::start().await;
    let id = set_up(&slice).await;
    let renamed = FILE.replace("Klicks", "Clicks");
    let sent = upload(&slice, &id, "name=ttd_1.csv", renamed).await;
    let refused = slice.end_of(&sent.json()).await;
    let refused = refused["sync_id"].as_str().unwrap();
    let entry = slice.json(&format!("/api/quarantine/{refused}")).await;
    assert_eq!(entry["line"], 2, "the header is below a line of its own");
    assert_eq!(entry["range"], json!(null), "nobody asked for days");
    let path = format!("/api/quarantine/{refused}/accept-names");
    let names = json!({"names": [{"column": "clicks", "header": "Clicks"}]});
    let accepted = slice.write(Method::POST, &path, names).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let loaded = slice.end_of(&accepted.json()).await;
    assert_eq!(loaded["state"], "done", "{loaded}");
    let files = slice.json(&format!("/api/connections/{id}/files")).await;
    let file = &files["items"][0];
    assert_eq!(
        (&file["state"], &file["sync_id"]),
        (&json!("done"), &loaded["sync_id"])
    );
}

#[tokio::test]
async fn what_is_not_a_delivery_is_refused_at_the_door() {
    let slice = Slice::start().await;
    let id = set_up(&slice).await;
    let large = vec![b'x'; (10 << 20) + 1];
    let cases: [(&str, Vec<u8>, u16, &str); 12] = [
        ("name=other.csv", b"x".to_vec(), 422, "file_name_refused"),
        (
            "name=..%2Fttd_1.csv",
            b"x".to_vec(),
            422,
            "file_name_refused",
        ),
        (
            "name=%2Fetc%2Fttd_1.csv",
            b"x".to_vec(),
            422,
            "file_name_refused",
        ),
        ("name=ttd_%0a.csv", b"x".to_vec(), 422, "file_name_refused"),
        ("name=ttd_%00.csv", b"x".to_vec(), 400, "invalid_query"),
        (
            "name=ttd_1.csv&pipeline=dv360_line_item_days",
            b"x".to_vec(),
            409,
            "pipeline_not_on",
        ),
        (
            "name=ttd_1.csv",
            b"PK\x03\x04 a workbook".to_vec(),
            422,
            "file_refused",
        ),
        (
            "name=ttd_1.csv",
            b"\x1f\x8b a bomb".to_vec(),
            422,
            "file_refused",
        ),
        (
            "name=ttd_1.csv",
            b"\xff\xfeT\x00".to_vec(),
            422,
            "file_refused",
        ),
        ("name=ttd_1.csv", Vec::new(), 422, "file_refused"),
        ("name=ttd_1.csv", large, 413, "body_too_large"),
        ("", b"x".to_vec(), 400, "invalid_query"),
    ];
    for (query, body, status, code) in cases {
        let answer = upload(&slice, &id, query, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (status, code.into()),
            "{query}"
        );
    }
    assert_eq!(slice.count("syncs").await, 0);
    let asked = slice.connect().await;
    let answer = upload(&slice, &asked, "name=ttd_1.csv", FILE).await;
    assert_eq!(answer.code(), "not_a_file_drop");
    let body = json!({"connector": "dv360", "name": "x"});
    let consent = slice.write(Method::POST, "/api/connections", body).await;
    assert_eq!(consent.code(), "connector_needs_consent");
}

#[tokio::test]
async fn what_lies_in_the_folder_is_taken_once_and_left_where_it_is() {
    let slice = Slice::start().await;
    let id = set_up(&slice).await;
    let folder = slice
        .drop_folder()
        .join(slice.org.scope.org().to_string())
        .join(&id);
    std::fs::create_dir_all(&folder).unwrap();
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(120);
    let write = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(past)
            .unwrap();
    };
    write("ttd_1.csv", FILE.as_bytes());
    write("notes.txt", b"hello");
    write("ttd_2.csv", b"PK\x03\x04");
    std::os::unix::fs::symlink("/etc/passwd", folder.join("ttd_3.csv")).unwrap();
    std::fs::write(folder.join("ttd_4.csv"), "still being written").unwrap();
    let path = format!("/api/connections/{id}/files");
    let look = async || {
        let mut admin = slice.cell.superuser().await;
        let due = "set app.capture = 'off'; update tenant.jobs set run_at = clock_timestamp() \
                   where kind = 'ingestion.scan_folder' and state = 'queued'";
        sqlx::raw_sql(due).execute(&mut admin).await.unwrap();
        test_kit::wait::until("the folder's files", SOON, async || {
            let files = slice.json(&path).await["items"].clone();
            (files.as_array().unwrap().len() >= 4).then_some(files)
        })
        .await
    };
    let files = look().await;
    let told = |name: &str| {
        let found = files
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("{name} in {files}")).clone()
    };
    for (name, why) in [("notes.txt", "no pipeline"), ("ttd_2.csv", "XLSX")] {
        let problem = told(name)["problem"].to_string();
        assert!(problem.contains(why), "{problem}");
    }
    let taken = test_kit::wait::until("the file to be loaded", SOON, async || {
        let syncs = slice.json(&format!("/api/syncs?connection_id={id}")).await;
        let sync = syncs["items"][0].clone();
        (sync["state"] == "done").then_some(sync)
    })
    .await;
    assert_eq!(taken["rows_loaded"], 3);
    assert_eq!(silver(&slice).await, expected());
    let again = look().await;
    assert_eq!(again.as_array().unwrap().len(), 4, "{again}");
    assert_eq!(slice.count("syncs").await, 1);
    assert!(again.to_string().contains("links are not followed"));
    assert!(
        !again.to_string().contains("ttd_4"),
        "it may be half of a file"
    );
    assert_eq!(
        std::fs::read(folder.join("ttd_1.csv")).unwrap(),
        FILE.as_bytes()
    );
}

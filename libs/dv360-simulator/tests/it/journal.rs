//! Whatever was promised is still there after the process was killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use dv360_simulator::{Simulator, SimulatorConfig};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::client::{consent, daily, exchange, http, text};

/// The binary with a journal, on a port of its own.
struct Process {
    child: Child,
    url: String,
    http: Client,
    token: String,
}

impl Process {
    fn spawn(folder: &Path) -> Process {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dv360-simulator"))
            .arg("serve")
            .env("SIMULATOR_LISTEN", "127.0.0.1:0")
            .env("SIMULATOR_STATE_DIR", folder)
            .env("SIMULATOR_REPORT_DELAY_MS", "0")
            .env("SIMULATOR_TELEMETRY__LOG_FILTER", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (sender, lines) = std::sync::mpsc::channel();
        for pipe in [
            Box::new(out) as Box<dyn std::io::Read + Send>,
            Box::new(err),
        ] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        let says = std::time::Duration::from_secs(30);
        let url = loop {
            let line = lines
                .recv_timeout(says)
                .expect("the simulator says where it is");
            if let Some(at) = line.find("http://127.0.0.1:") {
                let end = line[at + 17..].find(|one: char| !one.is_ascii_digit());
                break line[at..at + 17 + end.unwrap_or(5)].to_owned();
            }
        };
        Process {
            child,
            url,
            http: http(),
            token: String::new(),
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let mut request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap_or(Value::Null)
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn file(process: &Process, query: &str) -> String {
    let listed = process.get(&format!("/v2/queries/{query}/reports")).await;
    let link = text(&listed["reports"][0]["metadata"]["googleCloudStoragePath"]);
    process
        .http
        .get(link)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_killed_simulator_goes_on_with_everything_it_promised() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Process::spawn(folder.path());
    let code = consent(&first.url, &[]).await;
    let grant = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
    ];
    first.token = text(&exchange(&first.url, &grant).await.body["access_token"]);
    let world = first.get("/sim/world").await;
    let advertiser = world["advertisers"][0].clone();
    let id = text(&advertiser["advertiser_id"]);
    let clock = json!({"now": "2026-05-05T12:00:00Z", "speed": 0, "foreign_queries": 2});
    first.send(Method::POST, "/sim/config", Some(clock)).await;
    let faults = json!({"advertiser_id": id, "faults": {"file": {"kind": "crlf", "times": 2}}});
    first.send(Method::PUT, "/sim/faults", Some(faults)).await;
    let renamed = json!({"rename": {"id": id, "name": "Renamed, Ltd."}});
    first.send(Method::POST, "/sim/edits", Some(renamed)).await;
    let query = daily(&text(&advertiser["partner_id"]), &id);
    let query = text(&first.send(Method::POST, "/v2/queries", Some(query)).await["queryId"]);
    first
        .send(
            Method::POST,
            &format!("/v2/queries/{query}:run"),
            Some(json!({})),
        )
        .await;
    let before = file(&first, &query).await;
    assert!(before.contains("\r\n") && before.contains("Renamed, Ltd."));
    let watch = ["/sim/world", "/sim/faults", "/sim/reports", "/v2/queries"];
    let mut seen = Vec::new();
    for path in watch {
        seen.push(first.get(path).await);
    }
    let config = first.get("/sim/config").await;
    let token = first.token.clone();
    first.kill();
    // The kill may have cut off a line that nobody was answered for.
    let journal = folder.path().join("journal.jsonl");
    let mut text = std::fs::read(&journal).unwrap();
    text.extend_from_slice(b"{\"query\":[17");
    std::fs::write(&journal, text).unwrap();

    let mut second = Process::spawn(folder.path());
    second.token = token;
    for (path, seen) in watch.iter().zip(seen) {
        assert_eq!(second.get(path).await, seen, "{path}");
    }
    assert_eq!(file(&second, &query).await, before);
    let after = second.get("/sim/config").await;
    for name in ["now", "speed", "knobs", "edits"] {
        assert_eq!(after[name], config[name], "{name}");
    }
    let used = |config: &Value| {
        let windows = config["used"].as_array().unwrap();
        let day = windows.iter().find(|one| one[0] == "reports_day").unwrap();
        day[2].as_u64().unwrap()
    };
    assert!(
        used(&after) >= used(&config),
        "the quota that was used stays used"
    );
    let again = exchange(&second.url, &grant).await;
    assert_eq!(again.body["error"], "invalid_grant", "a code works once");
}

#[tokio::test]
async fn a_journal_of_another_world_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = |seed| SimulatorConfig {
        seed,
        state_dir: Some(folder.path().to_owned()),
        ..SimulatorConfig::for_tests()
    };
    let first = Simulator::start(config(1)).await.unwrap();
    first.stop().await.unwrap();
    let refused = Simulator::start(config(2)).await.unwrap_err();
    let why = std::error::Error::source(&refused).unwrap().to_string();
    assert!(why.contains("another world: seed 1"), "{why}");
}

//! The client against canned answers: what it may send, what it repeats and what it gives up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use contracts::ConnectionId;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Api, Call, Client, Registry, allowed};
use crate::config::Dv360;
use crate::ingestion::connector::Error;

const TOKEN: &str = r#"{"access_token":"a","expires_in":3599,"scope":"","token_type":"Bearer"}"#;

/// Answers each request with the next of these, the token endpoint aside.
pub(in super::super) async fn source(
    answers: &'static [(u16, &'static str)],
) -> (Client, Arc<AtomicU64>) {
    service_kit::install_crypto();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let tokens = Arc::new(AtomicU64::new(0));
    let given = Arc::clone(&tokens);
    tokio::spawn(async move {
        let mut answers = answers.iter();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8192];
            let read = stream.read(&mut request).await.unwrap();
            let (status, body) = if request[..read].starts_with(b"POST /token") {
                given.fetch_add(1, Ordering::Relaxed);
                (200, TOKEN)
            } else {
                *answers.next().unwrap_or(&(418, "{}"))
            };
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let url = |path: &str| format!("{base}{path}").parse().unwrap();
    let settings = Dv360 {
        authorize_url: url("/auth"),
        token_url: url("/token"),
        revoke_url: url("/revoke"),
        bid_manager_url: url("/v2/"),
        display_video_url: url("/"),
        client_id: "client".into(),
        client_secret: SecretString::from("secret"),
        download_hosts: "".parse().unwrap(),
        redirect_url: url("/callback"),
        answer_timeout_ms: 300,
        entity_calls_per_minute: 1_200,
    };
    let client = Client {
        http: reqwest::Client::builder()
            .read_timeout(Duration::from_secs(5))
            .build()
            .unwrap(),
        settings: Arc::new(settings),
        refresh_token: SecretString::from("refresh"),
        shared: Registry::default().get(ConnectionId::new()),
        permit: Arc::new(crate::ingestion::permit::Unlimited),
        calls: AtomicU64::new(0),
    };
    (client, tokens)
}

async fn get(client: &Client) -> Result<Value, Error> {
    client.call(Call::get(Api::Reports, "queries", &[])).await
}

fn calls(client: &Client) -> u64 {
    client.calls.load(Ordering::Relaxed)
}

#[test]
fn only_reading_and_our_own_queries_are_let_through() {
    let may = |api, method: &Method, path: &str| allowed(api, method, path);
    assert!(may(
        Api::Entities,
        &Method::GET,
        "v4/advertisers/1/lineItems"
    ));
    assert!(may(Api::Reports, &Method::GET, "queries/1/reports/2"));
    assert!(may(Api::Reports, &Method::POST, "queries"));
    assert!(may(Api::Reports, &Method::POST, "queries/1:run"));
    assert!(may(Api::Reports, &Method::DELETE, "queries/1"));
    for method in [Method::POST, Method::PATCH, Method::PUT, Method::DELETE] {
        assert!(
            !may(Api::Entities, &method, "v4/advertisers/1/lineItems"),
            "{method}"
        );
    }
    for path in [
        "queries/1/reports",
        "queries/1/../2",
        "queries//1:run",
        "other",
    ] {
        assert!(!may(Api::Reports, &Method::POST, path), "{path}");
        assert!(!may(Api::Reports, &Method::DELETE, path), "{path}");
    }
}

#[tokio::test]
async fn what_passes_by_itself_is_repeated() {
    let limited = r#"{"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}}"#;
    let answers = Box::leak(Box::new([(503, ""), (403, limited), (200, "{}")]));
    let (client, _) = source(answers).await;
    assert!(get(&client).await.is_ok());
    assert_eq!(calls(&client), 3);
}

#[tokio::test]
async fn what_does_not_is_given_up_at_once() {
    let daily =
        r#"{"error":{"code":403,"message":"Daily","errors":[{"reason":"dailyLimitExceeded"}]}}"#;
    let answers = Box::leak(Box::new([
        (
            400,
            r#"{"error":{"code":400,"message":"Invalid.","status":"INVALID_ARGUMENT"}}"#,
        ),
        (403, daily),
        (
            403,
            r#"{"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED"}}"#,
        ),
        (404, "not even JSON"),
        (200, "nor this"),
    ]));
    let (client, _) = source(answers).await;
    assert!(matches!(get(&client).await, Err(Error::Rejected(text)) if text == "Invalid."));
    assert!(matches!(get(&client).await, Err(Error::QuotaExhausted(text)) if text == "Daily"));
    assert!(matches!(get(&client).await, Err(Error::Forbidden(_))));
    assert!(matches!(get(&client).await, Err(Error::NotFound(text)) if text == "status 404"));
    assert!(matches!(get(&client).await, Err(Error::Unexpected(_))));
    assert_eq!(calls(&client), 5);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let answers = Box::leak(Box::new([
        (401, "{}"),
        (200, "{}"),
        (401, "{}"),
        (401, "{}"),
    ]));
    let (client, tokens) = source(answers).await;
    assert!(get(&client).await.is_ok());
    assert!(matches!(get(&client).await, Err(Error::Unauthorized(_))));
    assert_eq!(tokens.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_page_token_that_comes_back_ends_the_list() {
    let answers = Box::leak(Box::new([
        (200, r#"{"queries":[1],"nextPageToken":"x"}"#),
        (200, r#"{"queries":[2],"nextPageToken":"y"}"#),
        (200, r#"{"queries":[3],"nextPageToken":"x"}"#),
    ]));
    let (client, _) = source(answers).await;
    let list = client.list::<i64>(Api::Reports, "queries", &[]).await;
    assert!(matches!(list, Err(Error::Unexpected(_))), "{list:?}");
}

/// Each byte is in time, and there is no end to them.
#[tokio::test]
async fn an_answer_that_drips_is_given_up() {
    let (client, _) = source(&[]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let asked = stream.read(&mut [0; 8192]).await;
                assert!(asked.is_ok_and(|read| read > 0));
                let head = "HTTP/1.1 200 X\r\ncontent-type: application/json\r\n\r\n";
                let mut sent = stream.write_all(head.as_bytes()).await;
                let mut ticks = tokio::time::interval(Duration::from_millis(20));
                while sent.is_ok() {
                    ticks.tick().await;
                    sent = stream.write_all(b" ").await;
                }
            });
        }
    });
    let settings = Dv360 {
        token_url: format!("{base}/token").parse().unwrap(),
        ..(*client.settings).clone()
    };
    let started = std::time::Instant::now();
    let request = client
        .http
        .get(base.as_str())
        .timeout(settings.answer_timeout());
    let answer = request.send().await.unwrap();
    let refused = super::json::<Value>(answer).await.unwrap_err();
    assert!(matches!(refused, Error::Unavailable(_)), "{refused}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let refresh = SecretString::from("refresh");
    let http = client.http.clone();
    let refused = super::super::oauth::refresh(&http, &settings, &refresh).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))));
    // Five attempts of 300 ms, and the pauses between them.
    assert!(started.elapsed() < Duration::from_secs(30));
}

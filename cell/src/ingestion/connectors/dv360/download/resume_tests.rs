//! A download that broke off goes on where it was, but only of the same file; and who refused one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::{Partial, fetch, parse_range, storage_code};
use crate::ingestion::connector::Error;

const BODY: &str = "0123456789abcdefghij";

/// Sends these answers, one a connection, and notes what was asked.
async fn server(answers: Vec<String>) -> (Url, Arc<parking_lot::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/r.csv", listener.local_addr().unwrap());
    let asked = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        let next = AtomicUsize::new(0);
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            let text = String::from_utf8_lossy(&request[..read]).to_lowercase();
            seen.lock().push(text);
            let answer = &answers[next.fetch_add(1, Ordering::Relaxed)];
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url.parse().unwrap(), asked)
}

fn whole(etag: &str, sent: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\netag: {etag}\r\ncontent-length: {}\r\n\r\n{}",
        BODY.len(),
        &BODY[..sent]
    )
}

fn rest(from: usize) -> String {
    format!(
        "HTTP/1.1 206 Partial Content\r\nconnection: close\r\netag: \"a\"\r\ncontent-length: {}\r\n\
         content-range: bytes {from}-{}/{}\r\n\r\n{}",
        BODY.len() - from,
        BODY.len() - 1,
        BODY.len(),
        &BODY[from..]
    )
}

async fn fetch_twice(answers: Vec<String>) -> (String, Vec<String>) {
    let (url, asked) = server(answers).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let http = reqwest::Client::new();
    let mut partial = Partial::default();
    let first = fetch(&http, &url, file.path(), &mut partial).await;
    assert!(first.is_err(), "it was cut off");
    let second = fetch(&http, &url, file.path(), &mut partial).await.unwrap();
    assert_eq!(second.bytes, BODY.len() as u64);
    assert!(second.length_proven);
    let text = std::fs::read_to_string(file.path()).unwrap();
    let asked = asked.lock().clone();
    (text, asked)
}

#[tokio::test]
async fn only_the_rest_is_fetched_of_the_same_file() {
    service_kit::install_crypto();
    let (text, asked) = fetch_twice(vec![whole("\"a\"", 7), rest(7)]).await;
    assert_eq!(text, BODY);
    assert!(asked[1].contains("range: bytes=7-"), "{}", asked[1]);
    assert!(asked[1].contains("if-range: \"a\""), "{}", asked[1]);
    assert!(!asked[1].contains("authorization"), "{}", asked[1]);
}

#[tokio::test]
async fn a_server_that_starts_over_is_followed() {
    service_kit::install_crypto();
    let (text, _) = fetch_twice(vec![whole("\"a\"", 7), whole("\"b\"", 20)]).await;
    assert_eq!(text, BODY);
    let (text, asked) = fetch_twice(vec![whole("W/\"a\"", 7), whole("W/\"a\"", 20)]).await;
    assert_eq!(text, BODY);
    assert!(!asked[1].contains("range:"), "a weak tag proves nothing");
}

fn refused(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// A proxy's refusal is no reason to run a report again.
#[tokio::test]
async fn only_the_storage_itself_refuses_a_link() {
    service_kit::install_crypto();
    let expired = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code></Error>";
    let page = "<html><body>Blocked by policy <Code>x</Code></body></html>";
    let answers = [
        refused("400 Bad Request", expired),
        refused(
            "403 Forbidden",
            &expired.replace("ExpiredToken", "AccessDenied"),
        ),
        refused("403 Forbidden", page),
        refused("400 Bad Request", ""),
        refused("404 Not Found", page),
        refused(
            "404 Not Found",
            &expired.replace("ExpiredToken", "NoSuchKey"),
        ),
        refused("503 Service Unavailable", page),
    ];
    let (url, _) = server(answers.to_vec()).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let http = reqwest::Client::new();
    let mut said = Vec::new();
    for _ in &answers {
        let mut partial = Partial::default();
        let error = fetch(&http, &url, file.path(), &mut partial).await;
        said.push(match error.unwrap_err() {
            Error::LinkRefused(reason) => {
                format!("link {}", reason.rsplit(": ").next().unwrap_or_default())
            }
            Error::Unavailable(reason) if reason.contains("on the way") => "proxy".to_owned(),
            Error::Unavailable(_) => "unavailable".to_owned(),
            Error::NotFound(_) => "gone".to_owned(),
            other => panic!("{other}"),
        });
    }
    let expected = [
        "link ExpiredToken",
        "link AccessDenied",
        "proxy",
        "proxy",
        "proxy",
        "gone",
        "unavailable",
    ];
    assert_eq!(said, expected);
    assert_eq!(storage_code(b"<Error><Code>a b</Code></Error>"), None);
    assert_eq!(storage_code(&[0xff; 9000]), None);
}

#[test]
fn a_range_says_where_it_is_and_reaches_the_end() {
    assert_eq!(parse_range("bytes 7-19/20"), Some((7, 20)));
    for wrong in [
        "bytes 7-18/20",
        "bytes 7-19/*",
        "7-19/20",
        "bytes 9-7/8",
        "",
    ] {
        assert_eq!(parse_range(wrong), None, "{wrong}");
    }
}

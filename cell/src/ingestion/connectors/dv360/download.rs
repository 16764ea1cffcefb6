//! Fetches a report file from its signed address: only from hosts that were allowed, without our
//! token, streamed to disk, and only whole. The address's query is a credential and is never logged.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{self, HeaderValue};
use tokio::io::AsyncWriteExt;
use url::{Host, Url};

use super::client;
use crate::ingestion::connector::{Downloaded, Error};

/// Far above the largest report seen; a server that never ends must not fill the disk.
const MAX_FILE_BYTES: u64 = 16 << 30;

/// A server that drips must not hold a worker for ever; what has come is continued from.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(2 * 3600);
/// So much of a refusal is read: its code stands at the beginning.
const LONGEST_REASON: usize = 4 << 10;

/// What is left of an address in logs and messages.
pub(super) fn redacted(url: &Url) -> String {
    let host = url.host_str().unwrap_or("-");
    format!("{}://{host}{}?…", url.scheme(), url.path())
}

/// Https from an allowed host; plain http only if that host is this machine.
pub(super) fn check_address(address: &str, allowed: &[String]) -> Result<Url, Error> {
    let url = Url::parse(address).map_err(|_| Error::AddressRefused("it is no URL".to_owned()))?;
    let host = url.host_str().unwrap_or_default();
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    let known = allowed
        .iter()
        .any(|one| one == host && url.port().is_none() || Some(one) == with_port.as_ref());
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    if known && safe && url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(Error::AddressRefused(redacted(&url)))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// What an attempt that broke off has left on disk, and how to know the rest is of the same file.
#[derive(Debug, Default)]
pub(super) struct Partial {
    bytes: u64,
    /// Without a strong one nothing is continued.
    etag: Option<HeaderValue>,
}

/// One attempt, from where the last one broke off if the server can do that. A link that the storage
/// refuses has expired: the caller gets a fresh one and tries again.
pub(super) async fn fetch(
    http: &reqwest::Client,
    url: &Url,
    to: &Path,
    partial: &mut Partial,
) -> Result<Downloaded, Error> {
    let mut request = http
        .get(url.clone())
        .header(header::ACCEPT_ENCODING, "identity");
    if let (1.., Some(etag)) = (partial.bytes, &partial.etag) {
        request = request
            .header(header::RANGE, format!("bytes={}-", partial.bytes))
            .header(header::IF_RANGE, etag);
    }
    let mut answer = request.send().await.map_err(client::unavailable)?;
    if !answer.status().is_success() {
        return Err(refusal(url, answer).await);
    }
    // Something on the way packed it unasked. Its bytes are not the report's, nor is its length.
    let packed = answer.headers().get(header::CONTENT_ENCODING);
    if packed.is_some_and(|how| how != "identity") {
        let message = format!(
            "{} sent a file compressed that was to be plain",
            redacted(url)
        );
        return Err(Error::Unavailable(message));
    }
    let (start, announced) = place_of(&answer, partial.bytes)?;
    partial.etag = answer.headers().get(header::ETAG).cloned();
    partial.etag = partial.etag.take().filter(is_strong);
    let mut file = if start == 0 {
        tokio::fs::File::create(to).await?
    } else {
        tokio::fs::OpenOptions::new().append(true).open(to).await?
    };
    let mut bytes = start;
    partial.bytes = start;
    let deadline = tokio::time::Instant::now() + LONGEST_ATTEMPT;
    let ended = loop {
        let chunk = match tokio::time::timeout_at(deadline, answer.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => break Ok(()),
            Ok(Err(error)) => break Err(client::unavailable(error)),
            Err(_) => {
                let words = format!("{} comes too slowly", redacted(url));
                break Err(Error::Unavailable(words));
            }
        };
        bytes += chunk.len() as u64;
        if bytes > MAX_FILE_BYTES {
            return Err(Error::Unexpected(format!("{} is too large", redacted(url))));
        }
        file.write_all(&chunk).await?;
    };
    file.flush().await?;
    partial.bytes = bytes;
    ended?;
    match announced {
        Some(announced) if announced != bytes => Err(Error::Unavailable(format!(
            "{} announced {announced} bytes and sent {bytes}",
            redacted(url)
        ))),
        _ => Ok(Downloaded {
            bytes,
            length_proven: announced.is_some(),
        }),
    }
}

/// The storage gives its reasons in XML. What is refused in other words is refused by something on the
/// way, such as a proxy, and says nothing about the link: another run of the report would not help.
async fn refusal(url: &Url, mut answer: reqwest::Response) -> Error {
    let status = answer.status().as_u16();
    let mut said = Vec::new();
    while said.len() < LONGEST_REASON
        && let Ok(Some(chunk)) = answer.chunk().await
    {
        said.extend_from_slice(&chunk);
    }
    let place = redacted(url);
    match (status, storage_code(&said)) {
        (400 | 403, Some(code)) => Error::LinkRefused(format!("{place}: {code}")),
        (404, Some(code)) => Error::NotFound(format!("{place}: {code}")),
        (_, Some(code)) => Error::Unavailable(format!("{place} answered {status}, {code}")),
        (400..500, None) => Error::Unavailable(format!(
            "{place} answered {status}, and not in the storage's words: something on the way refuses it"
        )),
        (_, None) => Error::Unavailable(format!("{place} answered {status}")),
    }
}

/// `<?xml …?><Error><Code>ExpiredToken</Code>…`
fn storage_code(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(&body[..body.len().min(LONGEST_REASON)]).ok()?;
    let error = body.split_once("<Error>")?.1.trim_start();
    let code = error.strip_prefix("<Code>")?.split_once("</Code>")?.0;
    let plain = (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| code.to_owned())
}

/// Where the body belongs in the file, and how long the whole is to be.
fn place_of(answer: &reqwest::Response, had: u64) -> Result<(u64, Option<u64>), Error> {
    if answer.status() != StatusCode::PARTIAL_CONTENT {
        return Ok((0, answer.content_length()));
    }
    let range = answer.headers().get(header::CONTENT_RANGE);
    let range = range.and_then(|value| value.to_str().ok());
    let parts = range.and_then(parse_range);
    match parts {
        Some((start, total)) if start == had => Ok((start, Some(total))),
        _ => Err(Error::Unavailable(
            "the rest of a file does not follow on its beginning".to_owned(),
        )),
    }
}

/// `bytes 1000-1999/2000`
fn parse_range(text: &str) -> Option<(u64, u64)> {
    let (span, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = span.split_once('-')?;
    let (start, end, total): (u64, u64, u64) =
        (start.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    (start <= end && end + 1 == total).then_some((start, total))
}

fn is_strong(etag: &HeaderValue) -> bool {
    etag.as_bytes().starts_with(b"\"")
}

#[cfg(test)]
mod resume_tests;

#[cfg(test)]
mod tests {
    //! Which addresses a report may come from.

    use super::{check_address, redacted};

    #[test]
    fn reports_come_from_allowed_hosts_only() {
        let allowed = [
            "storage.googleapis.com",
            "127.0.0.1:9000",
            "sim.localhost:9000",
            "evil.test",
        ]
        .map(str::to_owned);
        let check = |address: &str| check_address(address, &allowed).is_ok();
        assert!(check("https://storage.googleapis.com/b/r.csv?Signature=x"));
        assert!(check("http://127.0.0.1:9000/r.csv?Signature=x"));
        assert!(check("http://sim.localhost:9000/r.csv"));
        for address in [
            "http://storage.googleapis.com/b/r.csv",
            "https://storage.googleapis.com:8443/b/r.csv",
            "https://storage.googleapis.com.evil.example/r.csv",
            "https://user@storage.googleapis.com/r.csv",
            "http://127.0.0.1:9001/r.csv",
            "http://127.0.0.1/r.csv",
            "http://evil.test/r.csv",
            "file:///etc/passwd",
            "https://169.254.169.254/latest",
            "r.csv",
        ] {
            assert!(!check(address), "{address}");
        }
    }

    #[test]
    fn what_is_logged_holds_no_signature() {
        let url = "https://storage.googleapis.com/b/r.csv?X-Goog-Signature=secret"
            .parse()
            .unwrap();
        assert_eq!(redacted(&url), "https://storage.googleapis.com/b/r.csv?…");
    }
}

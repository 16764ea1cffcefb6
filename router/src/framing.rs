//! What a request's head must look like before anything believes it: one way to read its length,
//! a target that is a path, and a size that whoever answers will take.
//!
//! Pingora refuses most ambiguous requests itself; these it would pass on as they came.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue};
use pingora::http::RequestHeader;

use crate::decide::Reject;

/// Upstreams read a hundred; the router adds some of its own.
const MAX_HEADERS: usize = 80;
/// Target, names and values together.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Why the request's head is refused, if it is.
pub(crate) fn refusal(request: &RequestHeader) -> Option<Reject> {
    let target = request.raw_path();
    if !request.raw_path_is_utf8() || !is_target(target) || !has_one_length(&request.headers) {
        return Some(Reject::BadRequest);
    }
    is_too_large(target.len(), &request.headers).then_some(Reject::HeadersTooLarge)
}

/// A path, or the absolute form that proxies are sent; `*` and bare words name nothing here.
fn is_target(target: &[u8]) -> bool {
    let scheme = |scheme: &[u8]| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    target.starts_with(b"/") || scheme(b"http://") || scheme(b"https://")
}

/// Two readers must not see two bodies: one plain length at most, and no coding but `chunked`.
fn has_one_length(headers: &HeaderMap) -> bool {
    let is_length =
        |value: &HeaderValue| !value.is_empty() && value.as_bytes().iter().all(u8::is_ascii_digit);
    let is_chunked = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"chunked");
    at_most_one(headers, CONTENT_LENGTH, is_length)
        && at_most_one(headers, TRANSFER_ENCODING, is_chunked)
}

fn at_most_one(
    headers: &HeaderMap,
    name: http::HeaderName,
    fits: impl Fn(&HeaderValue) -> bool,
) -> bool {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => true,
        (Some(value), None) => fits(value),
        (Some(_), Some(_)) => false,
    }
}

fn is_too_large(target: usize, headers: &HeaderMap) -> bool {
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    headers.len() > MAX_HEADERS || target + bytes > MAX_HEAD_BYTES
}

#[cfg(test)]
mod tests {
    //! Which heads pass.

    use pingora::http::RequestHeader;

    use super::refusal;
    use crate::decide::Reject;

    fn check(target: &[u8], headers: &[(&'static str, &'static str)], expected: Option<Reject>) {
        let mut request = RequestHeader::build("POST", target, None).unwrap();
        for (name, value) in headers {
            request.append_header(*name, *value).unwrap();
        }
        let text = String::from_utf8_lossy(target);
        assert_eq!(refusal(&request), expected, "{text} {headers:?}");
    }

    #[test]
    fn a_body_has_one_length() {
        let (length, coding) = ("content-length", "transfer-encoding");
        check(b"/", &[], None);
        check(b"/", &[(length, "3")], None);
        check(b"/", &[(coding, "Chunked")], None);
        for bad in [
            &[(length, "3"), (length, "3")][..],
            &[(length, "3, 3")],
            &[(length, "+3")],
            &[(length, "")],
            &[(coding, "gzip, chunked")],
            &[(coding, "chunked"), (coding, "chunked")],
            &[(coding, "identity")],
        ] {
            check(b"/", bad, Some(Reject::BadRequest));
        }
    }

    #[test]
    fn a_target_is_a_path() {
        check(b"/a?b", &[], None);
        check(b"HTTP://app.localhost/a", &[], None);
        for bad in [&b"*"[..], b"a/b", b"ftp://app.localhost/", b"/\xff"] {
            check(bad, &[], Some(Reject::BadRequest));
        }
    }

    #[test]
    fn a_head_has_an_end() {
        check(b"/", &[("x-a", "b"); 80], None);
        check(b"/", &[("x-a", "b"); 81], Some(Reject::HeadersTooLarge));
        let long = [&b"/"[..], &b"y".repeat(65_000)].concat();
        check(&long, &[], None);
        check(&long, &[("x-a", "b"); 80], None);
        check(
            &long,
            &[("x-some-name", "b"); 80],
            Some(Reject::HeadersTooLarge),
        );
    }
}

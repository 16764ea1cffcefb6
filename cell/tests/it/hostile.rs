//! A token endpoint that is none: told clearly, in bounded memory and time, with nothing reached that
//! should not be, and nothing lost once it is mended.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::source::Slice;

/// The most memory this process has held; each test has one of its own.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.unwrap().trim().trim_end_matches(" kB").parse();
    kib.unwrap()
}

#[tokio::test]
async fn a_token_endpoint_that_is_none_is_told_and_nothing_is_lost() {
    let slice = Slice::start().await;
    let world = slice.ask("/sim/world").await;
    let user = world["users"][0]["email"].as_str().unwrap();
    for (kind, code, said) in [
        (json!("html"), "source_unexpected", "not the expected JSON"),
        // A gibibyte, of which it reads very little.
        (json!("huge"), "source_unexpected", "an answer is too large"),
        // To where a machine tells its own secrets.
        (
            json!("redirect"),
            "source_unexpected",
            "not the expected JSON",
        ),
        (json!("invalid_grant"), "signed_out", "expired or revoked"),
    ] {
        let session = slice.open_session().await;
        let fault = json!({"kind": kind, "times": 1});
        slice
            .order_faults(json!({"user": user, "token": fault}))
            .await;
        let (before, started) = (peak_kib(), Instant::now());
        let refused = session.list_partners().await.unwrap_err();
        assert_eq!(refused.code(), code, "{kind}: {refused}");
        assert!(refused.to_string().contains(said), "{kind}: {refused}");
        assert!(refused.to_string().len() < 500, "{kind}: {refused}");
        assert!(started.elapsed() < Duration::from_secs(10), "{kind}");
        let more = peak_kib() - before;
        assert!(more < 16 << 10, "{kind} took {more} KiB");
        // Once more, as if nothing had been; a consent that has ended needs a person.
        if code != "signed_out" {
            assert!(!session.list_partners().await.unwrap().is_empty(), "{kind}");
        }
    }
}

//! Codes, tokens and the rules they live by.

use std::sync::Arc;

use super::consent::Request;
use super::{Challenge, Code, Grant, SCOPE_REPORTS, Tokens};
use crate::journal::Journal;

fn tokens(seed: u64, access_lifetime_s: i64) -> Tokens {
    Tokens::new(seed, access_lifetime_s, Arc::new(Journal::none()))
}

fn code(challenge: Option<Challenge>) -> Code {
    Code {
        grant: Grant {
            email: "ana@meridian.example".to_owned(),
            client_id: "client".to_owned(),
            scopes: vec![SCOPE_REPORTS.to_owned()],
            id: "grant-1".to_owned(),
        },
        redirect_uri: "http://localhost/cb".to_owned(),
        challenge,
        offline: true,
        expires: 1_600,
    }
}

fn redeem(tokens: &Tokens, code: &str, verifier: Option<&str>, now: i64) -> Result<bool, String> {
    let response = tokens.redeem_code(code, "client", "http://localhost/cb", verifier, now);
    response
        .map(|one| one.refresh_token.is_some())
        .map_err(|error| error.to_string())
}

#[test]
fn a_code_works_once_and_not_after_it_expired() {
    let tokens = tokens(1, 3_599);
    let text = tokens.issue_code(code(None), false);
    assert_eq!(
        redeem(&tokens, &text, None, 1_700),
        Err("invalid_grant: Bad Request".to_owned())
    );
    assert_eq!(redeem(&tokens, &text, None, 1_000), Ok(true));
    assert_eq!(
        redeem(&tokens, &text, None, 1_000),
        Err("invalid_grant: Bad Request".to_owned())
    );
}

#[test]
fn only_the_first_consent_brings_a_refresh_token_unless_consent_is_asked_again() {
    let tokens = tokens(1, 3_599);
    let numbered = |id: &str| {
        let mut next = code(None);
        next.grant.id = id.to_owned();
        next
    };
    let first = tokens.issue_code(numbered("a"), false);
    let second = tokens.issue_code(numbered("b"), false);
    let asked = tokens.issue_code(numbered("c"), true);
    assert_eq!(redeem(&tokens, &first, None, 1_000), Ok(true));
    assert_eq!(redeem(&tokens, &second, None, 1_000), Ok(false));
    assert_eq!(redeem(&tokens, &asked, None, 1_000), Ok(true));
}

/// The example of RFC 7636, appendix B.
#[test]
fn a_challenge_wants_its_verifier() {
    let tokens = tokens(1, 3_599);
    let challenge = Challenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
    let text = tokens.issue_code(code(Some(challenge)), false);
    let said = |verifier| redeem(&tokens, &text, verifier, 1_000).unwrap_err();
    assert_eq!(said(None), "invalid_grant: Missing code verifier.");
    assert_eq!(said(Some("wrong")), "invalid_grant: Invalid code verifier.");
    let right = Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(redeem(&tokens, &text, right, 1_000), Ok(true));
}

#[test]
fn tokens_outlive_a_restart_with_the_same_seed_but_not_revocation() {
    let before = tokens(1, 3_599);
    let text = before.issue_code(code(None), false);
    let issued = before
        .redeem_code(&text, "client", "http://localhost/cb", None, 1_000)
        .unwrap();
    let refresh = issued.refresh_token.unwrap();
    let after = tokens(1, 3_599);
    assert!(after.refresh(&refresh, "client", None, 2_000).is_ok());
    assert!(
        tokens(2, 3_599)
            .refresh(&refresh, "client", None, 2_000)
            .is_err()
    );
    after.revoke(&refresh).unwrap();
    let refused = after.refresh(&refresh, "client", None, 2_000).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "invalid_grant: Token has been expired or revoked."
    );
    assert!(after.find_access(&issued.access_token, 1_001).is_none());
}

#[test]
fn a_scope_that_was_not_granted_cannot_be_refreshed() {
    let tokens = tokens(1, 3_599);
    let text = tokens.issue_code(code(None), false);
    let issued = tokens
        .redeem_code(&text, "client", "http://localhost/cb", None, 1_000)
        .unwrap();
    let refresh = issued.refresh_token.unwrap();
    let refused = tokens
        .refresh(&refresh, "client", Some("openid"), 1_000)
        .unwrap_err();
    assert_eq!(refused.error, "invalid_scope");
}

#[test]
fn an_access_token_expires() {
    let tokens = tokens(1, 60);
    let text = tokens.issue_code(code(None), false);
    let issued = tokens
        .redeem_code(&text, "client", "http://localhost/cb", None, 1_000)
        .unwrap();
    assert!(tokens.find_access(&issued.access_token, 1_059).is_some());
    assert!(tokens.find_access(&issued.access_token, 1_060).is_none());
}

#[test]
fn a_request_without_a_usable_redirect_or_scope_is_never_redirected() {
    let good = Request {
        client_id: "client".to_owned(),
        redirect_uri: "http://localhost/cb".to_owned(),
        response_type: "code".to_owned(),
        scope: SCOPE_REPORTS.to_owned(),
        ..Request::default()
    };
    assert!(good.check(None).is_ok());
    assert!(good.check(Some("other")).is_err());
    assert!(
        Request {
            redirect_uri: "/cb".to_owned(),
            ..good.clone()
        }
        .check(None)
        .is_err()
    );
    assert!(
        Request {
            scope: "everything".to_owned(),
            ..good.clone()
        }
        .check(None)
        .is_err()
    );
    assert!(
        Request {
            response_type: "token".to_owned(),
            ..good
        }
        .check(None)
        .is_err()
    );
}

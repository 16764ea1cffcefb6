//! The outermost gate of the public listener, and the check that a write comes from our own pages.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use contracts::edge::EdgeRequest;
use service_kit::ApiError;

use super::Edge;
use crate::app::App;
use crate::tenancy::OrgScope;

/// Lets a request in if a router signed it for this cell, and notes whose it is.
pub async fn verify(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let headers = request.headers();
    let path_and_query = request
        .uri()
        .path_and_query()
        .map_or("/", |whole| whole.as_str());
    let signed = EdgeRequest {
        method: request.method().as_str(),
        host: text(headers, header::HOST.as_str()).unwrap_or(""),
        path_and_query,
    };
    let now = chrono::Utc::now().timestamp();
    let context = service_kit::edge::verify(app.config.edge_key.bytes(), headers, signed, now)
        .map_err(|error| {
            ApiError::forbidden(
                "not_through_router",
                "this address is reached through the platform's router only",
            )
            .with_source(error)
        })?;
    let org = context
        .org
        .ok_or_else(|| ApiError::not_found("org_not_found", "no org lives at this address"))?;
    request.extensions_mut().insert(Edge {
        scope: OrgScope::vouched(org.org, org.epoch),
        client: context.client,
    });
    Ok(next.run(request).await)
}

/// Refuses a write that another site's page makes the browser send.
pub async fn refuse_cross_site(request: Request, next: Next) -> Result<Response, ApiError> {
    if request.method().is_safe() || is_same_origin(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(ApiError::forbidden(
            "cross_site",
            "this request came from another site",
        ))
    }
}

/// Browsers send `origin` and `sec-fetch-site` with writes; programs send neither and hold no
/// cookie that somebody else could ride on.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let site = text(headers, "sec-fetch-site");
    let site_fits = matches!(site, None | Some("same-origin" | "none"));
    let origin_fits = match text(headers, header::ORIGIN.as_str()) {
        None => !headers.contains_key(header::ORIGIN),
        Some(origin) => {
            let host = text(headers, header::HOST.as_str());
            host.is_some() && origin.split_once("://").map(|(_, host)| host) == host
        }
    };
    site_fits && origin_fits
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl<S: Send + Sync> FromRequestParts<S> for Edge {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let edge = parts.extensions.get::<Self>().copied();
        edge.ok_or_else(|| ApiError::internal("a public route outside the edge gate"))
    }
}

#[cfg(test)]
mod tests {
    //! Which writes count as ours.

    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::is_same_origin;

    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        assert_eq!(is_same_origin(&headers), expected, "{pairs:?}");
    }

    #[test]
    fn only_our_own_pages_and_programs_may_write() {
        let host = ("host", "acme.localhost:8080");
        check(&[host], true);
        check(&[host, ("origin", "http://acme.localhost:8080")], true);
        check(&[host, ("sec-fetch-site", "same-origin")], true);
        check(&[host, ("origin", "http://beta.localhost:8080")], false);
        check(&[host, ("origin", "null")], false);
        check(&[host, ("sec-fetch-site", "same-site")], false);
        check(&[host, ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "http://acme.localhost:8080")], false);
    }
}

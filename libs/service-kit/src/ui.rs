//! The UI bundle: embedded in release builds, read from a folder in development.
//!
//! Hashed assets may be kept for ever; `index.html` never, so that a new version is seen at once.
//! Any other GET is a page of the single-page app.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::error::ApiError;

/// No script, frame or form of anybody else; `connect-src` covers the API and live events.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; \
     form-action 'self'";

const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The fallback of a public router. `folder` wins over what is embedded. Text goes compressed: it
/// is a third of the size, and the first page waits for it.
pub fn routes(folder: Option<PathBuf>) -> Router {
    Router::new()
        .fallback(serve)
        .with_state(Bundle { folder })
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

#[derive(Clone)]
struct Bundle {
    folder: Option<PathBuf>,
}

async fn serve(State(bundle): State<Bundle>, method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.starts_with("api/") && !path.starts_with("assets/") && !path.contains('.');
    if method != Method::GET && method != Method::HEAD {
        return ApiError::not_found("not_found", "there is nothing here").into_response();
    }
    if !path.is_empty()
        && let Some(bytes) = bundle.read(path)
    {
        let forever = path.starts_with("assets/");
        return file(path, bytes, forever);
    }
    if !is_page {
        return ApiError::not_found("not_found", "there is nothing here").into_response();
    }
    match bundle.read("index.html") {
        Some(bytes) => file("index.html", bytes, false),
        None => without_bundle(),
    }
}

impl Bundle {
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return None;
        }
        match &self.folder {
            Some(folder) => std::fs::read(folder.join(path)).ok().map(Cow::Owned),
            None => embedded::read(path),
        }
    }
}

fn file(path: &str, bytes: Cow<'static, [u8]>, forever: bool) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let cache = if forever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut headers = HeaderMap::new();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    (
        headers,
        [
            (header::CONTENT_TYPE, kind.as_ref()),
            (header::CACHE_CONTROL, cache),
        ],
        bytes.into_owned(),
    )
        .into_response()
}

fn without_bundle() -> Response {
    let text = "The user interface is not built. Run `cargo x up`, or `npm run build` in ui/.\n";
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

#[cfg(not(debug_assertions))]
mod embedded {
    //! The bundle inside the binary.

    use std::borrow::Cow;

    #[derive(rust_embed::RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
    #[allow_missing = true]
    struct Dist;

    pub(super) fn read(path: &str) -> Option<Cow<'static, [u8]>> {
        Dist::get(path).map(|file| file.data)
    }
}

#[cfg(debug_assertions)]
mod embedded {
    //! Debug builds embed nothing, so that Rust checks never need npm.

    use std::borrow::Cow;

    pub(super) const fn read(_: &str) -> Option<Cow<'static, [u8]>> {
        None
    }
}

#[cfg(test)]
mod tests;

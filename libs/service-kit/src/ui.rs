//! The UI bundle: embedded in release builds, read from a folder in development.
//!
//! Hashed assets may be kept for ever; `index.html` never, so that a new version is seen at once.
//! Any other GET is a page of the single-page app. The bundle has compressed copies of its files, and
//! a list of what each page will ask for: the answer to the page's address names it, so that the
//! browser fetches it all at once and not one thing after the other.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

mod preload;

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

/// Which part of the bundle a service serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    FrontDoor,
    Org,
}

/// The fallback of a public router. `folder` wins over what is embedded.
pub fn routes(folder: Option<PathBuf>, place: Place) -> Router {
    Router::new()
        .fallback(serve)
        .with_state(Bundle { folder, place })
}

#[derive(Clone)]
struct Bundle {
    folder: Option<PathBuf>,
    place: Place,
}

async fn serve(
    State(bundle): State<Bundle>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.starts_with("api/") && !path.starts_with("assets/") && !path.contains('.');
    if method != Method::GET && method != Method::HEAD {
        return ApiError::not_found("not_found", "there is nothing here").into_response();
    }
    if !path.is_empty()
        && let Some(bytes) = bundle.read_packed(path, &headers)
    {
        let forever = path.starts_with("assets/");
        return file(path, bytes, forever);
    }
    if !is_page {
        return ApiError::not_found("not_found", "there is nothing here").into_response();
    }
    match bundle.read("index.html") {
        Some(bytes) => page(&bundle, &uri, bytes),
        None => without_bundle(),
    }
}

/// The app itself, with what the page at this address will ask for.
fn page(bundle: &Bundle, uri: &Uri, bytes: Cow<'static, [u8]>) -> Response {
    let mut response = file("index.html", (bytes, None), false);
    let listed = bundle.read("preload.json");
    let links = listed.and_then(|listed| preload::links(&listed, bundle.place, uri));
    if let Some(links) = links {
        response.headers_mut().insert(header::LINK, links);
    }
    response
}

/// A file's bytes and, where they are compressed, how.
type Packed = (Cow<'static, [u8]>, Option<&'static str>);

/// How the bundle's copies are compressed, the smaller first.
const PACKINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

impl Bundle {
    /// The smallest copy that the browser takes.
    fn read_packed(&self, path: &str, headers: &HeaderMap) -> Option<Packed> {
        let taken = headers.get(header::ACCEPT_ENCODING);
        let taken = taken.and_then(|value| value.to_str().ok()).unwrap_or("");
        let takes = |name: &str| taken.split(',').any(|one| one.trim() == name);
        let packed = PACKINGS.into_iter().find_map(|(name, ending)| {
            let bytes = takes(name).then(|| self.read(&format!("{path}.{ending}")))??;
            Some((bytes, Some(name)))
        });
        packed.or_else(|| Some((self.read(path)?, None)))
    }

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

fn file(path: &str, (bytes, packing): Packed, forever: bool) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let cache = if forever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut headers = HeaderMap::new();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(packing) = packing {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing));
    }
    (
        headers,
        [
            (header::CONTENT_TYPE, kind.as_ref()),
            (header::CACHE_CONTROL, cache),
            (header::VARY, "accept-encoding"),
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

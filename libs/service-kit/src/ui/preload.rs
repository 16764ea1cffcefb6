//! What a page will ask for, as a `Link` header. The list is made with the bundle (`preload.json`):
//! by address the files of the page's code, and what it asks the API first.

use axum::http::{HeaderValue, Uri};
use serde::Deserialize;

use super::Place;

#[derive(Debug, Deserialize)]
struct List {
    front_door: Side,
    org: Side,
}

#[derive(Debug, Deserialize)]
struct Side {
    /// What every page asks first.
    always: Vec<String>,
    /// The first that fits is the page's.
    pages: Vec<Page>,
}

#[derive(Debug, Deserialize)]
struct Page {
    /// `$name` stands for any one part.
    path: String,
    files: Vec<String>,
    /// Only of the address without a query, which would change what is asked.
    requests: Vec<String>,
}

impl Page {
    fn fits(&self, path: &str) -> bool {
        let parts = |path: &str| path.matches('/').count();
        let mut both = self.path.split('/').zip(path.split('/'));
        parts(&self.path) == parts(path)
            && both.all(|(own, asked)| own == asked || (own.starts_with('$') && !asked.is_empty()))
    }
}

/// A list that cannot be read is no reason not to answer.
pub(super) fn links(list: &[u8], place: Place, uri: &Uri) -> Option<HeaderValue> {
    let list: List = serde_json::from_slice(list).ok()?;
    let side = match place {
        Place::FrontDoor => list.front_door,
        Place::Org => list.org,
    };
    let page = side.pages.iter().find(|page| page.fits(uri.path()));
    let files = page.into_iter().flat_map(|page| &page.files);
    let asked = page.filter(|_| uri.query().is_none());
    let asked = asked.into_iter().flat_map(|page| &page.requests);
    let links: Vec<String> = files
        .map(|file| of_file(file))
        .chain(side.always.iter().chain(asked).map(|path| of_request(path)))
        .collect();
    if links.is_empty() {
        return None;
    }
    HeaderValue::from_str(&links.join(", ")).ok()
}

fn of_file(file: &str) -> String {
    match file.rsplit_once('.') {
        Some((_, "css")) => format!("</{file}>; rel=preload; as=style"),
        _ => format!("</{file}>; rel=modulepreload"),
    }
}

/// Asked as the app itself asks: with the cookie of this very host.
fn of_request(path: &str) -> String {
    format!("<{path}>; rel=preload; as=fetch; crossorigin")
}

//! Paging as both APIs do it: a bounded page size and an opaque token that only fits the list it
//! was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;
use crate::faults::PageFault;
use crate::params::Params;
use crate::world::mix;

const DEFAULT_SIZE: i32 = 100;

#[derive(Debug)]
pub(crate) struct Page {
    size: usize,
    offset: usize,
    list: u64,
    /// The next token leads to this same page again.
    repeats: bool,
}

impl Page {
    /// `list` names everything that decides what the list holds and in which order; a token made
    /// for another list is refused.
    pub(crate) fn read(
        params: &Params,
        largest: i32,
        list: &str,
        fault: Option<PageFault>,
    ) -> Result<Self, Error> {
        let size = match params.int32("pageSize")? {
            None | Some(0) => DEFAULT_SIZE,
            Some(size) if (1..=largest).contains(&size) => size,
            Some(_) => return Err(Error::invalid()),
        };
        let list = mix::text(list);
        let offset = match params.get("pageToken") {
            None => 0,
            Some(_) if fault == Some(PageFault::TokenRefused) => return Err(Error::invalid()),
            Some(token) => open_token(token, list).ok_or_else(Error::invalid)?,
        };
        Ok(Self {
            size: usize::try_from(size).unwrap_or(1),
            offset,
            list,
            repeats: fault == Some(PageFault::RepeatedToken),
        })
    }

    /// The page, and the token of the next one if anything is left.
    pub(crate) fn cut<T>(&self, items: Vec<T>) -> (Vec<T>, Option<String>) {
        let end = self.offset + self.size;
        let to = if self.repeats { self.offset } else { end };
        let next = (items.len() > end).then(|| seal_token(to, self.list));
        (
            items
                .into_iter()
                .skip(self.offset)
                .take(self.size)
                .collect(),
            next,
        )
    }
}

fn seal_token(offset: usize, list: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{offset}.{list:016x}"))
}

fn open_token(token: &str, list: u64) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (offset, made_for) = text.split_once('.')?;
    (made_for == format!("{list:016x}")).then(|| offset.parse().ok())?
}

//! Files that come to us: an upload or a folder's file goes to bronze and becomes a sync that begins
//! at loading. The same bytes for the same pipeline are one delivery, however often they come.

use contracts::{BronzeId, ConnectionId, SyncId};

use super::bronze::{self, Stored};
use super::connectors::file_drop;
use super::pipelines::spec::Source;
use super::pipelines::{self, Effective};
use super::sync::{self, Starter, Sync};
use crate::connections;
use crate::tenancy::{self, OrgTx};

pub mod folder;

pub mod http;

pub mod scan;

mod store;

/// A file whose bytes are in bronze.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery<'a> {
    pub(crate) connection_id: ConnectionId,
    pub(crate) name: &'a str,
    pub(crate) starter: Starter,
    pub(crate) stored: Stored,
}

impl Delivery<'_> {
    /// How it came.
    const fn origin(&self) -> &'static str {
        match self.starter {
            Starter::Folder => "folder",
            _ => "upload",
        }
    }
}

/// What is known of a delivery from before.
struct Known {
    bronze_id: BronzeId,
    sync_id: SyncId,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such connection")]
    NotFound,
    #[error("this connection is asked for its data; nothing is delivered to it")]
    NotADrop,
    #[error("the file's name is refused: {0}")]
    Name(&'static str),
    #[error("no pipeline that is on takes a file of this name")]
    NobodyTakesIt,
    #[error("{0} and {1} both take a file of this name; say which")]
    SeveralTakeIt(String, String),
    #[error("the pipeline does not take files of this name (its name_pattern is {0:?})")]
    NotOfPipeline(String),
    #[error("there is no such pipeline of delivered files, or it is off")]
    NoPipeline,
    #[error("the file is refused: {0}")]
    Kind(&'static str),
    #[error("a file has at most {} MiB here; put a larger one into the folder", .0 >> 20)]
    TooLarge(u64),
    #[error("the upload broke off")]
    BrokenOff,
    #[error(transparent)]
    Bronze(#[from] bronze::Error),
    #[error(transparent)]
    Tenancy(#[from] tenancy::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Tenancy(error.into())
    }
}

/// The pipeline that takes a file of this name: the one that is named, or the only one whose pattern
/// fits.
pub(crate) async fn find_taker(
    tx: &mut OrgTx,
    connection_id: ConnectionId,
    name: &str,
    wanted: Option<&str>,
) -> Result<Effective, Error> {
    match connections::find_connector(tx, connection_id).await? {
        None => return Err(Error::NotFound),
        Some(connector) if connector != file_drop::NAME => return Err(Error::NotADrop),
        Some(_) => {}
    }
    file_drop::is_inside(name).map_err(Error::Name)?;
    let takers = pipelines::list_enabled(tx, file_drop::NAME).await?;
    if let Some(wanted) = wanted {
        let named = takers.into_iter().find(|one| one.spec.pipeline == wanted);
        let named = named.ok_or(Error::NoPipeline)?;
        let pattern = pattern_of(&named).to_owned();
        let fits = file_drop::matches(&pattern, name);
        return fits.then_some(named).ok_or(Error::NotOfPipeline(pattern));
    }
    choose_taker(takers, name)
}

fn choose_taker(takers: Vec<Effective>, name: &str) -> Result<Effective, Error> {
    let mut fitting = takers
        .into_iter()
        .filter(|one| file_drop::matches(pattern_of(one), name));
    let first = fitting.next().ok_or(Error::NobodyTakesIt)?;
    match fitting.next() {
        None => Ok(first),
        Some(other) => Err(Error::SeveralTakeIt(
            first.spec.pipeline,
            other.spec.pipeline,
        )),
    }
}

fn pattern_of(pipeline: &Effective) -> &str {
    match &pipeline.spec.source {
        Source::FileDrop { file } => &file.name_pattern,
        Source::Dv360 { .. } => "",
    }
}

/// Enters the file and starts its sync. What came before is answered with the sync it had, unless
/// that came to nothing: then it is read again, as the pipeline says by now.
pub(crate) async fn deliver(
    tx: &mut OrgTx,
    delivery: &Delivery<'_>,
    taker: &Effective,
) -> Result<Sync, Error> {
    let pipeline = taker.spec.pipeline.as_str();
    store::lock(tx, delivery.connection_id).await?;
    let known = store::find(tx, delivery, pipeline).await?;
    if let Some(known) = &known
        && let Some(sync) = sync::store::find(tx, known.sync_id).await?
        && (!sync.record.state.over() || sync.record.state.done())
    {
        return Ok(sync);
    }
    let file = sync::DeliveredFile {
        connection_id: delivery.connection_id,
        name: delivery.name,
        stored: delivery.stored,
        starter: delivery.starter,
    };
    let (sync, bronze_id) = sync::deliver(tx, &file, taker).await?;
    let known = Known {
        bronze_id,
        sync_id: sync.sync_id,
    };
    store::put(tx, delivery, pipeline, &known).await?;
    Ok(sync)
}

/// What the first bytes say a file is not: text that can be read line by line.
pub(crate) fn refuse_kind(first: &[u8]) -> Result<(), Error> {
    const KINDS: [(&[u8], &str); 9] = [
        (
            b"PK\x03\x04",
            "workbooks (XLSX) and archives cannot be read by this version; deliver CSV",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "workbooks (XLS) cannot be read by this version; deliver CSV",
        ),
        (
            b"\x1f\x8b",
            "compressed files cannot be read by this version; deliver CSV",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "compressed files cannot be read by this version; deliver CSV",
        ),
        (
            b"BZh",
            "compressed files cannot be read by this version; deliver CSV",
        ),
        (
            b"7z\xbc\xaf",
            "archives cannot be read by this version; deliver CSV",
        ),
        (b"\xff\xfe", "the file is in UTF-16; deliver UTF-8"),
        (b"\xfe\xff", "the file is in UTF-16; deliver UTF-8"),
        (b"%PDF", "this is a document; deliver CSV"),
    ];
    if first.is_empty() {
        return Err(Error::Kind("it is empty"));
    }
    let found = KINDS.iter().find(|(start, _)| first.starts_with(start));
    found.map_or(Ok(()), |(_, reason)| Err(Error::Kind(reason)))
}

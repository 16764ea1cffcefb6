//! Bronze: the exact bytes a source sent, compressed, named by the hash of what they were before.
//!
//! Nothing here is ever changed or shared between orgs. Storing the same bytes again stores nothing,
//! so a step that crashed behind it can simply be repeated.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use contracts::OrgId;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt};
use ring::digest::{Context, SHA256};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use url::Url;

const CHUNK_BYTES: usize = 1 << 16;
/// Each read of a file is a hop to another thread.
const READ_BYTES: usize = 1 << 20;
/// The fastest: files of figures do not get smaller by the next ones.
const COMPRESSION_LEVEL: i32 = 1;
/// What is held of a file on its way into the store: the smallest that S3's protocol allows, and few,
/// because a disk that is slow lets them pile up in memory.
const PART_BYTES: usize = 5 << 20;
const PARTS_UNDER_WAY: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("raw files can be kept in a folder (file:///…) only, not at {0}")]
    Address(Url),
    #[error("the store of raw files failed")]
    Store(#[from] object_store::Error),
    #[error("a raw file cannot be read or written")]
    Io(#[from] io::Error),
}

impl Error {
    /// The file is not there, and will not be.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }
}

/// What was stored, as the manifest has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub sha256: [u8; 32],
    /// Before compression.
    pub bytes: u64,
}

#[derive(Debug)]
pub struct Bronze {
    folder: PathBuf,
    store: OnceLock<Arc<dyn ObjectStore>>,
}

impl Bronze {
    /// The folder is made when the first file is put into it.
    pub fn open(url: &Url) -> Result<Self, Error> {
        let folder = url
            .to_file_path()
            .map_err(|()| Error::Address(url.clone()))?;
        Ok(Self {
            folder,
            store: OnceLock::new(),
        })
    }

    fn store(&self) -> Result<Arc<dyn ObjectStore>, Error> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        std::fs::create_dir_all(&self.folder)?;
        // On disk before the database says that it is there.
        let folder = LocalFileSystem::new_with_prefix(&self.folder)?.with_fsync(true);
        let store: Arc<dyn ObjectStore> = Arc::new(folder);
        Ok(Arc::clone(self.store.get_or_init(|| store)))
    }

    pub async fn put_bytes(&self, org: OrgId, bytes: Vec<u8>) -> Result<Stored, Error> {
        let (stored, compressed) = blocking(move || compress(&bytes[..])).await?;
        self.put(org, stored, compressed).await
    }

    /// From where it stands to its end.
    pub async fn put_reader(
        &self,
        org: OrgId,
        input: impl Read + Send + 'static,
    ) -> Result<Stored, Error> {
        let (stored, compressed) = blocking(move || compress(input)).await?;
        self.put(org, stored, compressed).await
    }

    pub async fn put_file(&self, org: OrgId, file: &Path) -> Result<Stored, Error> {
        let file = file.to_owned();
        let (stored, compressed) = blocking(move || compress(File::open(file)?)).await?;
        self.put(org, stored, compressed).await
    }

    async fn put(&self, org: OrgId, stored: Stored, compressed: File) -> Result<Stored, Error> {
        let key = key(org, &stored.sha256);
        let store = self.store()?;
        match store.head(&key).await {
            Ok(_) => return Ok(stored),
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let reader = tokio::fs::File::from_std(compressed);
        let mut reader = tokio::io::BufReader::with_capacity(READ_BYTES, reader);
        let mut writer =
            BufWriter::with_capacity(store, key, PART_BYTES).with_max_concurrency(PARTS_UNDER_WAY);
        tokio::io::copy_buf(&mut reader, &mut writer).await?;
        writer.shutdown().await?;
        Ok(stored)
    }

    /// Takes the bytes away, if they are there.
    pub async fn remove(&self, org: OrgId, sha256: &[u8; 32]) -> Result<(), Error> {
        match self.store()?.delete(&key(org, sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes again, fetched and decompressed while they are read. To be read on a thread that
    /// may block, while the runtime goes on.
    pub async fn read(
        &self,
        org: OrgId,
        sha256: &[u8; 32],
    ) -> Result<impl io::BufRead + Send + 'static, Error> {
        let object = self.store()?.get(&key(org, sha256)).await?;
        let input: Box<dyn Read + Send> = match object.payload {
            GetResultPayload::File(file, _) => Box::new(file),
            GetResultPayload::Stream(chunks) => Box::new(Chunks::of(chunks)),
        };
        let decoder = zstd::Decoder::new(input)?;
        Ok(BufReader::with_capacity(CHUNK_BYTES, decoder))
    }
}

/// A stream of chunks as something that can be read, a few chunks ahead.
struct Chunks {
    arriving: mpsc::Receiver<Result<Bytes, object_store::Error>>,
    chunk: Bytes,
}

impl Chunks {
    fn of(mut chunks: BoxStream<'static, Result<Bytes, object_store::Error>>) -> Self {
        let (sender, arriving) = mpsc::channel(2);
        tokio::spawn(async move {
            while let Some(chunk) = chunks.next().await {
                // Nobody reads on: the load was given up.
                if sender.send(chunk).await.is_err() {
                    return;
                }
            }
        });
        Self {
            arriving,
            chunk: Bytes::new(),
        }
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.arriving.blocking_recv() {
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let length = self.chunk.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

/// No deduplication across orgs: the org is part of the name.
fn key(org: OrgId, sha256: &[u8; 32]) -> Key {
    Key::from(format!("org/{org}/{}.zst", hex::encode(sha256)))
}

/// Hashes what goes in and leaves what comes out in an unnamed file, read from its start.
fn compress(mut input: impl Read) -> Result<(Stored, File), Error> {
    let mut output = zstd::Encoder::new(tempfile::tempfile()?, COMPRESSION_LEVEL)?;
    output.include_checksum(true)?;
    let mut hash = Context::new(&SHA256);
    let mut bytes = 0;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = input.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        hash.update(&chunk[..read]);
        io::Write::write_all(&mut output, &chunk[..read])?;
        bytes += read as u64;
    }
    let mut file = output.finish()?;
    io::Seek::rewind(&mut file)?;
    let sha256 = hash.finish().as_ref().try_into();
    let sha256 = sha256.expect("SHA-256 has 32 bytes");
    Ok((Stored { sha256, bytes }, file))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| Error::Io(io::Error::other(panic)))?
}

#[cfg(test)]
mod tests {
    //! What goes in comes out, once.

    use std::io::Read;

    use contracts::OrgId;
    use url::Url;

    use super::Bronze;

    /// What comes in chunks is read in pieces of any size.
    #[tokio::test]
    async fn chunks_are_read_as_one_text() {
        let chunks = ["a", "", "bcd", "ef"].map(|text| Ok(text.into()));
        let mut reader = super::Chunks::of(Box::pin(futures::stream::iter(chunks)));
        let read = move || {
            let (mut text, mut two) = (Vec::new(), [0; 2]);
            loop {
                match reader.read(&mut two).unwrap() {
                    0 => return text,
                    length => text.extend_from_slice(&two[..length]),
                }
            }
        };
        let text = tokio::task::spawn_blocking(read).await.unwrap();
        assert_eq!(text, b"abcdef");
    }

    #[tokio::test]
    async fn the_exact_bytes_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let url = Url::from_directory_path(folder.path().join("bronze")).unwrap();
        let bronze = Bronze::open(&url).unwrap();
        let (org, other) = (OrgId::new(), OrgId::new());
        let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let stored = bronze.put_bytes(org, bytes.clone()).await.unwrap();
        assert_eq!(stored.bytes, bytes.len() as u64);
        assert_eq!(bronze.put_bytes(org, bytes.clone()).await.unwrap(), stored);
        let mut read = Vec::new();
        let mut reader = bronze.read(org, &stored.sha256).await.unwrap();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
        assert!(
            bronze.read(other, &stored.sha256).await.is_err(),
            "an org has only its own"
        );
    }
}

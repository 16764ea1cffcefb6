//! Takes what the parser reads into the database while it reads on: into the stage, or from there
//! straight to where it belongs.
//!
//! A file that is in order already, of days nobody has loaded, need not wait in the stage and be
//! sorted there: its rows go into silver batch by batch, and the transaction is given up if the file
//! turns out wrong. The first row out of order, or day that is known, ends that; what comes then
//! waits, and is sorted and put in place of what is there once the file is proven.

use std::collections::BTreeSet;
use std::io::BufRead;

use chrono::NaiveDate;
use tokio::sync::mpsc;

use super::stage::{Chunk, Stage};
use super::{Error, File, Landed, Load, store};
use crate::ingestion::connector::{Fact, FileError};
use crate::ingestion::silver::days;
use crate::tenancy::OrgTx;

/// As many rows as fit into Postgres' memory for temporary tables, so that a batch is never written
/// to disk on its way.
const BATCH_BYTES: usize = 4 << 20;
/// Read ahead while the database is busy with a batch: about the next one.
const CHUNKS: usize = BATCH_BYTES / super::stage::CHUNK_BYTES;

/// Where the rows of a file go before it is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Stage,
    /// Into silver as far as that is possible.
    Straight,
}

/// Reads and proves a file. What is not in silver by then is in the stage. After a refusal the
/// transaction is of no more use.
pub(super) async fn receive(
    tx: &mut OrgTx,
    mut file: File<impl BufRead + Send + 'static>,
    load: &Load,
    way: Way,
) -> Result<Result<Landed, FileError>, Error> {
    let (sender, mut chunks) = mpsc::channel(CHUNKS);
    let mut stage = Stage::new(&load.scope, sender);
    let parsing = tokio::task::spawn_blocking(move || {
        let mut push = |fact: &Fact<'_>| stage.push(fact);
        let (spec, request) = (&file.spec, &file.request);
        let read =
            file.connector
                .read_report(&mut file.input, spec, request, file.bytes, &mut push);
        stage.finish(read?).map_err(|message| FileError {
            code: "file_refused",
            message,
            ..FileError::default()
        })
    });
    store::create_stage(tx).await?;
    let mut batches = Batches {
        way,
        locked: false,
        placed: BTreeSet::new(),
    };
    let (copy, last) = loop {
        let mut copy = store::copy_into_stage(tx).await?;
        let batch = batches.fill(&mut copy, &mut chunks).await?;
        if batch.last {
            break (copy, batch);
        }
        copy.finish().await?;
        batches.place(tx, load, batch).await?;
    };
    match parsing.await? {
        Ok(mut landed) => {
            copy.finish().await?;
            // A small file need not lock anything yet.
            if !batches.placed.is_empty() && batches.way == Way::Straight {
                batches.place(tx, load, last).await?;
            }
            landed.placed = batches.placed;
            Ok(Ok(landed))
        }
        Err(refused) => {
            copy.abort("the file was refused").await?;
            Ok(Err(refused))
        }
    }
}

struct Batches {
    way: Way,
    locked: bool,
    /// Days with rows in silver.
    placed: BTreeSet<(String, NaiveDate)>,
}

/// What is in the stage and may leave it.
struct Batch {
    in_order: bool,
    bytes: usize,
    /// The file is over.
    last: bool,
    /// The days that begin in it.
    days: Vec<(String, NaiveDate)>,
}

impl Batches {
    /// Up to a batch, or to the end of the file.
    async fn fill(
        &self,
        copy: &mut store::IntoStage<'_>,
        chunks: &mut mpsc::Receiver<Chunk>,
    ) -> Result<Batch, sqlx::Error> {
        let mut batch = Batch {
            in_order: true,
            bytes: 0,
            last: false,
            days: Vec::new(),
        };
        while let Some(chunk) = chunks.recv().await {
            batch.bytes += chunk.bytes.len();
            copy.send(chunk.bytes).await?;
            if self.way == Way::Straight {
                batch.in_order &= chunk.in_order;
                batch.days.extend(chunk.days);
                if batch.bytes >= BATCH_BYTES {
                    return Ok(batch);
                }
            }
        }
        batch.last = true;
        Ok(batch)
    }

    /// Empties the stage into silver, if that may be; else everything stays in it from now on.
    async fn place(
        &mut self,
        tx: &mut OrgTx,
        load: &Load,
        batch: Batch,
    ) -> Result<(), sqlx::Error> {
        // Where somebody else has the lock, there is time until the file is read.
        self.locked = self.locked || store::try_lock(tx, &load.dataset, &load.dsp).await?;
        let may = batch.in_order && self.locked && !days::knows_any(tx, load, &batch.days).await?;
        if !may {
            self.way = Way::Stage;
            return Ok(());
        }
        store::place_staged(tx, load).await?;
        self.placed.extend(batch.days);
        Ok(())
    }
}

//! Deleted cells. Their data is set aside first and removed only by `purge`, so that a deletion
//! can be taken back. A deletion is announced in the cell's folder before anything moves: after a
//! crash in the middle, the next run finishes it.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::files;
use super::layout::Layout;
use crate::driver::{CellName, CellSpec, DeletedCell};

const NOTE: &str = "deleted.json";
const REMEDY: &str = "it says which cell this was: restore it, or remove its folder";

/// `deleted.json`, in the cell's folder and later in the trash.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    spec: CellSpec,
    /// Name of the folder in the trash, and of the cluster beside the others.
    place: String,
    deleted_at_unix: u64,
}

/// Sets the data of a stopped cell aside.
pub(super) fn delete(layout: &Layout, spec: &CellSpec) -> Result<DeletedCell, files::Error> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let note = Note {
        spec: spec.clone(),
        place: format!("{}-{now}", spec.name),
        deleted_at_unix: u64::try_from(now / 1000).unwrap_or_default(),
    };
    files::write_json(&layout.cell(&spec.name).join(NOTE), &note, 0o600)?;
    finish(layout, &note)
}

/// The cluster first: a cell whose folder is gone is gone, whatever became of the rest.
fn finish(layout: &Layout, note: &Note) -> Result<DeletedCell, files::Error> {
    let cluster = layout.cluster(note.spec.name.as_str());
    if cluster.exists() {
        files::rename(&cluster, &deleted_cluster(layout, note))?;
    }
    let folder = layout.trash().join(&note.place);
    files::rename(&layout.cell(&note.spec.name), &folder)?;
    Ok(deleted(layout, note))
}

pub(super) fn finish_deletions(layout: &Layout) -> Result<(), files::Error> {
    for folder in files::list_folders(&layout.cells())? {
        if let Some(note) = files::read_json::<Note>(&folder.join(NOTE), REMEDY)? {
            finish(layout, &note)?;
        }
    }
    Ok(())
}

pub(super) fn list(layout: &Layout) -> Result<Vec<DeletedCell>, files::Error> {
    Ok(notes(layout)?
        .iter()
        .map(|note| deleted(layout, note))
        .collect())
}

/// Puts the newest deleted cell of this name back where it was.
pub(super) fn restore(layout: &Layout, name: &CellName) -> Result<Option<CellSpec>, files::Error> {
    let newest = notes(layout)?
        .into_iter()
        .filter(|note| note.spec.name == *name)
        .max_by_key(|note| note.place.clone());
    let Some(note) = newest else {
        return Ok(None);
    };
    let cluster = deleted_cluster(layout, &note);
    if cluster.exists() {
        files::rename(&cluster, &layout.cluster(name.as_str()))?;
    }
    // The note goes last: after a crash in between, the deletion is simply finished again.
    let folder = layout.cell(name);
    files::rename(&layout.trash().join(&note.place), &folder)?;
    files::remove_file(&folder.join(NOTE))?;
    Ok(Some(note.spec))
}

pub(super) fn purge(layout: &Layout) -> Result<Vec<DeletedCell>, files::Error> {
    let notes = notes(layout)?;
    for note in &notes {
        files::remove_folder(&deleted_cluster(layout, note))?;
        files::remove_folder(&layout.trash().join(&note.place))?;
    }
    Ok(notes.iter().map(|note| deleted(layout, note)).collect())
}

fn notes(layout: &Layout) -> Result<Vec<Note>, files::Error> {
    let mut notes = Vec::new();
    for folder in files::list_folders(&layout.trash())? {
        notes.extend(files::read_json::<Note>(&folder.join(NOTE), REMEDY)?);
    }
    Ok(notes)
}

/// Beside the clusters, not in the trash: those may be on another disk. Hidden, so that it is
/// never taken for a cluster in use.
fn deleted_cluster(layout: &Layout, note: &Note) -> PathBuf {
    layout.cluster(&format!(".deleted-{}", note.place))
}

fn deleted(layout: &Layout, note: &Note) -> DeletedCell {
    DeletedCell {
        spec: note.spec.clone(),
        kept_in: layout.trash().join(&note.place).display().to_string(),
    }
}

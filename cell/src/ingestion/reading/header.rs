//! From the header to the places of the spec's columns, and what the contract says to differences.

use super::records::Record;
use super::{Change, Drift, Error};
use crate::ingestion::pipelines::spec::{Column, Drift as Action, Spec};

/// A column of the spec and where the file has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'s> {
    pub(super) column: &'s Column,
    pub(super) index: usize,
    pub(super) field: usize,
}

#[derive(Debug)]
pub(super) struct Layout<'s> {
    /// In the order of the spec.
    pub(super) bound: Vec<Bound<'s>>,
    /// Columns the spec does not know and the contract lets in.
    pub(super) kept: Vec<(usize, String)>,
    /// All columns the spec does not know.
    pub(super) new: Vec<String>,
    pub(super) width: usize,
    pub(super) drifts: Vec<Drift>,
}

impl Drift {
    /// For people.
    pub(crate) fn words(&self) -> String {
        let column = &self.column;
        match &self.change {
            Change::New => format!("the header has the unknown column {column:?}"),
            Change::Missing => format!("the header lacks the column {column:?}"),
            Change::Retyped { cells, line, text } => {
                format!("line {line}: {text:?} in column {column:?} ({cells} cells like it)")
            }
            Change::RenamedSuspected { header } => format!(
                "the header lacks the column {column:?} and has the unknown column {header:?}, \
                 which may be its new name"
            ),
        }
    }
}

pub(super) fn bind<'s>(spec: &'s Spec, header: Record<'_>) -> Result<Layout<'s>, Error> {
    let mut places: Vec<Option<usize>> = vec![None; spec.columns.len()];
    let mut new: Vec<(usize, String)> = Vec::new();
    for (field, name) in header.fields().enumerate() {
        let named = |column: &Column| column.headers.iter().any(|known| known == name);
        let twice = match spec.columns.iter().position(named) {
            Some(at) => places[at].replace(field).is_some(),
            None => {
                let twice = new.iter().any(|(_, known)| known == name);
                new.push((field, name.to_owned()));
                twice
            }
        };
        if twice {
            return Err(Error::ColumnTwice(name.to_owned()));
        }
    }
    let mut layout = Layout {
        bound: Vec::new(),
        kept: Vec::new(),
        new: new.iter().map(|(_, name)| name.clone()).collect(),
        width: header.len(),
        drifts: Vec::new(),
    };
    let mut missing = Vec::new();
    for (index, (column, place)) in spec.columns.iter().zip(places).enumerate() {
        match place {
            Some(field) => layout.bound.push(Bound {
                column,
                index,
                field,
            }),
            None => missing.push((index, column)),
        }
    }
    note_missing(spec, &mut layout, &missing, &mut new);
    note_new(spec, &mut layout, new);
    if layout
        .drifts
        .iter()
        .any(|one| one.action == Action::Quarantine)
    {
        return Err(Error::Drifted {
            line: header.line,
            drifts: layout.drifts,
        });
    }
    Ok(layout)
}

/// A column that went while another came in its place has most likely a new name. Nobody but a
/// person can say so.
fn note_missing(
    spec: &Spec,
    layout: &mut Layout<'_>,
    missing: &[(usize, &Column)],
    new: &mut Vec<(usize, String)>,
) {
    let only = missing.len() == 1 && new.len() == 1;
    for (index, column) in missing {
        let name = column.name.clone();
        let heir = new.iter().position(|(field, _)| only || field == index);
        layout.drifts.push(match heir {
            Some(at) => Drift {
                column: name,
                change: Change::RenamedSuspected {
                    header: new.remove(at).1,
                },
                action: Action::Quarantine,
            },
            None => Drift {
                column: name,
                change: Change::Missing,
                action: match column.required {
                    true => Action::Quarantine,
                    false => spec.contract.missing_column,
                },
            },
        });
    }
}

fn note_new(spec: &Spec, layout: &mut Layout<'_>, new: Vec<(usize, String)>) {
    let action = spec.contract.new_column;
    for (field, column) in new {
        layout.drifts.push(Drift {
            column: column.clone(),
            change: Change::New,
            action,
        });
        if action == Action::Evolve {
            layout.kept.push((field, column));
        }
    }
}

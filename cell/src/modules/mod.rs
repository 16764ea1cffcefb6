//! Product areas inside a cell. Each reads silver and answers one kind of question about it.

pub mod pacing;

pub mod taxonomy;

//! `cellctl cells restore`: takes back the last deletion of a cell.

use anyhow::Result;
use clap::Args;

use super::{Asked, print};
use crate::driver::CellName;

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The cell's name, such as cell-1
    name: CellName,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &RestoreArgs) -> Result<()> {
    let client = args.asked.place.open()?;
    let restored = client.restore_cell(&args.name, |step| print::step(&step));
    let cell = restored.await?;
    if args.asked.json {
        return print::json(&cell);
    }
    print::out(&print::cell(&cell, None));
    Ok(())
}

//! `cellctl cells show`: everything about one cell.

use anyhow::{Result, bail};
use clap::Args;

use super::{Asked, print};
use crate::driver::CellName;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The cell's name, such as cell-1
    name: CellName,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &ShowArgs) -> Result<()> {
    let cells = args.asked.place.open()?.list_cells().await?;
    let Some(cell) = cells.iter().find(|found| found.cell.spec.name == args.name) else {
        bail!(
            "there is no cell {}; `cellctl cells list` shows all",
            args.name
        );
    };
    if args.asked.json {
        return print::json(cell);
    }
    print::out(&print::cell(&cell.cell, cell.orgs));
    Ok(())
}

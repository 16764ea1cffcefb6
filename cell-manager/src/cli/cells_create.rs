//! `cellctl cells create`: adds a cell to the running platform.

use anyhow::Result;
use clap::Args;

use super::{Asked, print};
use crate::driver::CellName;
use crate::local::client::CreateCell;

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// [default: the first free of cell-1, cell-2, …]
    #[arg(long)]
    name: Option<CellName>,
    /// How many orgs may be placed there [default: 100]
    #[arg(long, value_name = "ORGS", value_parser = clap::value_parser!(u32).range(1..))]
    capacity: Option<u32>,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &CreateArgs) -> Result<()> {
    let client = args.asked.place.open()?;
    let wish = CreateCell {
        name: args.name.clone(),
        capacity_orgs: args.capacity,
    };
    let cell = client.create_cell(&wish, |step| print::step(&step)).await?;
    if args.asked.json {
        return print::json(&cell);
    }
    print::out(&print::cell(&cell, None));
    Ok(())
}

//! `cellctl cells list`: one line per cell.

use anyhow::Result;
use clap::Args;

use super::{Asked, print};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    asked: Asked,
    /// The deleted ones whose data is still kept
    #[arg(long)]
    deleted: bool,
}

pub(super) async fn run(args: &ListArgs) -> Result<()> {
    let client = args.asked.place.open()?;
    if args.deleted {
        let deleted = client.list_deleted().await?;
        if args.asked.json {
            return print::json(&deleted);
        }
        let mut rows = vec![print::row(&[&"NAME", &"ID", &"KEPT IN"])];
        rows.extend(
            deleted
                .iter()
                .map(|cell| print::row(&[&cell.spec.name, &cell.spec.cell_id, &cell.kept_in])),
        );
        print::out(&print::table(&rows));
        return Ok(());
    }
    let cells = client.list_cells().await?;
    if args.asked.json {
        return print::json(&cells);
    }
    let mut rows = vec![print::row(&[
        &"NAME",
        &"STATE",
        &"ORGS",
        &"CAPACITY",
        &"ID",
    ])];
    rows.extend(cells.iter().map(|found| {
        let state = print::cell_state(found.cell.state);
        let orgs = print::or_dash(found.orgs);
        let spec = &found.cell.spec;
        print::row(&[
            &spec.name,
            &state,
            &orgs,
            &spec.capacity_orgs,
            &spec.cell_id,
        ])
    }));
    print::out(&print::table(&rows));
    Ok(())
}

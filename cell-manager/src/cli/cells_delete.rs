//! `cellctl cells delete`: removes a cell that serves no org. Its data is kept until `purge`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::{Asked, print};
use crate::driver::CellName;

#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// The cell's name, such as cell-1
    name: CellName,
    /// Don't ask
    #[arg(long)]
    yes: bool,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &DeleteArgs) -> Result<ExitCode> {
    let client = args.asked.place.open()?;
    let spec = client.check_deletion(&args.name).await?;
    if args.dry_run {
        if args.asked.json {
            print::json(&spec)?;
        } else {
            print::out(&format!("{} would be deleted: it serves no org", spec.name));
            print::out("its data would be kept until `cellctl cells purge`; nothing was changed");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let question = format!("This stops {} and takes it out of the fleet.", spec.name);
    if !args.yes && !print::confirm(&question, spec.name.as_str())? {
        print::err("nothing was changed; --yes deletes without asking");
        return Ok(ExitCode::FAILURE);
    }
    let deleted = client.delete_cell(&args.name).await?;
    if args.asked.json {
        print::json(&deleted)?;
    } else {
        let name = &deleted.spec.name;
        print::out(&format!(
            "deleted {name}; its data is kept in {}",
            deleted.kept_in
        ));
        print::out(&format!(
            "`cellctl cells restore {name}` takes this back, `cellctl cells purge` makes it final"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

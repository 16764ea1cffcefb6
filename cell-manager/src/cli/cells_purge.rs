//! `cellctl cells purge`: removes the data of deleted cells for good.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::{Asked, print};

#[derive(Debug, Args)]
pub(super) struct PurgeArgs {
    /// Don't ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &PurgeArgs) -> Result<ExitCode> {
    let client = args.asked.place.open()?;
    let deleted = client.list_deleted().await?;
    if deleted.is_empty() && !args.asked.json {
        print::out("there is nothing to purge");
        return Ok(ExitCode::SUCCESS);
    }
    let question = format!(
        "This removes the data of {} deleted cells for good.",
        deleted.len()
    );
    if !args.yes && !print::confirm(&question, "purge")? {
        print::err("nothing was changed; --yes purges without asking");
        return Ok(ExitCode::FAILURE);
    }
    let purged = client.purge().await?;
    if args.asked.json {
        print::json(&purged)?;
    } else {
        print::out(&format!("purged {} deleted cells", purged.len()));
    }
    Ok(ExitCode::SUCCESS)
}

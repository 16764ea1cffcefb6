//! `cellctl local-hold` and `local-release`: one process kept down, to see the rest do without it.

use anyhow::Result;
use clap::Args;

use super::{Place, print};

#[derive(Debug, Args)]
pub(super) struct HoldArgs {
    /// The process's name in `cellctl local-status`, such as global-control/serve
    process: String,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn hold(args: &HoldArgs) -> Result<()> {
    args.place.open()?.hold(&args.process).await?;
    let process = &args.process;
    print::out(&format!(
        "{process} is stopped until `cellctl local-release {process}`"
    ));
    Ok(())
}

pub(super) async fn release(args: &HoldArgs) -> Result<()> {
    args.place.open()?.release(&args.process).await?;
    print::out(&format!("{} is starting", args.process));
    Ok(())
}

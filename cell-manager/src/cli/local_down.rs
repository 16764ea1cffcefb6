//! `cellctl local-down`: stops a platform, wherever it was started.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::{Place, print};
use crate::local::client::{Client, Error};
use crate::local::preflight;

/// Longer than all deadlines on the way together.
const WITHIN: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(super) struct DownArgs {
    #[command(flatten)]
    place: Place,
    /// Then delete all its data, also what is kept outside the folder
    #[arg(long)]
    delete_data: bool,
}

pub(super) async fn run(args: &DownArgs) -> Result<()> {
    let data = args.place.resolve()?;
    match Client::open(&data) {
        Ok(client) => client.down(WITHIN).await?,
        // There may be data although nothing runs.
        Err(Error::NotRunning { .. }) if args.delete_data => {}
        Err(err) => return Err(err.into()),
    }
    if args.delete_data {
        let all = preflight::delete(&data)?;
        let folder = data.display();
        print::out(&if all {
            format!("stopped; all data in {folder} is deleted")
        } else {
            format!("stopped; its data is deleted; {folder} holds something else and stays")
        });
    } else {
        print::out(&format!("stopped; the data stays in {}", data.display()));
    }
    Ok(())
}

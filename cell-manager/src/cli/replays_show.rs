//! `cellctl replays show`: what one replay has found.

use anyhow::Result;
use clap::Args;
use contracts::ReplayId;

use super::{Asked, parse_org, print, replay_text};

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// As `cellctl replays list` names it
    replay: ReplayId,
    /// The org's address or id
    #[arg(long, value_parser = parse_org)]
    org: String,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &ShowArgs) -> Result<()> {
    let client = args.asked.place.open()?;
    let replay = client.fetch_replay(&args.org, args.replay).await?;
    if args.asked.json {
        return print::json(&replay);
    }
    print::out(&replay_text::whole(&replay));
    Ok(())
}

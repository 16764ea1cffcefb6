//! `cellctl replays cancel`: stops a replay between two files.

use anyhow::Result;
use clap::Args;
use contracts::ReplayId;
use contracts::replays::ReplayState;

use super::{Asked, parse_org, print};

#[derive(Debug, Args)]
pub(super) struct CancelArgs {
    /// As `cellctl replays list` names it
    replay: ReplayId,
    /// The org's address or id
    #[arg(long, value_parser = parse_org)]
    org: String,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &CancelArgs) -> Result<()> {
    let client = args.asked.place.open()?;
    let replay = client.cancel_replay(&args.org, args.replay).await?;
    if args.asked.json {
        return print::json(&replay);
    }
    print::out(&match replay.state {
        ReplayState::Cancelled if replay.dry_run => "cancelled; nothing was changed".to_owned(),
        ReplayState::Cancelled => "cancelled; the days it has replaced until now stay".to_owned(),
        _ => format!("it was over already: {}", replay.message),
    });
    Ok(())
}

//! `cellctl replays list`: an org's replays, newest first.

use anyhow::Result;
use clap::Args;

use super::{Asked, parse_org, print, replay_text};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The org's address or id
    #[arg(long, value_parser = parse_org)]
    org: String,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(args: &ListArgs) -> Result<()> {
    let list = args.asked.place.open()?.list_replays(&args.org).await?;
    if args.asked.json {
        return print::json(&list);
    }
    if list.items.is_empty() {
        print::err("no replays; `cellctl replay --org … --range …` starts one");
        return Ok(());
    }
    print::out(&replay_text::list(&list.items));
    if list.next_cursor.is_some() {
        print::err("older ones are in the org's own list");
    }
    Ok(())
}

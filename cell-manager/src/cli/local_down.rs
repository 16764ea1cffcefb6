//! `cellctl local-down`: stops a platform, wherever it was started.

use std::time::Duration;

use anyhow::Result;

use super::Place;

/// Longer than all deadlines on the way together.
const WITHIN: Duration = Duration::from_secs(60);

pub(super) async fn run(args: &Place) -> Result<()> {
    let client = args.open()?;
    client.down(WITHIN).await?;
    println!("stopped; the data stays in {}", args.resolve()?.display());
    Ok(())
}

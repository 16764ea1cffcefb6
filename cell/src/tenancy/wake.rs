//! Turns NOTIFY on a channel into wake-ups. A lost connection costs wake-ups, never work: whoever
//! waits polls as well.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Runs until `shutdown`.
pub async fn listen(
    url: String,
    channel: &'static str,
    wake: Arc<Notify>,
    shutdown: CancellationToken,
) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            result = forward(&url, channel, &wake) => {
                if let Err(error) = result {
                    tracing::debug!(%error, channel, "not listening; polling goes on");
                }
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RECONNECT_AFTER) => {}
        }
    }
}

async fn forward(url: &str, channel: &str, wake: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen(channel).await?;
    wake.notify_one();
    loop {
        // None: the connection was lost and has been made anew, so something may have been missed.
        listener.try_recv().await?;
        wake.notify_one();
    }
}

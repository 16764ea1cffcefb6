//! Ctrl-C, SIGTERM and a closed terminal stop the platform in order.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Error;

/// Cancelled by the first signal. Later ones change nothing: everything that is stopped has a
/// deadline of its own.
pub(super) fn token() -> Result<CancellationToken, Error> {
    let token = CancellationToken::new();
    for kind in [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ] {
        let mut signals = signal(kind).map_err(Error::Signals)?;
        let token = token.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                token.cancel();
            }
        });
    }
    Ok(token)
}

//! Tells whoever watches a sync that it has moved on. Only a nudge: the news is in the row, so a
//! lost message, or no Redis at all, costs a watcher one second.

use contracts::{OrgId, SyncId};
use futures::{Stream, StreamExt};
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use tokio::sync::Mutex;

#[derive(Debug)]
pub struct Live {
    client: redis::Client,
    /// For publishing; opened when first wanted and again after it broke.
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Live {
    /// Connects to nothing yet.
    pub fn new(url: &str) -> Result<Self, redis::RedisError> {
        Ok(Self {
            client: redis::Client::open(url)?,
            connection: Mutex::new(None),
        })
    }

    pub async fn nudge(&self, org: OrgId, sync: SyncId) {
        let mut connection = self.connection.lock().await;
        if let Err(error) = self.publish(&mut connection, &channel(org, sync)).await {
            *connection = None;
            tracing::debug!(%error, "a nudge was lost; watchers read the row");
        }
    }

    async fn publish(
        &self,
        connection: &mut Option<MultiplexedConnection>,
        channel: &str,
    ) -> Result<(), redis::RedisError> {
        let open = match connection {
            Some(open) => open,
            None => connection.insert(self.client.get_multiplexed_async_connection().await?),
        };
        open.publish::<_, _, ()>(channel, "").await
    }

    /// A nudge per message; ends when Redis goes away.
    pub async fn watch(
        &self,
        org: OrgId,
        sync: SyncId,
    ) -> Result<impl Stream<Item = ()> + Send + use<>, redis::RedisError> {
        let mut messages = self.client.get_async_pubsub().await?;
        messages.subscribe(channel(org, sync)).await?;
        Ok(messages.into_on_message().map(|_| ()))
    }
}

fn channel(org: OrgId, sync: SyncId) -> String {
    format!("progress:{org}:{sync}")
}

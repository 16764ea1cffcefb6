//! Starting and stopping the simulator.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::{App, router};
use crate::config::SimulatorConfig;
use crate::world::{DemoSize, World};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the server stopped")]
    Serve(#[source] std::io::Error),
}

/// Entry point of the library; see `start`.
#[derive(Debug)]
pub struct Simulator;

/// A simulator that is serving. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`, no slash at the end.
    pub base_url: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Simulator {
    /// Serves the demonstration world in the sizes the configuration asks for.
    pub async fn start(config: SimulatorConfig) -> Result<Running, Error> {
        let built_on = config.today.unwrap_or_else(|| Utc::now().date_naive());
        let size = DemoSize {
            advertisers: config.advertisers,
            line_items: config.line_items,
        };
        let world = World::demo(config.seed, built_on, size);
        Self::start_with(config, world).await
    }

    /// Serves a world of one's own. Its seed is the world's, not the configuration's.
    pub async fn start_with(config: SimulatorConfig, world: World) -> Result<Running, Error> {
        let address = config.listen;
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let app = router(Arc::new(App::new(config, world)));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let task = tokio::spawn(async move { serving.await });
        Ok(Running {
            base_url: format!("http://{address}"),
            stop,
            task,
        })
    }
}

impl Running {
    /// Stops accepting and waits for the requests under way.
    pub async fn stop(self) -> Result<(), Error> {
        let _ = self.stop.send(());
        match self.task.await {
            Ok(ended) => ended.map_err(Error::Serve),
            Err(broken) => Err(Error::Serve(std::io::Error::other(broken))),
        }
    }
}

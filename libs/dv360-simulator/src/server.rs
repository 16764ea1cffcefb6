//! Starting and stopping the simulator.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::{App, router};
use crate::config::SimulatorConfig;
use crate::journal::{self, Entry, Journal, replay};
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
    #[error("what an earlier process left cannot be gone on with")]
    Journal(#[from] journal::Error),
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
        let begun = config.state_dir.as_deref().and_then(Journal::begun);
        let today = || config.today.unwrap_or_else(|| Utc::now().date_naive());
        let built_on = begun.or(config.built_on).unwrap_or_else(today);
        let size = DemoSize {
            advertisers: config.advertisers,
            line_items: config.line_items,
        };
        let world = match config.histories {
            Some(count) => {
                let first = config.first_history;
                World::histories(config.seed, built_on, first..first + count)
            }
            None => World::demo(config.seed, built_on, size),
        };
        let world = world.restated(config.restatement.clone());
        Self::start_with(config, world).await
    }

    /// Serves a world of one's own. Its seed is the world's, not the configuration's.
    pub async fn start_with(config: SimulatorConfig, world: World) -> Result<Running, Error> {
        let address = config.listen;
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let app = Arc::new(taken_up(config, world)?);
        let app = router(app);
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

/// The simulator, gone on with where an earlier process stopped if it keeps a journal.
fn taken_up(config: SimulatorConfig, world: World) -> Result<App, Error> {
    let Some(folder) = config.state_dir.clone() else {
        return Ok(App::new(config, world, Arc::new(Journal::none())));
    };
    let (journal, entries) = Journal::open(&folder)?;
    let (seed, built_on) = (world.seed, world.built_on);
    let fresh = entries.is_empty();
    let app = App::new(config, world, Arc::new(journal));
    let lines = entries.len() as u64;
    for entry in entries {
        replay::apply(&app, entry)?;
    }
    app.faults.draw_from(lines);
    app.journal.unmute();
    if fresh {
        app.journal.write(&Entry::Begun { seed, built_on });
        app.journal.write(&Entry::Clock(app.clock.state()));
    }
    Ok(app)
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

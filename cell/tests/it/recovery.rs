//! The real worker is killed in the middle of what it does, at one call after another.

mod platform {
    //! By `kill -9`, not at steps of ours: wherever it reads or writes a file or talks to somebody.

    use std::process::Child;
    use std::time::{Duration, Instant};

    use axum::http::Method;
    use chrono::NaiveDate;
    use dv360_simulator::SimulatorConfig;
    use serde_json::{Value, json};
    use test_kit::rig::{Calls, Rig};

    use crate::source::Slice;
    use crate::support::SOON;

    /// Spread over all calls of a sync, from the worker's first to the last.
    const DEATHS: i64 = 14;
    const LIMIT: Duration = Duration::from_secs(60);

    struct Stage {
        slice: Slice,
        connection: Value,
        rig: Rig,
        calls: Calls,
        _folder: tempfile::TempDir,
    }

    impl Stage {
        async fn set() -> Self {
            let slice = Slice::start_idle(SimulatorConfig::for_tests()).await;
            let folder = tempfile::tempdir().unwrap();
            let connection = Value::from(slice.connect().await);
            Self {
                slice,
                connection,
                rig: Rig::build(folder.path()).unwrap(),
                calls: Calls::create(&folder.path().join("calls")).unwrap(),
                _folder: folder,
            }
        }

        fn counted_worker(&self) -> Child {
            let mut command = self.slice.program("work");
            self.rig.with_calls(&mut command, &self.calls);
            command.spawn().unwrap()
        }

        /// A sync that makes its query anew, as the very first one does.
        async fn start_sync(&self) -> Value {
            let mut admin = self.slice.cell.superuser().await;
            let sql = "set app.capture = 'off'; delete from tenant.source_queries";
            sqlx::raw_sql(sql).execute(&mut admin).await.unwrap();
            let body = json!({"connection_id": self.connection});
            let sync = self.slice.write(Method::POST, "/api/syncs", body).await;
            assert_eq!(sync.status, 202, "{sync:?}");
            sync.json()
        }

        async fn runs(&self) -> usize {
            let reports = self.slice.ask("/sim/reports").await;
            reports["reports"].as_array().unwrap().len()
        }

        /// The worker is gone, or else the sync is over without its having come to that call.
        async fn death(&self, worker: &mut Child, sync: &Value) -> bool {
            let path = format!("/api/syncs/{}", sync["sync_id"].as_str().unwrap());
            test_kit::wait::until("the worker's death", SOON * 3, async || {
                if worker.try_wait().unwrap().is_some() {
                    return Some(true);
                }
                let over = !self.slice.json(&path).await["finished_at"].is_null();
                over.then_some(false)
            })
            .await
        }
    }

    fn end(mut worker: Child) {
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    #[tokio::test]
    async fn a_worker_may_be_killed_at_any_call() {
        let stage = Stage::set().await;
        let first = stage.slice.choose(stage.connection.as_str().unwrap(), &[0]);
        let first = first.await.json();
        let worker = stage.counted_worker();
        let first = stage.slice.end_of(&first).await;
        end(worker);
        assert_eq!(first["state"], "done", "{first}");
        let needed = stage.calls.count().unwrap();
        assert!(needed > 200, "{needed}");
        let id = stage.slice.advertiser_id(0).await;
        let day = |sync: &Value, name: &str| -> NaiveDate {
            sync["range"][name].as_str().unwrap().parse().unwrap()
        };
        let (mut took, mut died) = (Vec::new(), 0);
        for death in 0..DEATHS {
            let runs = stage.runs().await;
            let at = 1 + needed * death / DEATHS;
            let sync = stage.start_sync().await;
            stage
                .calls
                .die_at(stage.calls.count().unwrap() + at)
                .unwrap();
            let mut doomed = stage.counted_worker();
            let dead = stage.death(&mut doomed, &sync).await;
            stage.calls.live().unwrap();
            let since = Instant::now();
            let worker = stage.slice.spawn_worker("");
            let sync = stage.slice.end_of(&sync).await;
            if dead {
                died += 1;
                took.push(since.elapsed());
            } else {
                end(doomed);
            }
            end(worker);
            assert_eq!(sync["state"], "done", "at call {at}: {sync}");
            assert_eq!(
                stage.runs().await,
                runs + 1,
                "at call {at}: a report was run twice"
            );
            let truth = stage
                .slice
                .truth(&id, day(&first, "start"), day(&sync, "end"));
            assert_eq!(stage.slice.silver(&id).await, truth.await, "at call {at}");
        }
        took.sort();
        let (median, longest) = (took[took.len() / 2], took[took.len() - 1]);
        println!(
            "{died} deaths over {needed} calls: working again within {median:?}, {longest:?} at most"
        );
        assert!(longest < LIMIT, "{took:?}");
        assert!(died >= DEATHS / 2, "only {died} died");
    }
}

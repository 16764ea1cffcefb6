//! The step that brings entities up to date: from the source to bronze, and from there to silver.

use chrono::Utc;
use serde_json::json;

use super::run::Error;
use super::steps::{Source, Step};
use super::store::{self, NewBronze};
use super::{State, Sync, plan};
use crate::ingestion::connector;
use crate::ingestion::silver::entities::{self, EntityLoad};
use crate::ingestion::{bronze, silver};

/// Entities go to silver with the state; the report then reaches back to the oldest running budget.
pub(super) async fn fetch(source: &Source<'_>, sync: &Sync) -> Result<Step, Error> {
    let ingestion = source.ingestion;
    let scope = &source.job.scope;
    let dsp = source.opened.connector.name();
    let remote = source.opened.connector.remote();
    let remote = remote.ok_or_else(|| connector::Error::NotAsked(dsp.to_owned()))?;
    let partner = &sync.record.request.partner_id;
    let mut fetched = Vec::new();
    for target in &sync.record.advertisers {
        let observed_at = Utc::now();
        let mut tx = ingestion.db.begin_read(scope).await?;
        let wanted = (partner.as_str(), target.advertiser_id.as_str());
        let request = entities::plan(&mut tx, dsp, wanted, observed_at).await?;
        tx.commit().await?;
        let file = tempfile::NamedTempFile::new().map_err(bronze::Error::Io)?;
        source
            .session()?
            .fetch_entities(&request, file.path())
            .await?;
        let stored = ingestion.bronze.put_file(scope.org(), file.path()).await?;
        fetched.push((request, observed_at, file, stored));
    }
    let mut tx = ingestion.db.begin(scope).await?;
    for (request, observed_at, file, stored) in fetched {
        let bronze = NewBronze {
            stored,
            kind: "entities",
            connection_id: sync.connection_id,
            request: &json!({"advertiser_id": request.advertiser_id}),
            report_id: None,
            query_id: None,
            length_proven: true,
        };
        let load = EntityLoad {
            dsp,
            request: &request,
            bronze_id: store::ensure_bronze(&mut tx, &bronze).await?,
            observed_at,
        };
        let file = file.reopen().map_err(bronze::Error::Io)?;
        let pages = remote.read_entities(Box::new(std::io::BufReader::new(file)));
        entities::load(&mut tx, &load, pages).await?;
    }
    let mut record = sync.record.moved_to(State::Requesting {
        query_id: None,
        failed: Vec::new(),
    });
    let ids = &record.request.advertiser_ids;
    let oldest = silver::store::oldest_uncovered_start(&mut tx, dsp, ids).await?;
    plan::reach_back(&mut record.request, oldest);
    Ok(Step::With(record, Box::new(tx)))
}

//! Which connections need somebody.

use contracts::Action;

use super::health::what_to_do;
use super::{Connection, ConnectionState, store};
use crate::attention::{Item, Severity, Subject};
use crate::ingestion::sync::Problem;
use crate::ingestion::sync::breaker::{self, Breaker, BreakerState};
use crate::ingestion::sync::store as syncs;
use crate::tenancy::OrgTx;

pub(crate) async fn list(tx: &mut OrgTx) -> Result<Vec<Item>, sqlx::Error> {
    let all = store::list(tx, None).await?;
    if all.is_empty() {
        return Ok(vec![none_yet()]);
    }
    let mut items = Vec::new();
    for connection in &all {
        let id = connection.connection_id;
        let breaker = breaker::store::find(tx, id).await?;
        let page = syncs::Page {
            connection_id: Some(id),
            limit: 1,
            ..syncs::Page::default()
        };
        let latest = syncs::list(tx, &page).await?.pop();
        let problem = latest.and_then(|sync| sync.record.state.problem().cloned());
        items.extend(judge(connection, &breaker, problem.as_ref()));
    }
    Ok(items)
}

fn none_yet() -> Item {
    Item {
        severity: Severity::Notice,
        code: "no_connection",
        title: "Nothing is connected yet".to_owned(),
        what_to_do: "Connect DV360, or let report files be delivered.".to_owned(),
        since: None,
        subject: Subject::Connection,
        subject_id: None,
        needs: Action::ManageConnections,
    }
}

fn judge(connection: &Connection, breaker: &Breaker, last: Option<&Problem>) -> Option<Item> {
    let state = connection.state;
    let closed = breaker.state == BreakerState::Closed;
    let name = name(connection);
    let (severity, code, title) = match state {
        ConnectionState::Paused | ConnectionState::Failed => (
            Severity::Critical,
            "connection_stopped",
            format!("{name} has stopped bringing data in"),
        ),
        ConnectionState::NeedsSetup => (
            Severity::Notice,
            "connection_unfinished",
            format!("{name} is connected, and nothing is chosen yet"),
        ),
        ConnectionState::Active if !closed => (
            Severity::Warning,
            "source_unavailable",
            format!("The source of {name} does not answer"),
        ),
        ConnectionState::Active => match last.map(|problem| problem.code.as_str()) {
            Some("source_forbidden" | "source_not_found" | "links_refused") => (
                Severity::Critical,
                "source_refuses",
                format!("The source refuses what {name} asks for"),
            ),
            Some("advertisers_out_of_sight" | "source_rejected") => (
                Severity::Warning,
                "source_refuses",
                format!("The source no longer gives all that {name} asks for"),
            ),
            _ => return None,
        },
    };
    let advice = what_to_do(state, breaker.state, connection.problem.as_ref(), last);
    Some(Item {
        severity,
        code,
        title,
        what_to_do: advice.unwrap_or("Look at the connection.").to_owned(),
        since: None,
        subject: Subject::Connection,
        subject_id: Some(connection.connection_id.to_string()),
        needs: Action::ManageConnections,
    })
}

fn name(connection: &Connection) -> String {
    let names = [&connection.name, &connection.account_email];
    let known = names.into_iter().flatten().next().cloned();
    known.unwrap_or_else(|| "A connection".to_owned())
}

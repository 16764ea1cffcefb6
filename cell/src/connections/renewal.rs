//! Keeping a fresh consent: of a new connection, or of one that is there, perhaps by another account.
//!
//! Another account may see less. What it does not see stays chosen, with its data, and is not asked
//! for, and people are told; an account that sees nothing of it is not taken.

use std::collections::BTreeSet;

use chrono::Utc;
use contracts::{ConnectionId, UserId};
use secrecy::ExposeSecret;

use super::starting::{self, Cause};
use super::{Error, place, store};
use crate::ingestion::Ingestion;
use crate::ingestion::connector::{self, Grant};
use crate::ingestion::sync::Problem;
use crate::metering::Meter;
use crate::tenancy::{OrgScope, OrgTx};

/// So many names stand in a message.
const MOST_NAMES: usize = 5;

/// What a consent is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consent<'a> {
    pub(super) connector: &'a str,
    /// A connection there is; none: whichever the account has, or a new one.
    pub(super) wished: Option<ConnectionId>,
    pub(super) grant: &'a Grant,
}

/// Of what was chosen on a connection, what a consent sees.
#[derive(Debug)]
pub(super) struct Sight {
    seen: Vec<String>,
    problem: Option<Problem>,
}

/// Asks the source, before anything is kept. None: nothing was chosen, or the source does not say now;
/// then syncs will tell.
pub(super) async fn look(
    ingestion: &Ingestion,
    scope: &OrgScope,
    consent: Consent<'_>,
) -> Result<Option<Sight>, Error> {
    // A lock on the row is taken on the way, which a reading transaction may not.
    let mut tx = ingestion.db.begin(scope).await?;
    let Some((id, _)) = target(&mut tx, consent).await? else {
        return Ok(None);
    };
    let connection = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let choice = store::list_choice(&mut tx, id).await?;
    tx.commit().await?;
    let Some((partner_id, _)) = connection.partner else {
        return Ok(None);
    };
    let remote = ingestion.connectors.remote(consent.connector)?;
    let token = consent.grant.refresh_token.clone();
    let session = remote.open(id, token, ingestion.budget.permit(scope));
    let listed = session.list_advertisers(&partner_id).await;
    let calls = session.take_calls();
    ingestion.usage.add(scope, Meter::DspCalls, calls);
    let listed = match listed {
        Ok(listed) => listed,
        Err(connector::Error::NotFound(_) | connector::Error::Forbidden(_)) => Vec::new(),
        Err(error) => {
            tracing::info!(%error, connection.id = %id, "cannot tell what a new consent sees");
            return Ok(None);
        }
    };
    let listed: BTreeSet<String> = listed.into_iter().map(|one| one.advertiser_id).collect();
    let account = consent.grant.account_email.as_deref();
    sight(&choice, &listed, account).map(Some)
}

fn sight(
    choice: &[(String, String)],
    listed: &BTreeSet<String>,
    account: Option<&str>,
) -> Result<Sight, Error> {
    let (seen, hidden): (Vec<_>, Vec<_>) = choice.iter().partition(|(id, _)| listed.contains(id));
    if seen.is_empty() && !hidden.is_empty() {
        return Err(Error::SeesNothing);
    }
    let names: Vec<String> = hidden
        .iter()
        .take(MOST_NAMES)
        .map(|(id, name)| format!("{name} ({id})"))
        .collect();
    let more = hidden.len().saturating_sub(MOST_NAMES);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let message = format!(
        "{} does not see {} of the {} chosen advertisers: {}{rest}; their data stays as it is and gets \
         no newer",
        account.unwrap_or("the account"),
        hidden.len(),
        choice.len(),
        names.join(", "),
    );
    Ok(Sight {
        seen: seen.into_iter().map(|(id, _)| id.clone()).collect(),
        problem: (!hidden.is_empty()).then(|| Problem::new("advertisers_out_of_sight", message)),
    })
}

/// The connection that a consent renews; none: it is a new one's.
async fn target(tx: &mut OrgTx, consent: Consent<'_>) -> Result<Option<store::Versioned>, Error> {
    let email = consent.grant.account_email.as_deref();
    let (of_account, of_id) =
        store::find_renewable(tx, consent.connector, email, consent.wished).await?;
    match (consent.wished, of_id, of_account) {
        (None, _, of_account) => Ok(of_account),
        (Some(_), None, _) => Err(Error::NotFound),
        (Some(id), Some(_), Some((other, _))) if other != id => Err(Error::AccountTaken),
        (Some(_), of_id, _) => Ok(of_id),
    }
}

/// Keeps a consent of the account's connection, or of a new one, without asking what it sees.
pub async fn keep_grant(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    connector: &str,
    user: UserId,
    grant: &Grant,
) -> Result<ConnectionId, Error> {
    let consent = Consent {
        connector,
        wished: None,
        grant,
    };
    keep(ingestion, tx, user, consent, None).await
}

/// Keeps a consent and starts what was missed without one.
pub(super) async fn keep(
    ingestion: &Ingestion,
    tx: &mut OrgTx,
    user: UserId,
    consent: Consent<'_>,
    sight: Option<&Sight>,
) -> Result<ConnectionId, Error> {
    let Consent {
        connector, grant, ..
    } = consent;
    let known = target(tx, consent).await?;
    let (id, version) = known.unwrap_or((ConnectionId::new(), 0));
    let key = ingestion.cell_key.fetch(tx).await?;
    let owner = id.to_string();
    let secret = grant.refresh_token.expose_secret().as_bytes();
    let sealed = key.seal(place(&owner, version + 1), secret);
    if known.is_none() {
        let new = store::NewConnection {
            connection_id: id,
            connector,
            created_by: user,
            account_email: grant.account_email.as_deref(),
            scopes: &grant.scopes,
            sealed: &sealed,
        };
        store::insert(tx, &new).await?;
        return Ok(id);
    }
    store::renew(tx, id, version + 1, grant, &sealed).await?;
    if let Some(Sight { seen, problem }) = sight {
        store::set_sight(tx, id, seen, problem.as_ref()).await?;
    }
    let connection = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    let cause = (Cause::ConsentedAgain, user);
    starting::begin_all(tx, &connection, cause, Utc::now()).await?;
    ingestion.connectors.remote(connector)?.forget(id);
    Ok(id)
}

#[cfg(test)]
mod tests {
    //! What people are told of what a new account does not see.

    use std::collections::BTreeSet;

    use super::{Error, sight};

    #[test]
    fn an_account_is_taken_if_it_sees_anything_and_the_rest_is_named() {
        let choice: Vec<_> = (0..9)
            .map(|at| (at.to_string(), format!("Brand {at}")))
            .collect();
        let sees =
            |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        let all = sees(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "99"]);
        let whole = sight(&choice, &all, Some("a@b.example")).unwrap();
        assert_eq!((whole.seen.len(), whole.problem), (9, None));
        let part = sight(&choice, &sees(&["8"]), Some("a@b.example")).unwrap();
        assert_eq!(part.seen, ["8"]);
        let said = part.problem.unwrap().message;
        assert!(
            said.starts_with("a@b.example does not see 8 of the 9 chosen"),
            "{said}"
        );
        assert!(said.contains("Brand 4 (4) and 3 more;"), "{said}");
        let nothing = sight(&choice, &sees(&["99"]), None);
        assert!(matches!(nothing, Err(Error::SeesNothing)));
    }
}

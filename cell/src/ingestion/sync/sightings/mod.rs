//! What lists of reports have shown lately. A list shows all reports of its query, so whoever asks for
//! it answers every sync of the cell that waits for one of them, whichever process that is in.
//!
//! One asks at a time: it says so in the query's row first, and the others wait for its answer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::ConnectionId;

use super::run::Error;
use crate::ingestion::connector::{ReportState, SeenReport, Session};
use crate::tenancy::{OrgDb, OrgScope};

mod store;

/// Somebody else's question is as good as one's own if it was put so shortly before, or within a
/// twentieth of the waiting so far.
const LONGEST_AGO: TimeDelta = TimeDelta::seconds(30);
/// Whoever asks for longer than this is taken for dead.
const LONGEST_QUESTION: TimeDelta = TimeDelta::seconds(10);
/// The answer of whoever asks is looked for this often.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What a sync wants to know of its query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) connection: ConnectionId,
    pub(super) query_id: &'a str,
    /// Since when it waits.
    pub(super) since: DateTime<Utc>,
}

/// What is known of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sighting {
    asked_at: Option<DateTime<Utc>>,
    reports: Vec<SeenReport>,
    asking_until: Option<DateTime<Utc>>,
}

impl Sighting {
    /// Whether it answers the question: it settles `wanted`, or was made just now.
    fn answers(
        &self,
        question: Question<'_>,
        wanted: &impl Fn(&SeenReport) -> bool,
        now: DateTime<Utc>,
    ) -> bool {
        let settled = |one: &SeenReport| wanted(one) && one.state != ReportState::Pending;
        let since = now - recently(now - question.since);
        self.asked_at
            .is_some_and(|at| self.reports.iter().any(settled) || (since..=now).contains(&at))
    }
}

/// The query's reports: as they were seen last if that will do, else as they are.
pub(super) async fn list(
    db: &OrgDb,
    scope: &OrgScope,
    question: Question<'_>,
    wanted: impl Fn(&SeenReport) -> bool,
    session: &dyn Session,
) -> Result<Vec<SeenReport>, Error> {
    let until = loop {
        let now = Utc::now();
        let mut tx = db.begin(scope).await?;
        let known = store::lock(&mut tx, question).await?;
        if known.answers(question, &wanted, now) {
            return Ok(known.reports);
        }
        let busy = known
            .asking_until
            .is_some_and(|until| now < until && until <= now + LONGEST_QUESTION);
        if !busy {
            let until = now + LONGEST_QUESTION;
            store::begin(&mut tx, question, until).await?;
            tx.commit().await?;
            break until;
        }
        tx.commit().await?;
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let asked_at = Utc::now();
    let listed = session.latest_reports(question.query_id).await;
    let mut tx = db.begin(scope).await?;
    let seen = listed.as_deref().ok().map(|reports| (asked_at, reports));
    store::end(&mut tx, question, until, seen).await?;
    tx.commit().await?;
    Ok(listed?)
}

fn recently(waited: TimeDelta) -> TimeDelta {
    (waited / 20).clamp(TimeDelta::zero(), LONGEST_AGO)
}

#[cfg(test)]
mod tests {
    //! When another's answer will do.

    use chrono::{DateTime, TimeDelta, Utc};
    use contracts::ConnectionId;

    use super::{Question, Sighting};
    use crate::ingestion::connector::{ReportState, SeenReport};

    #[test]
    fn what_is_settled_or_was_seen_just_now_will_do() {
        let now: DateTime<Utc> = "2026-07-01T12:00:00Z".parse().unwrap();
        let report = |id: &str, state| SeenReport {
            report_id: id.to_owned(),
            state,
            days: None,
            finished_at: None,
        };
        let seen = |seconds: i64| Sighting {
            asked_at: Some(now - TimeDelta::seconds(seconds)),
            reports: vec![
                report("a", ReportState::Ready),
                report("b", ReportState::Pending),
            ],
            asking_until: None,
        };
        let answers = |sighting: &Sighting, id: &str, waited: i64| {
            let question = Question {
                connection: ConnectionId::new(),
                query_id: "q",
                since: now - TimeDelta::seconds(waited),
            };
            sighting.answers(question, &|one| one.report_id == id, now)
        };
        assert!(answers(&seen(3_000), "a", 0), "it was ready then");
        assert!(!answers(&seen(3_000), "b", 0));
        assert!(!answers(&seen(10), "b", 100), "five seconds would do");
        assert!(answers(&seen(4), "b", 100));
        assert!(answers(&seen(29), "b", 10_000));
        assert!(!answers(&seen(31), "b", 10_000), "never half a minute ago");
        assert!(!answers(&seen(-5), "b", 10_000), "a clock was put back");
        assert!(!answers(&Sighting::default(), "a", 100));
    }
}

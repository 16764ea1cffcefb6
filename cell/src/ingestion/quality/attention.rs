//! Whether data is late.

use chrono::{DateTime, Utc};
use contracts::Action;

use super::{Reach, age, due_through, store, target_hours};
use crate::attention::{Item, Severity, Subject};
use crate::ingestion::silver::LINE_ITEM_DAYS;
use crate::tenancy::OrgTx;

/// So many days later than it should be, nobody can work with it any more.
const CRITICAL_DAYS: i64 = 2;
/// Advertisers that are called by name.
const NAMED: usize = 2;

pub(crate) async fn find(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Option<Item>, sqlx::Error> {
    let reach = store::list_reach(tx, LINE_ITEM_DAYS, None).await?;
    Ok(judge(&reach, now))
}

/// One item for all that are late: they mostly are for one reason.
fn judge(reach: &[Reach], now: DateTime<Utc>) -> Option<Item> {
    let target = target_hours(LINE_ITEM_DAYS);
    let late = |one: &&Reach| {
        let due = due_through(one.zone(), now, target);
        one.through.is_some_and(|through| through < due)
    };
    let late: Vec<&Reach> = reach.iter().filter(late).collect();
    let oldest = late.iter().filter_map(|one| {
        let age = age(one.through?, one.zone(), now);
        // The next day was due so long ago.
        Some((
            age - chrono::TimeDelta::hours(i64::from(target) + 24),
            one.through?,
        ))
    });
    let (overdue, through) = oldest.max()?;
    let severity = if overdue.num_days() >= CRITICAL_DAYS {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let names: Vec<&str> = late
        .iter()
        .take(NAMED)
        .map(|one| one.name.as_str())
        .collect();
    let others = late.len() - names.len();
    let more = match others {
        0 => String::new(),
        1 => " and one other advertiser".to_owned(),
        others => format!(" and {others} other advertisers"),
    };
    Some(Item {
        severity,
        code: "data_late",
        title: format!("Data of {}{more} is late", names.join(", ")),
        what_to_do: format!(
            "It reaches {}; look which days are missing.",
            through.format("%-d %B %Y")
        ),
        since: Some(now - overdue),
        subject: Subject::Calendar,
        subject_id: None,
        needs: Action::Read,
    })
}

#[cfg(test)]
mod tests {
    //! Late by its target, worse by the day, and told once for everybody.

    use super::{Reach, Severity, judge};

    fn reach(name: &str, through: &str) -> Reach {
        Reach {
            dsp: "dv360".to_owned(),
            advertiser_id: name.to_owned(),
            name: name.to_owned(),
            time_zone: Some("UTC".to_owned()),
            since: None,
            through: Some(through.parse().unwrap()),
            loaded_at: None,
        }
    }

    #[test]
    fn what_is_late_is_told_once() {
        let now = "2026-11-24T23:00:00Z".parse().unwrap();
        let fresh = reach("Fresh", "2026-11-23");
        assert_eq!(judge(std::slice::from_ref(&fresh), now), None);
        let behind = reach("Harbor", "2026-11-19");
        let found = judge(&[fresh, behind.clone(), behind.clone(), behind], now).unwrap();
        assert_eq!(
            found.title,
            "Data of Harbor, Harbor and one other advertiser is late"
        );
        assert_eq!(found.severity, Severity::Critical);
        assert!(found.what_to_do.contains("19 November 2026"), "{found:?}");
        let since = found.since.unwrap();
        assert!(
            since < now && since.to_rfc3339().starts_with("2026-11-22"),
            "{since}"
        );
    }
}

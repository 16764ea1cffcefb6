//! Turning the knobs that are not faults: the clock, waits, lifetimes, quotas.

use chrono::{DateTime, NaiveDate, Utc};

use super::Change;
use crate::app::App;
use crate::journal::Entry;

/// Where the clock is told to go; read before anything is changed.
#[derive(Debug, Default)]
pub(crate) struct Travel {
    today: Option<Option<NaiveDate>>,
    now: Option<DateTime<Utc>>,
    advance_s: Option<u32>,
    speed: Option<u32>,
}

impl Travel {
    /// `None` where a date or a time is none.
    pub(crate) fn read(change: &Change) -> Option<Travel> {
        let today = match change.today.as_deref() {
            None => None,
            Some("real") => Some(None),
            Some(date) => Some(Some(date.parse().ok()?)),
        };
        let now = match change.now.as_deref() {
            None => None,
            Some(text) => Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc)),
        };
        Some(Travel {
            today,
            now,
            advance_s: change.advance_s,
            speed: change.speed,
        })
    }

    fn begin(&self, app: &App) {
        if let Some(speed) = self.speed {
            app.clock.set_speed(speed);
        }
        if let Some(today) = self.today {
            app.clock.fix(today);
        }
        if let Some(now) = self.now {
            app.clock.set(now);
        }
        if let Some(seconds) = self.advance_s {
            app.clock.advance(seconds);
        }
    }
}

pub(crate) fn make(app: &App, change: Change, travel: &Travel) {
    travel.begin(app);
    apply(app, &change);
    app.journal.write(&Entry::Changed(change));
    app.journal.write(&Entry::Clock(app.clock.state()));
}

/// Everything but the clock, which is kept as it came to stand.
pub(crate) fn apply(app: &App, change: &Change) {
    let mut knobs = app.knobs.write();
    if let Some(delay) = change.report_delay_ms {
        knobs.report_delays_ms = vec![delay];
    }
    if let Some(delays) = change
        .report_delays_ms
        .as_ref()
        .filter(|one| !one.is_empty())
    {
        knobs.report_delays_ms.clone_from(delays);
    }
    if let Some(count) = change.foreign_queries {
        knobs.foreign_queries = count.min(10_000);
    }
    if let Some(die) = change.tokens_die_with_roster {
        knobs.tokens_die_with_roster = die;
    }
    if let Some(seconds) = change.link_lifetime_s {
        app.links.set_lifetime(seconds);
    }
    if let Some(seconds) = change.access_token_lifetime_s {
        app.tokens.set_access_lifetime(seconds);
    }
    if change.expire_access_tokens {
        app.tokens.expire_access();
    }
    if let Some(quotas) = change.quotas.clone() {
        app.quota.set_limits(quotas);
    }
}

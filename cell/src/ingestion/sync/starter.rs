//! Who or what started a sync. It is written once, with the row, and never changes: whoever asks for
//! one that is under way already is answered with it as it is.

use contracts::{BackfillId, UserId};
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Starter {
    /// Somebody asked for it, chose advertisers, switched the pipeline on or delivered a file.
    Person { user_id: UserId },
    /// The pipeline's own schedule.
    Schedule,
    /// A window of a backfill that somebody has confirmed.
    Backfill { backfill_id: BackfillId },
    /// Somebody connected the account again, and what was missed is read.
    Consent { user_id: UserId },
    /// A file was found in the connection's folder.
    Folder,
}

impl Starter {
    /// As the row keeps it.
    pub(super) fn columns(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Person { user_id } => ("person", Some(user_id.as_uuid())),
            Self::Schedule => ("schedule", None),
            Self::Backfill { backfill_id } => ("backfill", Some(backfill_id.as_uuid())),
            Self::Consent { user_id } => ("consent", Some(user_id.as_uuid())),
            Self::Folder => ("folder", None),
        }
    }

    /// None: what no version has written.
    pub(super) fn find(by: &str, id: Option<Uuid>) -> Option<Self> {
        match (by, id) {
            ("person", Some(id)) => Some(Self::Person {
                user_id: UserId::from_uuid(id),
            }),
            ("schedule", None) => Some(Self::Schedule),
            ("backfill", Some(id)) => Some(Self::Backfill {
                backfill_id: BackfillId::from_uuid(id),
            }),
            ("consent", Some(id)) => Some(Self::Consent {
                user_id: UserId::from_uuid(id),
            }),
            ("folder", None) => Some(Self::Folder),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    //! What is written is read.

    use contracts::{BackfillId, UserId};

    use super::Starter;

    #[test]
    fn every_starter_comes_back_from_its_columns() {
        let user_id = UserId::new();
        let all = [
            Starter::Person { user_id },
            Starter::Schedule,
            Starter::Backfill {
                backfill_id: BackfillId::new(),
            },
            Starter::Consent { user_id },
            Starter::Folder,
        ];
        for starter in all {
            let (by, id) = starter.columns();
            assert_eq!(Starter::find(by, id), Some(starter));
        }
        assert_eq!(Starter::find("person", None), None);
        assert_eq!(Starter::find("nobody", None), None);
    }
}

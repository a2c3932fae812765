//! Everything a call can be refused with, and what is told of it.
//!
//! A complaint knows its code, its published reason, its text in both languages and its details;
//! `status` only puts them together.

mod bound;
mod code;
#[cfg(test)]
mod complaint_test;
mod from;
mod refusal_text;
mod text;

use ledger::Refusal;
use ledger::words::Revision;
use replica::{MembershipError, NodeId};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::v1::ErrorReason;
use wire::{InputError, reason};

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Complaint {
    /// The ledger refused.
    Refused(Refusal),
    /// The request cannot be read.
    Input(InputError),
    /// The request has more rows or operations than are allowed at once.
    BatchTooLarge {
        /// How many it has.
        given: usize,
        /// How many are allowed.
        max: usize,
    },
    /// The message is larger than is allowed.
    MessageTooLarge {
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The caller, or everybody together, sends more than the budget.
    RateLimited {
        /// When there is budget again.
        retry_after: Duration,
    },
    /// More is under way here than this node takes.
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// As many streams are open here as this node takes.
    TooManyOpenStreams,
    /// As many connections are open here as this node takes.
    TooManyConnections,
    /// No leader with a quorum could be reached.
    NoQuorum {
        /// When to try again.
        retry_after: Duration,
    },
    /// This node is in no cluster yet, or has not caught up.
    NotReady,
    /// The outcome was not known in time.
    OutcomeUnknown,
    /// This node is stopping.
    Stopping,
    /// The disk is nearly full.
    DiskFull,
    /// Nodes disagree.
    Diverged,
    /// The call carries no deadline.
    DeadlineMissing,
    /// The call's deadline is too far away.
    DeadlineTooLong {
        /// The longest that is allowed.
        max: Duration,
    },
    /// The events after the revision are gone.
    Compacted {
        /// The first revision that is kept.
        first: Revision,
    },
    /// The revision has not happened yet, or has not come here.
    Ahead {
        /// The newest one here.
        newest: Revision,
    },
    /// The reader was too slow.
    SlowReader {
        /// Where it may resume.
        resume: Revision,
    },
    /// The page token leads nowhere (any more).
    PageToken,
    /// The picture here is too old for the caller.
    TooStale {
        /// How old it may be.
        age_max: Duration,
    },
    /// Nothing is remembered of the request.
    UnknownRequest,
    /// The membership stays as it is.
    Membership(MembershipError),
    /// A node is to be replaced by one of its own number.
    NumberReused {
        /// The number.
        id: NodeId,
    },
    /// The only node that votes is to be taken out.
    LastVoter {
        /// Its number.
        id: NodeId,
    },
    /// The history gives no answer on this node.
    History {
        /// What it said.
        problem: String,
    },
    /// No checkpoint could be written.
    Snapshot {
        /// What went wrong.
        problem: String,
    },
}

impl Complaint {
    /// The published reason.
    pub fn reason(&self) -> ErrorReason {
        match self {
            Self::Refused(refusal) | Self::Input(InputError::Unknown { refusal, .. }) => {
                reason::of(refusal)
            }
            Self::Input(InputError::Field(_)) => ErrorReason::InvalidArgument,
            Self::BatchTooLarge { .. } => ErrorReason::BatchTooLarge,
            Self::MessageTooLarge { .. } => ErrorReason::MessageTooLarge,
            Self::RateLimited { .. } => ErrorReason::RateLimited,
            Self::Overloaded { .. } => ErrorReason::Overloaded,
            Self::TooManyOpenStreams => ErrorReason::TooManyOpenStreams,
            Self::TooManyConnections => ErrorReason::TooManyConnections,
            Self::NoQuorum { .. } | Self::Membership(MembershipError::NoQuorum { .. }) => {
                ErrorReason::NoQuorum
            }
            Self::NotReady => ErrorReason::NotReady,
            Self::OutcomeUnknown => ErrorReason::OutcomeUnknown,
            Self::Stopping | Self::Membership(MembershipError::Stopping) => ErrorReason::Stopping,
            Self::DiskFull => ErrorReason::DiskFull,
            Self::Diverged => ErrorReason::Diverged,
            Self::DeadlineMissing => ErrorReason::DeadlineMissing,
            Self::DeadlineTooLong { .. } => ErrorReason::DeadlineTooLong,
            Self::Compacted { .. } => ErrorReason::RevisionCompacted,
            Self::Ahead { .. } => ErrorReason::RevisionAhead,
            Self::SlowReader { .. } => ErrorReason::SlowReader,
            Self::PageToken => ErrorReason::PageTokenExpired,
            Self::TooStale { .. } => ErrorReason::TooStale,
            Self::UnknownRequest => ErrorReason::UnknownRequest,
            Self::Membership(_) | Self::NumberReused { .. } | Self::LastVoter { .. } => {
                ErrorReason::MembershipRefused
            }
            Self::History { .. } => ErrorReason::HistoryUnavailable,
            Self::Snapshot { .. } => ErrorReason::SnapshotFailed,
        }
    }

    /// When to try again, where trying again helps.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after }
            | Self::Overloaded { retry_after }
            | Self::NoQuorum { retry_after }
            | Self::Membership(MembershipError::NoQuorum { retry_after }) => Some(*retry_after),
            Self::NotReady
            | Self::Stopping
            | Self::TooManyOpenStreams
            | Self::TooManyConnections
            | Self::TooStale { .. }
            | Self::Ahead { .. }
            | Self::History { .. } => Some(crate::limits::ELSEWHERE_RETRY),
            Self::DiskFull => Some(crate::limits::DISK_FULL_RETRY),
            Self::SlowReader { .. } => Some(Duration::ZERO),
            _ => None,
        }
    }

    /// What is told beside the reason, by the keys its description names.
    pub fn metadata(&self) -> BTreeMap<String, String> {
        let pair = match self {
            Self::Refused(refusal) => return reason::metadata(refusal),
            Self::BatchTooLarge { given, max } => {
                let given = ("given".to_owned(), given.to_string());
                return [given, ("max".to_owned(), max.to_string())].into();
            }
            Self::MessageTooLarge { bytes_max } => ("maxBytes", bytes_max.to_string()),
            Self::DeadlineTooLong { max } => ("maxSeconds", max.as_secs().to_string()),
            Self::Compacted { first } => ("minRevision", first.to_string()),
            Self::Ahead { newest } => ("revision", newest.to_string()),
            Self::SlowReader { resume } => ("resumeRevision", resume.to_string()),
            Self::Membership(error) => ("problem", error.to_string()),
            Self::History { problem } | Self::Snapshot { problem } => ("problem", problem.clone()),
            _ => return BTreeMap::new(),
        };
        [(pair.0.to_owned(), pair.1)].into()
    }
}

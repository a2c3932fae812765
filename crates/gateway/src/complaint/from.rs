//! Errors of the rooms below as complaints.

use super::Complaint;
use ledger::Refusal;
use replica::history::HistoryError;
use replica::{CheckpointError, MembershipError, ProposeError, ReadError, WatchError};
use wire::{FieldError, InputError};

impl From<Refusal> for Complaint {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldError> for Complaint {
    fn from(error: FieldError) -> Self {
        Self::Input(error.into())
    }
}

impl From<InputError> for Complaint {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<ProposeError> for Complaint {
    fn from(error: ProposeError) -> Self {
        match error {
            ProposeError::NoQuorum { retry_after } => Self::NoQuorum { retry_after },
            ProposeError::NotReady => Self::NotReady,
            ProposeError::OutcomeUnknown => Self::OutcomeUnknown,
            ProposeError::Overloaded { retry_after } => Self::Overloaded { retry_after },
            ProposeError::Full => Self::DiskFull,
            ProposeError::Size { given, bound, bytes, bytes_bound } => {
                if given > bound || bytes <= bytes_bound {
                    Self::BatchTooLarge { given, max: bound }
                } else {
                    Self::MessageTooLarge { bytes_max: bytes_bound }
                }
            }
            ProposeError::Diverged => Self::Diverged,
            ProposeError::Stopping => Self::Stopping,
        }
    }
}

impl From<ReadError> for Complaint {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NoQuorum { retry_after } => Self::NoQuorum { retry_after },
            ReadError::NotYet { newest, .. } => Self::Ahead { newest },
            ReadError::TooOld { age_max, .. } => Self::TooStale { age_max },
        }
    }
}

impl From<WatchError> for Complaint {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::Compacted { first } => Self::Compacted { first },
            WatchError::Ahead { newest } => Self::Ahead { newest },
            WatchError::Slow { resume } => Self::SlowReader { resume },
            WatchError::TooMany => Self::TooManyOpenStreams,
            WatchError::Stopping => Self::Stopping,
        }
    }
}

impl From<MembershipError> for Complaint {
    fn from(error: MembershipError) -> Self {
        Self::Membership(error)
    }
}

impl From<CheckpointError> for Complaint {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::Stopping => Self::Stopping,
            CheckpointError::Late => Self::Snapshot { problem: error.to_string() },
        }
    }
}

impl From<HistoryError> for Complaint {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::ForeignToken => Self::PageToken,
            other => Self::History { problem: other.to_string() },
        }
    }
}

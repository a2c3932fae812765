//! The gRPC code of each complaint: what a program does about it without reading the reason.

use super::Complaint;
use ledger::Refusal;
use replica::MembershipError;
use tonic::Code;
use wire::InputError;

impl Complaint {
    /// The code.
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) | Self::Input(InputError::Unknown { refusal, .. }) => {
                of(refusal)
            }
            Self::Input(InputError::Field(_))
            | Self::BatchTooLarge { .. }
            | Self::DeadlineMissing
            | Self::DeadlineTooLong { .. }
            | Self::PageToken
            | Self::NumberReused { .. } => Code::InvalidArgument,
            Self::MessageTooLarge { .. } | Self::RateLimited { .. } | Self::TooManyOpenStreams => {
                Code::ResourceExhausted
            }
            Self::Overloaded { .. }
            | Self::TooManyConnections
            | Self::NoQuorum { .. }
            | Self::NotReady
            | Self::OutcomeUnknown
            | Self::Stopping
            | Self::DiskFull
            | Self::Diverged
            | Self::TooStale { .. }
            | Self::History { .. } => Code::Unavailable,
            Self::Compacted { .. } | Self::Ahead { .. } => Code::OutOfRange,
            Self::SlowReader { .. } => Code::Aborted,
            Self::UnknownRequest => Code::NotFound,
            Self::Membership(error) => membership(error),
            Self::LastVoter { .. } => Code::FailedPrecondition,
            Self::Snapshot { .. } => Code::Internal,
        }
    }
}

const fn membership(error: &MembershipError) -> Code {
    match error {
        MembershipError::NoQuorum { .. }
        | MembershipError::Unreachable { .. }
        | MembershipError::Incomplete { .. }
        | MembershipError::Stopping => Code::Unavailable,
        MembershipError::Unknown { .. } => Code::NotFound,
        MembershipError::Initialized | MembershipError::Duplicate { .. } => Code::AlreadyExists,
        MembershipError::Members { .. } => Code::InvalidArgument,
        MembershipError::OtherNode { .. }
        | MembershipError::OtherCluster { .. }
        | MembershipError::OtherFingerprint { .. } => Code::FailedPrecondition,
    }
}

const fn of(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::Internal => Code::Internal,
        Refusal::RequestFromFuture
        | Refusal::RequestMalformed
        | Refusal::OutOfBounds { .. }
        | Refusal::SameFacility
        | Refusal::WrongKind
        | Refusal::Inconsistent { .. }
        | Refusal::ReasonMissing => Code::InvalidArgument,
        Refusal::TooLate => Code::DeadlineExceeded,
        Refusal::TooManyStreams | Refusal::CatalogueFull { .. } | Refusal::TooManyCommitments => {
            Code::ResourceExhausted
        }
        Refusal::UnknownInstitution
        | Refusal::UnknownFacility
        | Refusal::UnknownService
        | Refusal::UnknownAgenda
        | Refusal::UnknownSlot
        | Refusal::UnknownCommitment
        | Refusal::Forgotten => Code::NotFound,
        Refusal::Taken => Code::Aborted,
        Refusal::NotYours => Code::PermissionDenied,
        Refusal::RequestTooOld
        | Refusal::RequestReused
        | Refusal::FacilityClosed
        | Refusal::ServiceClosed
        | Refusal::CodesDisagree { .. }
        | Refusal::HasCommitments { .. }
        | Refusal::KindFixed
        | Refusal::OtherIncarnation { .. }
        | Refusal::WatermarkWentBack { .. }
        | Refusal::WatermarkAhead { .. }
        | Refusal::CapacityUnconfirmed
        | Refusal::NothingToReturn
        | Refusal::NeverReported
        | Refusal::SlotBegun
        | Refusal::Blocked
        | Refusal::StaleFacility
        | Refusal::AgendaOverlaps { .. }
        | Refusal::FencingMismatch { .. }
        | Refusal::Expired
        | Refusal::AlreadyReleased
        | Refusal::AlreadyBooked
        | Refusal::AlreadyCancelled
        | Refusal::AlreadyArrived
        | Refusal::AlreadyEnded
        | Refusal::NotBooked
        | Refusal::NotArrived
        | Refusal::SlotNotBegun => Code::FailedPrecondition,
    }
}

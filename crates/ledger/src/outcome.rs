//! What became of a command. The numbers are published and never used again.

use crate::limits::LEGS_MAX;
use crate::words::{AgendaId, Clues, CommitmentId, FacilityId, Revision};
use alloc::vec::Vec;

/// What became of a command: done, or refused without changing anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was carried out.
    Done(Done),
    /// It was refused, and nothing changed.
    Refused(Refusal),
}

/// What a command that was carried out answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Done {
    /// Nothing more to say.
    Plain,
    /// A facility has this number.
    Facility(FacilityId),
    /// An agenda has this number.
    Agenda(AgendaId),
    /// Places were taken.
    Granted(Granted),
    /// The report was not newer than the last one and changed nothing.
    Stale {
        /// The newest report's number.
        sequence: u64,
    },
    /// A first report: the number of beds it names waits for an operator's confirmation.
    Proposed {
        /// Beds it names.
        beds: u32,
    },
    /// The report claims more beds than are registered: the claim is shown to an operator, and what
    /// was believed before still stands.
    ClaimHeld {
        /// Beds registered.
        registered: u32,
    },
    /// The report was believed, and leaves more commitments than room.
    Overcommitted {
        /// Commitments without room.
        by: u32,
    },
}

/// Places that one command took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Granted {
    /// The first leg's commitment; the others follow without a gap.
    pub first: CommitmentId,
    /// The fencing number of all of them.
    pub fencing: Revision,
    /// How many legs there were.
    pub legs: u8,
    /// For each leg, which of its candidates was taken, from 0.
    pub choices: [u8; LEGS_MAX],
}

/// Why a command was refused. One list for all commands: the same refusal means the same
/// everywhere, and stands one to one for a reason in the public messages. Each act's file names
/// the refusals it gives, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Refusal {
    /// A check that ought to hold did not; the state is unchanged, and operators are told.
    Internal = 1,

    // Identity and time.
    /// The request is older than the ledger remembers, so it may have been carried out before.
    RequestTooOld = 10,
    /// The request's own clock is too far ahead.
    RequestFromFuture = 11,
    /// The request's id is no UUIDv7, or its sequence in a stream is beyond any that could be real.
    RequestMalformed = 12,
    /// The same id came with another body.
    RequestReused = 13,
    /// The command waited past its sender's deadline.
    TooLate = 14,
    /// There are as many bulk streams as are remembered.
    TooManyStreams = 15,

    // Catalogue.
    /// No such institution.
    UnknownInstitution = 20,
    /// No such facility.
    UnknownFacility = 21,
    /// No such service.
    UnknownService = 22,
    /// The facility is closed or merged into another.
    FacilityClosed = 23,
    /// The service is closed.
    ServiceClosed = 24,
    /// The codes given belong to different facilities; merge them first.
    CodesDisagree {
        /// One of them.
        one: Clues,
        /// Another.
        other: Clues,
    } = 25,
    /// It has live commitments, which would be stranded.
    HasCommitments {
        /// How many.
        count: u32,
        /// The first of them.
        named: Vec<CommitmentId>,
    } = 26,
    /// A service cannot change from beds to slots or to another kind of either.
    KindFixed = 27,
    /// A bound of the catalogue is met.
    CatalogueFull {
        /// What there is too much of.
        bound: Bound,
    } = 28,
    /// A number in the command is out of its bounds.
    OutOfBounds {
        /// Which.
        bound: Bound,
    } = 29,
    /// A facility cannot be merged into itself.
    SameFacility = 30,

    // Reports.
    /// The service has no beds to report, or no agenda to publish.
    WrongKind = 40,
    /// The report speaks of another incarnation of the cluster.
    OtherIncarnation {
        /// This one.
        incarnation: u64,
    } = 41,
    /// The report accounts for less than the last one did.
    WatermarkWentBack {
        /// The last one's.
        accounted_through: u64,
    } = 42,
    /// The report accounts for commitments that were never granted.
    WatermarkAhead {
        /// The newest commitment's number.
        last_number: u64,
    } = 43,
    /// The numbers of the report contradict each other.
    Inconsistent {
        /// Which.
        bound: Bound,
    } = 44,
    /// Nobody has confirmed how many beds the service has.
    CapacityUnconfirmed = 46,
    /// The acknowledgement speaks of a place that the last word already gives as free, or that was
    /// never accounted for.
    NothingToReturn = 47,
    /// The facility has said nothing yet.
    NeverReported = 48,

    // Places.
    /// No such agenda.
    UnknownAgenda = 60,
    /// No such slot.
    UnknownSlot = 61,
    /// The slot has begun.
    SlotBegun = 62,
    /// The slot or bed is blocked.
    Blocked = 63,
    /// The facility has not been heard of for too long.
    StaleFacility = 64,
    /// Somebody else has it: no candidate has room.
    Taken = 65,
    /// The slots overlap slots that the service already has.
    AgendaOverlaps {
        /// With this agenda.
        agenda: AgendaId,
    } = 66,

    // Commitments.
    /// No such commitment was ever granted.
    UnknownCommitment = 80,
    /// It ended long ago; its history has the rest.
    Forgotten = 81,
    /// It was granted to another author.
    NotYours = 82,
    /// The fencing number is not the commitment's.
    FencingMismatch {
        /// The commitment's.
        fencing: Revision,
    } = 83,
    /// The hold's deadline has passed.
    Expired = 84,
    /// The hold was given back.
    AlreadyReleased = 85,
    /// It is a booking already.
    AlreadyBooked = 86,
    /// It was cancelled.
    AlreadyCancelled = 87,
    /// The patient has arrived already.
    AlreadyArrived = 88,
    /// It ended in another way.
    AlreadyEnded = 89,
    /// It is a hold; confirm it first.
    NotBooked = 90,
    /// The patient has not arrived.
    NotArrived = 91,
    /// The slot has not begun.
    SlotNotBegun = 92,
    /// The ledger has as many commitments as it may.
    TooManyCommitments = 93,
    /// Overcapacity needs an author and a reason.
    ReasonMissing = 94,
}

/// Which number was out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Bound {
    /// How many institutions there are.
    Institutions = 1,
    /// How many facilities there are.
    Facilities = 2,
    /// How many services a facility has.
    Services = 3,
    /// How many other codes a facility has.
    Aliases = 4,
    /// A position that is not on the globe.
    Position = 5,
    /// A municipality's code.
    Municipality = 6,
    /// How many beds a service has.
    Beds = 7,
    /// How many exceptions a report names, or one above its watermark.
    Exceptions = 8,
    /// The physical and the usable count of a report differ.
    BedTotals = 9,
    /// More places available than free or open beds.
    Available = 10,
    /// How many slots an agenda has.
    Slots = 11,
    /// How long a slot is: at least a second and at most a step.
    SlotLength = 12,
    /// How long a row is: rows must not overlap.
    RowLength = 13,
    /// When an agenda begins or ends.
    AgendaTime = 14,
    /// How many people a slot has room for.
    SlotCapacity = 15,
    /// How many agendas a service has.
    Agendas = 16,
    /// How many legs a hold has, at least one.
    Legs = 17,
    /// How many candidates a leg has, at least one.
    Candidates = 18,
    /// How long a hold is kept.
    HoldSeconds = 19,
    /// How long a bed waits for its patient.
    ArrivalSeconds = 20,
    /// How many commitments a ward has.
    WardCommitments = 21,
}

impl Outcome {
    /// A grant, where this is one.
    #[must_use]
    pub const fn granted(&self) -> Option<&Granted> {
        match self {
            Self::Done(Done::Granted(granted)) => Some(granted),
            _ => None,
        }
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

impl Refusal {
    /// Whether the same command under a new id may be carried out later, nothing else changing
    /// than time or what others do.
    #[must_use]
    pub const fn transient(&self) -> bool {
        matches!(
            self,
            Self::TooManyStreams
                | Self::CapacityUnconfirmed
                | Self::Blocked
                | Self::StaleFacility
                | Self::Taken
                | Self::SlotNotBegun
                | Self::NotArrived
                | Self::TooManyCommitments
                | Self::NeverReported
        )
    }
}

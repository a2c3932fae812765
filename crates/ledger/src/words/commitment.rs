//! Commitments: holds and bookings, the two that take room.

use super::ids::{CommitmentId, ServiceId, SlotId};
use super::moment::{Moment, Revision};
use super::person::{Author, Basis, PersonId};
use super::text::Text;
use crate::limits::REASON_BYTES_MAX;
use alloc::boxed::Box;

/// Where a commitment takes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A bed of this service.
    Bed(ServiceId),
    /// A place in this slot.
    Slot(SlotId),
}

/// Where a commitment stands in its life. For a slot these are FHIR's appointment codes
/// (`pending`, `booked`, `arrived`, `fulfilled`, `noshow`, `cancelled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Status {
    /// A hold: kept for a moment, with a deadline (FHIR: pending).
    Held = 1,
    /// A booking: confirmed; for a bed, assigned.
    Booked = 2,
    /// The patient is there.
    Arrived = 3,
    /// It is over.
    Ended(Ending) = 4,
}

impl Status {
    /// Whether it takes room.
    #[must_use]
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Ended(_))
    }
}

/// How a commitment ended. Each ends exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Ending {
    /// The holder gave the hold back.
    Released = 1,
    /// The hold's deadline passed.
    Expired = 2,
    /// The booking was cancelled.
    Cancelled = 3,
    /// The visit took place, or the patient was discharged.
    Fulfilled = 4,
    /// The patient did not come.
    NoShow = 5,
    /// The patient was moved to another place in the same commit.
    Transferred = 6,
    /// The agenda is long past and nobody said what became of it.
    Unreported = 7,
}

impl Ending {
    /// The ending with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Released,
            2 => Self::Expired,
            3 => Self::Cancelled,
            4 => Self::Fulfilled,
            5 => Self::NoShow,
            6 => Self::Transferred,
            7 => Self::Unreported,
            _ => return None,
        })
    }
}

/// Which of the commitments granted by one command this is: they have consecutive numbers and are
/// confirmed, released and cancelled together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Joint {
    /// Its place among them, from 0.
    pub index: u8,
    /// How many there are, at least 1.
    pub count: u8,
}

/// A hold or booking as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commitment {
    /// Where it takes room.
    pub place: Place,
    /// Its number among its ward's commitments; 0 for a slot.
    pub number: u64,
    /// Where it stands.
    pub status: Status,
    /// Those granted with it.
    pub joint: Joint,
    /// Whether it is a bed booking whose patient should have arrived by now; it still counts.
    pub overdue: bool,
    /// The fencing number: the revision of its last grant or extension. Whoever confirms must name
    /// it, so that a holder who slept through an expiry cannot act on what is no longer theirs.
    pub fencing: Revision,
    /// When something happens by itself: a hold expires, a bed booking is overdue.
    /// [`Moment::MAX`] for never; a slot's booking ends with its agenda. Of an ended one it says
    /// when it ended.
    pub deadline: Moment,
    /// When it was granted.
    pub granted: Moment,
    /// How long a bed is kept for its patient once booked, in seconds; 0 for a slot.
    pub arrival_seconds: u32,
    /// For whom.
    pub person: Option<PersonId>,
    /// Who asked.
    pub author: Option<Author>,
    /// What few commitments have, kept apart so that the many stay small.
    pub rare: Option<Box<Rare>>,
}

/// What few commitments have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rare {
    /// By what right it crosses institutions.
    pub basis: Option<Basis>,
    /// Why it was granted beyond the room there was.
    pub overcapacity: Option<Text<REASON_BYTES_MAX>>,
    /// What the facility says against it.
    pub dispute: Option<Text<REASON_BYTES_MAX>>,
    /// The commitment it was transferred from.
    pub transferred_from: Option<CommitmentId>,
}

impl Commitment {
    /// The numbers of all commitments granted with this one, itself included.
    pub fn joined(&self, id: CommitmentId) -> impl Iterator<Item = CommitmentId> + use<> {
        let first = id.0.saturating_sub(u64::from(self.joint.index));
        (first..first + u64::from(self.joint.count)).map(CommitmentId)
    }

    /// The basis it rests on, if it has one.
    #[must_use]
    pub fn basis(&self) -> Option<&Basis> {
        self.rare.as_deref().and_then(|rare| rare.basis.as_ref())
    }
}

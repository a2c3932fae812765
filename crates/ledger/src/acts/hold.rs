//! Take places: the first candidate of each leg that has room, all legs or none.

use crate::limits::REASON_BYTES_MAX;
use crate::words::{Basis, PersonId, Place, Text};
use alloc::vec::Vec;

/// Takes one place per leg, all in one commit or none: for each leg the first of its candidates
/// that has room now. A stale picture can make a worse choice, never an oversale.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// The places wanted together (a teleconsultation has two: consulting and consulted unit).
    pub legs: Vec<Leg>,
    /// How long they are kept, or booked at once.
    pub terms: Terms,
    /// How long a booked bed waits for its patient, in seconds; 0 for the default.
    pub arrival_seconds: u32,
    /// For whom.
    pub person: Option<PersonId>,
    /// By what right it crosses institutions.
    pub basis: Option<Basis>,
    /// Why it may be granted beyond the room there is: declared overcapacity.
    pub overcapacity: Option<Text<REASON_BYTES_MAX>>,
}

/// One place wanted, by candidates in order of preference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Where it might be, best first.
    pub candidates: Vec<Place>,
}

/// How long places are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Terms {
    /// A hold, for this many seconds.
    Hold {
        /// Seconds from the log's moment.
        seconds: u32,
    },
    /// A booking at once.
    Book,
}

impl Hold {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

//! A ward's statement of its beds.

use crate::words::{BedCount, ServiceId};
use alloc::vec::Vec;

/// What a ward says of its beds, and which of cupo's commitments it had in mind when it counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Of which service.
    pub service: ServiceId,
    /// The report's number: the next one has a greater one.
    pub sequence: u64,
    /// The incarnation of the cluster whose commitments it speaks of.
    pub incarnation: u64,
    /// The beds on both axes.
    pub beds: BedCount,
    /// Places that are free and usable, as the ward sees them.
    pub available: u32,
    /// It accounts for every commitment of the service numbered up to this …
    pub accounted_through: u64,
    /// … except these.
    pub exceptions: Vec<u64>,
}

impl Report {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

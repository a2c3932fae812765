//! Move a booking to another place in one commit.

use crate::words::{CommitmentId, Place};
use alloc::vec::Vec;

/// Moves a booking to the first of these candidates that has room: the new place is taken and the old one given up in one commit, or neither.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Which.
    pub commitment: CommitmentId,
    /// Where to, best first.
    pub candidates: Vec<Place>,
    /// How long a bed waits for the patient there, in seconds; 0 for the default.
    pub arrival_seconds: u32,
}

impl Transfer {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

//! Turn a hold into a booking.

use crate::words::{CommitmentId, Revision};

/// Turns a hold, and those granted with it, into bookings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Confirm {
    /// Which.
    pub commitment: CommitmentId,
    /// The fencing number it was granted with.
    pub fencing: Revision,
}

impl Confirm {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

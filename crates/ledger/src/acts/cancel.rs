//! Cancel a booking.

use crate::words::CommitmentId;

/// Cancels a booking before its patient has arrived, and those granted with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cancel {
    /// Which.
    pub commitment: CommitmentId,
}

impl Cancel {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

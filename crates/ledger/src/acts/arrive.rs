//! The patient has arrived.

use crate::words::CommitmentId;

/// The patient is at the facility.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arrive {
    /// Which.
    pub commitment: CommitmentId,
}

impl Arrive {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

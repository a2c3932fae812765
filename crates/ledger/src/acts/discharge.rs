//! The patient has left the bed.

use crate::words::CommitmentId;

/// The patient has left the bed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Discharge {
    /// Which.
    pub commitment: CommitmentId,
}

impl Discharge {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

//! The patient did not come.

use crate::words::CommitmentId;

/// The patient of a booking did not come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoShow {
    /// Which.
    pub commitment: CommitmentId,
}

impl NoShow {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

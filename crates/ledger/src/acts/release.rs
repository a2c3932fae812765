//! Give a hold back.

use crate::words::{CommitmentId, Revision};

/// Gives a hold back, and those granted with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// Which.
    pub commitment: CommitmentId,
    /// The fencing number it was granted with.
    pub fencing: Revision,
}

impl Release {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

//! The visit has taken place.

use crate::words::CommitmentId;

/// The visit in a slot has taken place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fulfil {
    /// Which.
    pub commitment: CommitmentId,
}

impl Fulfil {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

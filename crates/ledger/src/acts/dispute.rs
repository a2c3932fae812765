//! A facility disputes a commitment.

use crate::limits::REASON_BYTES_MAX;
use crate::words::{CommitmentId, Text};

/// A facility says that it cannot honour a commitment, or never agreed to it. The commitment still counts until somebody ends it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dispute {
    /// Which.
    pub commitment: CommitmentId,
    /// Why.
    pub reason: Text<REASON_BYTES_MAX>,
}

impl Dispute {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

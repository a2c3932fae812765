//! Keep a hold longer.

use crate::words::{CommitmentId, Revision};

/// Keeps a hold, and those granted with it, this long from now; they get a new fencing number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extend {
    /// Which.
    pub commitment: CommitmentId,
    /// The fencing number it was granted with.
    pub fencing: Revision,
    /// Seconds from the log's moment.
    pub seconds: u32,
}

impl Extend {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}

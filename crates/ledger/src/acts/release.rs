//! Give a hold back.

use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::Ending;
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
    /// Refusals: those of a [hold](Step::hold), in its order.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let hold = step.hold(self.commitment, self.fencing)?;

        hold.joined(self.commitment).for_each(|one| step.end(one, Ending::Released));
        Ok(Done::Plain)
    }
}

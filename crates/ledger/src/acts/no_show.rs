//! The patient did not come.

use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::CommitmentId;
use crate::words::{Ending, Status};

/// The patient of a booking did not come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoShow {
    /// Which.
    pub commitment: CommitmentId,
}

impl NoShow {
    /// Refusals: those of a [booking](Step::booking), in its order, then
    /// [`Refusal::AlreadyArrived`], [`Refusal::SlotNotBegun`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let booking = step.booking(self.commitment)?;
        if booking.status == Status::Arrived {
            return Err(Refusal::AlreadyArrived);
        }
        if step.slot_start(booking.place).is_some_and(|start| step.moment < start) {
            return Err(Refusal::SlotNotBegun);
        }

        step.end(self.commitment, Ending::NoShow);
        Ok(Done::Plain)
    }
}

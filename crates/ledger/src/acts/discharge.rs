//! The patient has left the bed.

use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::CommitmentId;
use crate::words::{Ending, Place, Status};

/// The patient has left the bed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Discharge {
    /// Which.
    pub commitment: CommitmentId,
}

impl Discharge {
    /// Refusals: those of a [booking](Step::booking), in its order, then
    /// [`Refusal::WrongKind`], [`Refusal::NotArrived`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let booking = step.booking(self.commitment)?;
        if !matches!(booking.place, Place::Bed(_)) {
            return Err(Refusal::WrongKind);
        }
        if booking.status != Status::Arrived {
            return Err(Refusal::NotArrived);
        }

        step.end(self.commitment, Ending::Fulfilled);
        Ok(Done::Plain)
    }
}

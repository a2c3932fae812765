//! Cancel a booking.

use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::CommitmentId;
use crate::words::{Ending, Status};

/// Cancels a booking before its patient has arrived, and those granted with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cancel {
    /// Which.
    pub commitment: CommitmentId,
}

impl Cancel {
    /// Refusals: those of a [booking](Step::booking), in its order, then
    /// [`Refusal::AlreadyArrived`], of it or of one granted with it.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let booking = step.booking(self.commitment)?;
        let arrived = booking
            .joined(self.commitment)
            .any(|one| step.state.known(one).is_ok_and(|c| c.status == Status::Arrived));
        if arrived {
            return Err(Refusal::AlreadyArrived);
        }

        for one in booking.joined(self.commitment) {
            // One of them may have ended already: a patient who did not come to the first visit.
            if step.state.known(one).is_ok_and(|c| c.status.is_live()) {
                step.end(one, Ending::Cancelled);
            }
        }
        Ok(Done::Plain)
    }
}

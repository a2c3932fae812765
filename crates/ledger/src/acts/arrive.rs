//! The patient has arrived.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::CommitmentId;
use crate::words::{Moment, Place, Status};

/// The patient is at the facility.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arrive {
    /// Which.
    pub commitment: CommitmentId,
}

impl Arrive {
    /// Refusals: those of a [booking](Step::booking), in its order, then
    /// [`Refusal::AlreadyArrived`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let booking = step.booking(self.commitment)?;
        if booking.status == Status::Arrived {
            return Err(Refusal::AlreadyArrived);
        }

        if matches!(booking.place, Place::Bed(_)) {
            // Nobody knows when a patient will leave: nothing falls due for one who is there.
            step.state.set_deadline(self.commitment, Moment::MAX);
        }
        step.state.commitments.update(self.commitment.0, |booking| {
            booking.status = Status::Arrived;
            booking.overdue = false;
        });
        let facility = step.whereabouts(booking.place).1;
        step.happened(Some(facility), Happening::Arrived { commitment: self.commitment });
        Ok(Done::Plain)
    }
}

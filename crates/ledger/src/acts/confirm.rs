//! Turn a hold into a booking.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::Status;
use crate::words::{CommitmentId, Revision};

/// Turns a hold, and those granted with it, into bookings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Confirm {
    /// Which.
    pub commitment: CommitmentId,
    /// The fencing number it was granted with.
    pub fencing: Revision,
}

impl Confirm {
    /// Refusals: those of a [hold](Step::hold), in its order.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let hold = step.hold(self.commitment, self.fencing)?;

        for one in hold.joined(self.commitment) {
            let Ok(held) = step.state.known(one) else {
                unreachable!("what was granted together is remembered together")
            };
            let (place, seconds) = (held.place, held.arrival_seconds);
            let deadline = step.state.booking_deadline(place, step.moment, seconds);
            step.state.set_deadline(one, deadline);
            step.state.commitments.update(one.0, |held| held.status = Status::Booked);
            let facility = step.whereabouts(place).1;
            step.happened(Some(facility), Happening::Booked { commitment: one, deadline });
        }
        Ok(Done::Plain)
    }
}

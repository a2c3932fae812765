//! Move a booking to another place in one commit.

use super::hold::first_with_room;
use crate::limits::{ARRIVAL_SECONDS_MAX, CANDIDATES_MAX, LEGS_MAX};
use crate::outcome::{Bound, Done, Granted, Refusal};
use crate::state::Step;
use crate::words::{Commitment, Ending, Joint, Rare, Status};
use crate::words::{CommitmentId, Place};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Moves a booking to the first of these candidates that has room: the new place is taken and the
/// old one given up in one commit, or neither.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Which.
    pub commitment: CommitmentId,
    /// Where to, best first.
    pub candidates: Vec<Place>,
    /// How long a bed waits for the patient there, in seconds; 0 for the default.
    pub arrival_seconds: u32,
}

impl Transfer {
    /// Refusals: [`Refusal::OutOfBounds`], then those of a [booking](Step::booking) in its order,
    /// then those of a [`Hold`](super::Hold)'s candidates.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let bound = if !(1..=CANDIDATES_MAX).contains(&self.candidates.len()) {
            Some(Bound::Candidates)
        } else {
            (self.arrival_seconds > ARRIVAL_SECONDS_MAX).then_some(Bound::ArrivalSeconds)
        };
        if let Some(bound) = bound {
            return Err(Refusal::OutOfBounds { bound });
        }
        let booking = step.booking(self.commitment)?;
        let choice = first_with_room(step.state, &self.candidates, step.moment, false, |_| 0)?;

        let first = self.take_new(step, &booking, self.candidates[usize::from(choice)]);
        step.end(self.commitment, Ending::Transferred);
        let mut choices = [0; LEGS_MAX];
        choices[0] = choice;
        Ok(Done::Granted(Granted { first, fencing: step.revision, legs: 1, choices }))
    }

    /// The new place is taken before the old one is given up, so a transfer within one full ward
    /// is refused rather than left to the order of two steps.
    fn take_new(&self, step: &mut Step<'_>, booking: &Commitment, place: Place) -> CommitmentId {
        let rare = Rare {
            basis: booking.basis().copied(),
            transferred_from: Some(self.commitment),
            ..Rare::default()
        };
        let commitment = Commitment {
            place,
            number: 0,
            status: Status::Booked,
            joint: Joint { index: 0, count: 1 },
            overdue: false,
            fencing: step.revision,
            deadline: step.state.booking_deadline(place, step.moment, self.arrival_seconds),
            granted: step.moment,
            arrival_seconds: self.arrival_seconds,
            person: booking.person,
            author: step.author.or(booking.author),
            rare: Some(Box::new(rare)),
        };
        step.take(commitment, false)
    }
}

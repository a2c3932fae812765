//! Keep a hold longer.

use crate::event::Happening;
use crate::limits::{HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, LEGS_MAX};
use crate::outcome::{Bound, Done, Granted, Refusal};
use crate::state::Step;
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
    /// Refusals: [`Refusal::OutOfBounds`], then those of a [hold](Step::hold), in its order.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        if !(HOLD_SECONDS_MIN..=HOLD_SECONDS_MAX).contains(&self.seconds) {
            return Err(Refusal::OutOfBounds { bound: Bound::HoldSeconds });
        }
        let hold = step.hold(self.commitment, self.fencing)?;

        let (fencing, first) = (step.revision, hold.joined(self.commitment).next());
        let deadline = step.moment.plus_seconds(u64::from(self.seconds));
        for one in hold.joined(self.commitment) {
            step.state.set_deadline(one, deadline);
            step.state.commitments.update(one.0, |held| held.fencing = fencing);
            let Ok(held) = step.state.known(one) else {
                unreachable!("what was granted together is remembered together")
            };
            let facility = step.whereabouts(held.place).1;
            step.happened(Some(facility), Happening::Extended { commitment: one, deadline });
        }
        let (first, legs) = (first.unwrap_or(self.commitment), hold.joint.count);
        Ok(Done::Granted(Granted { first, fencing, legs, choices: [0; LEGS_MAX] }))
    }
}

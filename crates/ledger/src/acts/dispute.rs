//! A facility disputes a commitment.

use crate::event::Happening;
use crate::limits::REASON_BYTES_MAX;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::{CommitmentId, Text};

/// A facility says that it cannot honour a commitment, or never agreed to it. The commitment still
/// counts until somebody ends it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dispute {
    /// Which.
    pub commitment: CommitmentId,
    /// Why.
    pub reason: Text<REASON_BYTES_MAX>,
}

impl Dispute {
    /// Refusals: those of a [booking](Step::booking), in its order.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let booking = step.booking(self.commitment)?;

        step.state.commitments.update(self.commitment.0, |booking| {
            booking.rare.get_or_insert_default().dispute = Some(self.reason.clone());
        });
        let facility = step.whereabouts(booking.place).1;
        step.happened(Some(facility), Happening::Disputed { commitment: self.commitment });
        Ok(Done::Plain)
    }
}

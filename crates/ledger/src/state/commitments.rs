//! Finding the commitment a command speaks of, and whether it may.

use super::{State, Step};
use crate::outcome::Refusal;
use crate::words::{
    Author, Commitment, CommitmentId, Ending, Moment, Place, Revision, Role, Status,
};

impl State {
    /// A commitment that is remembered.
    pub fn known(&self, id: CommitmentId) -> Result<&Commitment, Refusal> {
        match self.commitments.get(id.0) {
            Some(commitment) => Ok(commitment),
            None if id.0 < self.next_commitment => Err(Refusal::Forgotten),
            None => Err(Refusal::UnknownCommitment),
        }
    }
}

impl Step<'_> {
    /// A hold that its holder still has: the checks that confirming, releasing and extending share.
    /// Refusals, in order: [`Refusal::UnknownCommitment`], [`Refusal::Forgotten`],
    /// [`Refusal::NotYours`], [`Refusal::FencingMismatch`], [`Refusal::Expired`],
    /// [`Refusal::AlreadyReleased`], [`Refusal::AlreadyCancelled`], [`Refusal::AlreadyEnded`],
    /// [`Refusal::AlreadyArrived`], [`Refusal::AlreadyBooked`], [`Refusal::Internal`].
    pub fn hold(&self, id: CommitmentId, fencing: Revision) -> Result<Commitment, Refusal> {
        let commitment = self.owned(id)?;
        if commitment.fencing != fencing {
            return Err(Refusal::FencingMismatch { fencing: commitment.fencing });
        }
        match commitment.status {
            // Time decides even before the expiry itself had its turn.
            Status::Held if commitment.deadline <= self.moment => Err(Refusal::Expired),
            Status::Held if !self.held_together(id, commitment) => Err(Refusal::Internal),
            Status::Held => Ok(commitment.clone()),
            Status::Booked => Err(Refusal::AlreadyBooked),
            Status::Arrived => Err(Refusal::AlreadyArrived),
            Status::Ended(ending) => Err(over(ending)),
        }
    }

    /// Whether all that was granted with a hold is held as long as it is: checked before the first
    /// of them is written, so that a fault in one refuses the command instead of stopping the node.
    fn held_together(&self, id: CommitmentId, hold: &Commitment) -> bool {
        hold.joined(id).all(|one| {
            let other = self.state.commitments.get(one.0);
            other.is_some_and(|c| c.status == Status::Held && c.deadline == hold.deadline)
        })
    }

    /// A booking, whose patient may have arrived: the checks that all later steps share.
    /// Refusals, in order: [`Refusal::UnknownCommitment`], [`Refusal::Forgotten`],
    /// [`Refusal::NotYours`], [`Refusal::Expired`], [`Refusal::AlreadyReleased`],
    /// [`Refusal::AlreadyCancelled`], [`Refusal::AlreadyEnded`], [`Refusal::NotBooked`].
    pub fn booking(&self, id: CommitmentId) -> Result<Commitment, Refusal> {
        let commitment = self.owned(id)?;
        match commitment.status {
            Status::Held if commitment.deadline <= self.moment => Err(Refusal::Expired),
            Status::Held => Err(Refusal::NotBooked),
            Status::Booked | Status::Arrived => Ok(commitment.clone()),
            Status::Ended(ending) => Err(over(ending)),
        }
    }

    /// What was granted to somebody is theirs, the facility's and the operators'.
    fn owned(&self, id: CommitmentId) -> Result<&Commitment, Refusal> {
        let commitment = self.state.known(id)?;
        match (commitment.author, self.author) {
            (Some(theirs), mine) if !may_act(theirs, mine) => Err(Refusal::NotYours),
            _ => Ok(commitment),
        }
    }

    /// When a slot begins; a bed has no beginning.
    pub fn slot_start(&self, place: Place) -> Option<Moment> {
        matches!(place, Place::Slot(_)).then(|| self.state.start_of(place))
    }
}

/// Whether somebody may act on what another author was granted.
fn may_act(theirs: Author, mine: Option<Author>) -> bool {
    mine.is_some_and(|mine| {
        mine.principal == theirs.principal || matches!(mine.role, Role::Facility | Role::Operator)
    })
}

const fn over(ending: Ending) -> Refusal {
    match ending {
        Ending::Expired => Refusal::Expired,
        Ending::Released => Refusal::AlreadyReleased,
        Ending::Cancelled => Refusal::AlreadyCancelled,
        Ending::Fulfilled | Ending::NoShow | Ending::Transferred | Ending::Unreported => {
            Refusal::AlreadyEnded
        }
    }
}

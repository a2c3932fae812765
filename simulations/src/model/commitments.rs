//! What becomes of a booking: cancelled, arrived, over, disputed.

use super::{Commitment, Mistake, Model};
use ledger::acts::{Arrive, Cancel, Discharge, Dispute, Fulfil, NoShow};
use ledger::words::{CommitmentId, Ending, Moment, Place, Revision, Role, Status};
use ledger::{Done, Refusal};

impl Model {
    /// A commitment that the asker may act on.
    fn theirs(&self, id: CommitmentId) -> Result<Commitment, Refusal> {
        let Some(commitment) = self.commitments.get(&id) else {
            let granted = id.0 < self.next_commitment;
            return Err(if granted { Refusal::Forgotten } else { Refusal::UnknownCommitment });
        };
        let Some(owner) = commitment.author else { return Ok(commitment.clone()) };
        let may = self.author.is_some_and(|asker| {
            asker.principal == owner.principal
                || asker.role == Role::Facility
                || asker.role == Role::Operator
        });
        if may { Ok(commitment.clone()) } else { Err(Refusal::NotYours) }
    }

    /// A hold that can still be confirmed, released or extended.
    pub(super) fn held(&self, id: CommitmentId, fencing: Revision) -> Result<Commitment, Refusal> {
        let hold = self.theirs(id)?;
        if hold.fencing != fencing {
            return Err(Refusal::FencingMismatch { fencing: hold.fencing });
        }
        match hold.status {
            Status::Held if hold.deadline <= self.moment => Err(Refusal::Expired),
            Status::Held => Ok(hold),
            Status::Booked => Err(Refusal::AlreadyBooked),
            Status::Arrived => Err(Refusal::AlreadyArrived),
            Status::Ended(ending) => Err(over(ending)),
        }
    }

    /// A booking that is not over.
    pub(super) fn booked(&self, id: CommitmentId) -> Result<Commitment, Refusal> {
        let booking = self.theirs(id)?;
        match booking.status {
            Status::Held if booking.deadline <= self.moment => Err(Refusal::Expired),
            Status::Held => Err(Refusal::NotBooked),
            Status::Booked | Status::Arrived => Ok(booking),
            Status::Ended(ending) => Err(over(ending)),
        }
    }

    pub(super) fn change(&mut self, id: CommitmentId, change: impl FnOnce(&mut Commitment)) {
        if let Some(commitment) = self.commitments.get_mut(&id) {
            change(commitment);
        }
    }

    pub(super) fn cancel(&mut self, act: &Cancel) -> Result<Done, Refusal> {
        let booking = self.booked(act.commitment)?;
        let status = |id: &CommitmentId| self.commitments.get(id).map(|c| c.status);
        let mut together = booking.together(act.commitment);
        if self.errs(Mistake::CancelledAlone) {
            together = vec![act.commitment];
        }
        if together.iter().any(|one| status(one) == Some(Status::Arrived)) {
            return Err(Refusal::AlreadyArrived);
        }
        together.retain(|one| status(one).is_some_and(Status::is_live));
        together.into_iter().for_each(|one| self.end(one, Ending::Cancelled));
        Ok(Done::Plain)
    }

    pub(super) fn arrive(&mut self, act: &Arrive) -> Result<Done, Refusal> {
        if self.booked(act.commitment)?.status == Status::Arrived {
            return Err(Refusal::AlreadyArrived);
        }
        self.change(act.commitment, |booking| {
            booking.status = Status::Arrived;
            booking.overdue = false;
            booking.deadline = Moment::MAX;
        });
        Ok(Done::Plain)
    }

    pub(super) fn discharge(&mut self, act: &Discharge) -> Result<Done, Refusal> {
        self.over(act.commitment, |place| matches!(place, Place::Bed(_)))
    }

    pub(super) fn fulfil(&mut self, act: &Fulfil) -> Result<Done, Refusal> {
        self.over(act.commitment, |place| matches!(place, Place::Slot(_)))
    }

    fn over(&mut self, id: CommitmentId, fits: fn(Place) -> bool) -> Result<Done, Refusal> {
        let booking = self.booked(id)?;
        if !fits(booking.place) {
            return Err(Refusal::WrongKind);
        }
        if booking.status != Status::Arrived {
            return Err(Refusal::NotArrived);
        }
        self.end(id, Ending::Fulfilled);
        Ok(Done::Plain)
    }

    pub(super) fn no_show(&mut self, act: &NoShow) -> Result<Done, Refusal> {
        let booking = self.booked(act.commitment)?;
        if booking.status == Status::Arrived {
            return Err(Refusal::AlreadyArrived);
        }
        if let Place::Slot(slot) = booking.place {
            let agenda = self.agendas.get(&slot.agenda);
            if agenda.is_some_and(|agenda| self.moment < agenda.begins(slot.index)) {
                return Err(Refusal::SlotNotBegun);
            }
        }
        self.end(act.commitment, Ending::NoShow);
        Ok(Done::Plain)
    }

    pub(super) fn dispute(&mut self, act: &Dispute) -> Result<Done, Refusal> {
        self.booked(act.commitment)?;
        self.change(act.commitment, |booking| booking.rare.dispute = Some(act.reason.clone()));
        Ok(Done::Plain)
    }
}

const fn over(ending: Ending) -> Refusal {
    match ending {
        Ending::Released => Refusal::AlreadyReleased,
        Ending::Expired => Refusal::Expired,
        Ending::Cancelled => Refusal::AlreadyCancelled,
        Ending::Fulfilled | Ending::NoShow | Ending::Transferred | Ending::Unreported => {
            Refusal::AlreadyEnded
        }
    }
}

//! Taking places: holds, their confirmation, release and extension, and transfers.

use super::{Commitment, Mistake, Model};
use ledger::acts::{Confirm, Extend, Hold, Release, Terms, Transfer};
use ledger::limits::{
    ARRIVAL_SECONDS_MAX, CANDIDATES_MAX, COMMITMENTS_MAX, HOLD_SECONDS_MAX, HOLD_SECONDS_MIN,
    LEGS_MAX,
};
use ledger::words::{CommitmentId, Ending, Joint, Place, Rare, Status};
use ledger::{Bound, Done, Granted, Refusal};

impl Model {
    pub(super) fn hold(&mut self, act: &Hold) -> Result<Done, Refusal> {
        if let Some(bound) = exceeded(act) {
            return Err(Refusal::OutOfBounds { bound });
        }
        let beyond = act.overcapacity.is_some();
        let reasoned = act.overcapacity.as_ref().is_none_or(|why| !why.is_empty());
        if beyond && (self.author.is_none() || !reasoned) {
            return Err(Refusal::ReasonMissing);
        }
        if (self.commitments.len() + act.legs.len()) as u64 > COMMITMENTS_MAX {
            return Err(Refusal::TooManyCommitments);
        }
        let (mut choices, mut places) = ([0; LEGS_MAX], Vec::new());
        for (leg, choice) in act.legs.iter().zip(&mut choices) {
            *choice = self.first_with_room(&leg.candidates, &places, beyond)?;
            places.push(leg.candidates[usize::from(*choice)]);
        }

        let (first, fencing) = (CommitmentId(self.next_commitment), self.revision);
        let legs = places.len() as u8;
        for (index, place) in (0..).zip(places) {
            let commitment = self.granted(act, place, Joint { index, count: legs });
            self.take(commitment);
        }
        Ok(Done::Granted(Granted { first, fencing, legs, choices }))
    }

    fn granted(&self, act: &Hold, place: Place, joint: Joint) -> Commitment {
        let (status, deadline) = match act.terms {
            Terms::Hold { seconds } => (Status::Held, self.moment.plus_seconds(u64::from(seconds))),
            Terms::Book => (Status::Booked, self.booking_deadline(place, act.arrival_seconds)),
        };
        let (basis, overcapacity) = (act.basis, act.overcapacity.clone());
        Commitment {
            place,
            number: 0,
            status,
            joint,
            overdue: false,
            fencing: self.revision,
            deadline,
            granted: self.moment,
            arrival_seconds: act.arrival_seconds,
            person: act.person,
            author: self.author,
            rare: Rare { basis, overcapacity, ..Rare::default() },
        }
    }

    pub(super) fn confirm(&mut self, act: &Confirm) -> Result<Done, Refusal> {
        let hold = self.held(act.commitment, act.fencing)?;
        for one in hold.together(act.commitment) {
            let held = &self.commitments[&one];
            let deadline = self.booking_deadline(held.place, held.arrival_seconds);
            self.change(one, |held| {
                held.status = Status::Booked;
                held.deadline = deadline;
            });
        }
        Ok(Done::Plain)
    }

    pub(super) fn release(&mut self, act: &Release) -> Result<Done, Refusal> {
        let hold = self.held(act.commitment, act.fencing)?;
        for one in hold.together(act.commitment) {
            self.end(one, Ending::Released);
        }
        Ok(Done::Plain)
    }

    pub(super) fn extend(&mut self, act: &Extend) -> Result<Done, Refusal> {
        if !(HOLD_SECONDS_MIN..=HOLD_SECONDS_MAX).contains(&act.seconds) {
            return Err(Refusal::OutOfBounds { bound: Bound::HoldSeconds });
        }
        let hold = self.held(act.commitment, act.fencing)?;
        let deadline = self.moment.plus_seconds(u64::from(act.seconds));
        let stays = self.errs(Mistake::FencingStays);
        let fencing = if stays { hold.fencing } else { self.revision };
        let together = hold.together(act.commitment);
        for one in &together {
            self.change(*one, |held| {
                held.deadline = deadline;
                held.fencing = fencing;
            });
        }
        let legs = hold.joint.count;
        Ok(Done::Granted(Granted { first: together[0], fencing, legs, choices: [0; LEGS_MAX] }))
    }

    pub(super) fn transfer(&mut self, act: &Transfer) -> Result<Done, Refusal> {
        let bound = if !(1..=CANDIDATES_MAX).contains(&act.candidates.len()) {
            Some(Bound::Candidates)
        } else {
            (act.arrival_seconds > ARRIVAL_SECONDS_MAX).then_some(Bound::ArrivalSeconds)
        };
        if let Some(bound) = bound {
            return Err(Refusal::OutOfBounds { bound });
        }
        let booking = self.booked(act.commitment)?;
        let choice = if self.errs(Mistake::TransferFreesFirst) {
            let mut without = self.clone();
            without.end(act.commitment, Ending::Transferred);
            without.first_with_room(&act.candidates, &[], false)?
        } else {
            self.first_with_room(&act.candidates, &[], false)?
        };

        let place = act.candidates[usize::from(choice)];
        let first = self.take(Commitment {
            place,
            number: 0,
            status: Status::Booked,
            joint: Joint { index: 0, count: 1 },
            overdue: false,
            fencing: self.revision,
            deadline: self.booking_deadline(place, act.arrival_seconds),
            granted: self.moment,
            arrival_seconds: act.arrival_seconds,
            person: booking.person,
            author: self.author.or(booking.author),
            rare: Rare {
                basis: booking.rare.basis,
                transferred_from: Some(act.commitment),
                ..Rare::default()
            },
        });
        self.end(act.commitment, Ending::Transferred);
        let mut choices = [0; LEGS_MAX];
        choices[0] = choice;
        Ok(Done::Granted(Granted { first, fencing: self.revision, legs: 1, choices }))
    }
}

fn exceeded(act: &Hold) -> Option<Bound> {
    let kept = match act.terms {
        Terms::Hold { seconds } => (HOLD_SECONDS_MIN..=HOLD_SECONDS_MAX).contains(&seconds),
        Terms::Book => true,
    };
    if act.legs.is_empty() || act.legs.len() > LEGS_MAX {
        Some(Bound::Legs)
    } else if act.legs.iter().any(|leg| !(1..=CANDIDATES_MAX).contains(&leg.candidates.len())) {
        Some(Bound::Candidates)
    } else if !kept {
        Some(Bound::HoldSeconds)
    } else if act.arrival_seconds > ARRIVAL_SECONDS_MAX {
        Some(Bound::ArrivalSeconds)
    } else {
        None
    }
}

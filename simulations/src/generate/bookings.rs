//! Drawing holds, bookings and what becomes of them.

use super::draft::{Draft, has_arrived, is_booked, is_held};
use ledger::Act;
use ledger::acts::{
    Arrive, Cancel, Confirm, Discharge, Dispute, Extend, Fulfil, Hold, Leg, NoShow, Release, Terms,
    Transfer,
};
use ledger::limits::{
    ARRIVAL_SECONDS_MAX, CANDIDATES_MAX, HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, LEGS_MAX,
};
use ledger::words::{Basis, BasisKind, CommitmentId, PersonId, Place, PolicyVersion, Revision};
use std::num::NonZeroU128;

impl Draft<'_> {
    pub fn hold(&mut self) -> Act {
        let legs = match self.chance.below(50) {
            0 => 0,
            1 => LEGS_MAX + 1,
            2..8 => 2,
            8 => 3,
            _ => 1,
        };
        let mut legs: Vec<_> = (0..legs).map(|_| Leg { candidates: self.candidates() }).collect();
        if legs.len() > 1 && self.chance.once_in(3) {
            legs[1] = legs[0].clone();
        }
        let beyond = self.chance.once_in(25);
        Act::Hold(Hold {
            legs,
            terms: self.terms(),
            arrival_seconds: self.arrival_seconds(),
            person: self.person(),
            basis: self.basis(),
            overcapacity: beyond.then(|| self.reason()),
        })
    }

    /// Places to try, mostly one or two.
    fn candidates(&mut self) -> Vec<Place> {
        let count = match self.chance.below(60) {
            0 => 0,
            1 => return vec![self.place(); CANDIDATES_MAX + 1],
            2..20 => 2,
            20..24 => 4,
            _ => 1,
        };
        (0..count).map(|_| self.place()).collect()
    }

    fn terms(&mut self) -> Terms {
        if self.chance.once_in(3) {
            return Terms::Book;
        }
        Terms::Hold { seconds: self.hold_seconds() }
    }

    fn hold_seconds(&mut self) -> u32 {
        match self.chance.below(40) {
            0 => HOLD_SECONDS_MIN - 1,
            1 => HOLD_SECONDS_MAX + 1,
            2 => HOLD_SECONDS_MAX,
            3..8 => HOLD_SECONDS_MIN,
            _ => self.chance.one_of([10, 60, 300]),
        }
    }

    fn arrival_seconds(&mut self) -> u32 {
        self.chance.one_of([0, 0, 1, 60, 600, 3_600, 3_600, ARRIVAL_SECONDS_MAX])
            + u32::from(self.chance.once_in(30)) * (ARRIVAL_SECONDS_MAX + 1)
    }

    fn person(&mut self) -> Option<PersonId> {
        NonZeroU128::new(u128::from(self.chance.below(4))).map(PersonId)
    }

    fn basis(&mut self) -> Option<Basis> {
        let kinds = [BasisKind::Consent, BasisKind::JudicialOrder, BasisKind::Emergency];
        let policy = self.chance.once_in(2).then_some(PolicyVersion(2));
        let basis = Basis { kind: self.chance.one_of(kinds), reference: 5, policy };
        self.chance.once_in(6).then_some(basis)
    }

    /// The fencing number of a commitment, rarely another.
    fn fencing(&mut self, commitment: CommitmentId) -> Revision {
        let known = self.model.commitments.get(&commitment).map_or(0, |c| c.fencing.0);
        Revision(if self.chance.once_in(10) { known + 1 } else { known })
    }

    pub fn confirm(&mut self) -> Act {
        let commitment = self.commitment(is_held);
        Act::Confirm(Confirm { commitment, fencing: self.fencing(commitment) })
    }

    pub fn release(&mut self) -> Act {
        let commitment = self.commitment(is_held);
        Act::Release(Release { commitment, fencing: self.fencing(commitment) })
    }

    pub fn extend(&mut self) -> Act {
        let commitment = self.commitment(is_held);
        let (fencing, seconds) = (self.fencing(commitment), self.hold_seconds());
        Act::Extend(Extend { commitment, fencing, seconds })
    }

    pub fn cancel(&mut self) -> Act {
        Act::Cancel(Cancel { commitment: self.commitment(is_booked) })
    }

    pub fn arrive(&mut self) -> Act {
        Act::Arrive(Arrive { commitment: self.commitment(is_booked) })
    }

    pub fn discharge(&mut self) -> Act {
        let in_bed = |place| matches!(place, Place::Bed(_));
        let commitment = self.commitment(|c| has_arrived(c) && in_bed(c.place));
        Act::Discharge(Discharge { commitment })
    }

    pub fn fulfil(&mut self) -> Act {
        let in_slot = |place| matches!(place, Place::Slot(_));
        let commitment = self.commitment(|c| has_arrived(c) && in_slot(c.place));
        Act::Fulfil(Fulfil { commitment })
    }

    pub fn no_show(&mut self) -> Act {
        Act::NoShow(NoShow { commitment: self.commitment(is_booked) })
    }

    pub fn transfer(&mut self) -> Act {
        let commitment = self.commitment(|c| is_booked(c) || has_arrived(c));
        let mut candidates = self.candidates();
        let from = self.model.commitments.get(&commitment).map(|c| c.place);
        if let (Some(from), true) = (from, self.chance.once_in(4)) {
            candidates = vec![from];
        }
        let arrival_seconds = self.arrival_seconds();
        Act::Transfer(Transfer { commitment, candidates, arrival_seconds })
    }

    pub fn dispute(&mut self) -> Act {
        let commitment = self.commitment(|c| is_booked(c) || has_arrived(c));
        Act::Dispute(Dispute { commitment, reason: self.reason() })
    }
}

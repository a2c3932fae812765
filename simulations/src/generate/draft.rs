//! What every act's drawing needs: chance, what there is, and when it is.

use super::{Chance, INCARNATION};
use crate::model::{Commitment, Model};
use ledger::Act;
use ledger::words::{
    Author, CommitmentId, Ending, FacilityId, Moment, Place, Role, ServiceId, SlotId, Status, Text,
};

/// One command being drawn.
pub(super) struct Draft<'a> {
    pub chance: &'a mut Chance,
    pub model: &'a Model,
    pub now: Moment,
}

impl Draft<'_> {
    /// The cluster's incarnation, rarely another.
    pub fn incarnation(&mut self) -> u64 {
        INCARNATION + u64::from(self.chance.once_in(25))
    }

    /// A facility, rarely one that there is not.
    pub fn facility(&mut self) -> FacilityId {
        let known = self.model.facilities.len() as u32;
        FacilityId(if self.chance.once_in(20) { known } else { self.chance.below(known) })
    }

    /// A service that fits, mostly; rarely any, or one that there is not.
    pub fn service(&mut self, fits: impl Fn(&crate::model::Service) -> bool) -> ServiceId {
        let known = self.model.services.len() as u32;
        if self.chance.once_in(40) {
            return ServiceId(known);
        }
        let open = |facility| self.model.facilities[&facility].status as u8 == 0;
        let services = self.model.services.iter();
        let fitting = services.filter(|(_, s)| fits(s) && s.open && open(s.facility));
        let fitting: Vec<_> = fitting.map(|(id, _)| *id).collect();
        let strange = self.chance.once_in(12);
        let fitting = self.chance.pick(&fitting).filter(|_| !strange);
        fitting.unwrap_or_else(|| ServiceId(self.chance.below(known)))
    }

    /// A bed or a slot, mostly one that might be free.
    pub fn place(&mut self) -> Place {
        if self.chance.below(100) < 55 {
            return Place::Bed(self.service(|service| service.kind.is_bed()));
        }
        Place::Slot(self.slot())
    }

    fn slot(&mut self) -> SlotId {
        let agendas = self.model.agendas.iter();
        let ahead = agendas.filter(|(_, agenda)| agenda.begins_last() > self.now);
        let ahead: Vec<_> = ahead.map(|(id, _)| *id).collect();
        let all: Vec<_> = self.model.agendas.keys().copied().collect();
        let from = if self.chance.once_in(10) { &all } else { &ahead };
        let agenda = self.chance.pick(from).filter(|_| !self.chance.once_in(40));
        let Some(agenda) = agenda else {
            let agenda = ledger::words::AgendaId(self.model.next_agenda);
            return SlotId { agenda, index: 0 };
        };
        let slots = self.model.agendas[&agenda].slots() as u32;
        let beyond = u32::from(self.chance.once_in(12));
        SlotId { agenda, index: self.chance.below(slots + beyond) as u16 }
    }

    /// A commitment that fits, mostly; rarely any other, a forgotten one, or none.
    pub fn commitment(&mut self, fits: impl Fn(&Commitment) -> bool) -> CommitmentId {
        let fitting = |fits: &dyn Fn(&Commitment) -> bool| -> Vec<CommitmentId> {
            let known = self.model.commitments.iter();
            known.filter(|(_, c)| fits(c)).map(|(id, _)| *id).collect()
        };
        let from = match self.chance.below(100) {
            0..64 => fitting(&fits),
            64..74 => fitting(&|c| c.status.is_live()),
            74..94 => {
                let ending = Ending::from_number(self.chance.one_of([1, 1, 2, 3, 4, 5, 6, 7]));
                fitting(&|c| ending.is_some_and(|ending| c.status == Status::Ended(ending)))
            }
            94..96 => return CommitmentId(self.model.next_commitment),
            96..98 => Vec::new(),
            _ => fitting(&|c| !c.status.is_live()),
        };
        let next = u32::try_from(self.model.next_commitment).unwrap_or(u32::MAX);
        self.chance.pick(&from).unwrap_or_else(|| CommitmentId(self.chance.below(next).into()))
    }

    /// Who asks: mostly whoever may.
    pub fn author(&mut self, act: &Act) -> Option<Author> {
        let owner = subject(act).and_then(|id| self.model.commitments.get(&id)?.author);
        if owner.is_some() && !self.chance.once_in(5) {
            return owner;
        }
        let roles = [Role::Desk, Role::Facility, Role::Citizen, Role::Operator, Role::Auditor];
        let role = self.chance.one_of(roles);
        let principal = u64::from(self.chance.below(3));
        (!self.chance.once_in(6)).then_some(Author { principal, role })
    }

    /// Mostly none; otherwise just past, now, or just ahead.
    pub fn not_after(&mut self) -> Moment {
        let now = self.now.micros();
        match self.chance.below(40) {
            0 => Moment::from_micros(now - 1),
            1 | 2 => self.now,
            3 => Moment::from_micros(now + 1),
            _ => Moment::ZERO,
        }
    }

    /// A reason; empty when nobody gave one.
    pub fn reason<const MAX: usize>(&mut self) -> Text<MAX> {
        let reason = self.chance.one_of(["epidemia", "sin oxígeno", ""]);
        Text::new(reason).unwrap_or_default()
    }
}

/// The commitment an act speaks of.
const fn subject(act: &Act) -> Option<CommitmentId> {
    match act {
        Act::Confirm(act) => Some(act.commitment),
        Act::Release(act) => Some(act.commitment),
        Act::Extend(act) => Some(act.commitment),
        Act::Cancel(act) => Some(act.commitment),
        Act::Arrive(act) => Some(act.commitment),
        Act::Discharge(act) => Some(act.commitment),
        Act::Fulfil(act) => Some(act.commitment),
        Act::NoShow(act) => Some(act.commitment),
        Act::Transfer(act) => Some(act.commitment),
        Act::Dispute(act) => Some(act.commitment),
        _ => None,
    }
}

/// Whether it is a hold.
pub(super) fn is_held(commitment: &Commitment) -> bool {
    commitment.status == Status::Held
}

/// Whether it is a booking whose patient has not come.
pub(super) fn is_booked(commitment: &Commitment) -> bool {
    commitment.status == Status::Booked
}

/// Whether its patient is there.
pub(super) fn has_arrived(commitment: &Commitment) -> bool {
    commitment.status == Status::Arrived
}

//! Taking room and giving it up: the only code that writes what is taken.

use super::{Due, State, Step};
use crate::event::Happening;
use crate::limits::ARRIVAL_SECONDS_DEFAULT;
use crate::outcome::Refusal;
use crate::words::{
    Agenda, Commitment, CommitmentId, Ending, FacilityId, Moment, Place, Service, ServiceId,
    SlotId, Status,
};
use crate::{limits, words::Registered};
use alloc::sync::Arc;

impl State {
    /// The service a place belongs to.
    pub fn service_of(&self, place: Place) -> Result<(ServiceId, &Service), Refusal> {
        let id = match place {
            Place::Bed(id) => id,
            Place::Slot(slot) => self.agenda_of(slot)?.service,
        };
        let service = self.services.get(u64::from(id.0)).ok_or(Refusal::UnknownService)?;
        Ok((id, service))
    }

    pub fn agenda_of(&self, slot: SlotId) -> Result<&Agenda, Refusal> {
        let agenda = self.agendas.get(u64::from(slot.agenda.0)).ok_or(Refusal::UnknownAgenda)?;
        if agenda.has(slot) { Ok(agenda) } else { Err(Refusal::UnknownSlot) }
    }

    /// When a slot begins; [`Moment::ZERO`] for a bed.
    pub fn start_of(&self, place: Place) -> Moment {
        match place {
            Place::Bed(_) => Moment::ZERO,
            Place::Slot(slot) => {
                self.agenda_of(slot).map_or(Moment::ZERO, |a| a.shape.slot_start(slot.index))
            }
        }
    }

    /// Whether one more commitment may be granted here now, beside `taken` that the same command
    /// takes. `beyond` skips the question whether there is room, and no other.
    pub fn room(
        &self,
        place: Place,
        now: Moment,
        taken: usize,
        beyond: bool,
    ) -> Result<(), Refusal> {
        match place {
            // An agenda is withdrawn with its service and its facility: where it is, they are open.
            Place::Slot(slot) => slot_room(self.agenda_of(slot)?, slot, now, taken, beyond),
            Place::Bed(id) => bed_room(self.open_service(id)?, now, taken, beyond),
        }
    }

    /// The deadline of a booking here.
    pub fn booking_deadline(&self, place: Place, now: Moment, arrival_seconds: u32) -> Moment {
        match place {
            Place::Bed(_) => {
                let seconds =
                    if arrival_seconds == 0 { ARRIVAL_SECONDS_DEFAULT } else { arrival_seconds };
                now.plus_seconds(u64::from(seconds))
            }
            // It ends with its agenda, if nobody says before what became of it: a deadline of its
            // own for each of a nation's appointments would cost more than it tells.
            Place::Slot(_) => Moment::MAX,
        }
    }

    /// Moves a commitment's deadline, keeping the order of deadlines true.
    pub fn set_deadline(&mut self, id: CommitmentId, deadline: Moment) {
        let before =
            self.commitments.update(id.0, |c| core::mem::replace(&mut c.deadline, deadline));
        if let Some(before) = before {
            self.deadlines.remove(&(before, Due::Commitment(id)));
        }
        if deadline < Moment::MAX {
            self.deadlines.insert((deadline, Due::Commitment(id)));
        }
    }

    /// Takes an agenda away whose slots nobody is committed to any more.
    pub fn remove_agenda(&mut self, id: crate::words::AgendaId) {
        let Some(agenda) = self.agendas.remove(u64::from(id.0)) else {
            return;
        };
        assert!(agenda.live.is_empty(), "an agenda with live commitments was taken away");
        self.services.derive(u64::from(agenda.service.0), |service| {
            Arc::make_mut(&mut service.agendas).remove(&id);
        });
    }
}

fn bed_room(service: &Service, now: Moment, taken: usize, beyond: bool) -> Result<(), Refusal> {
    let Some(ward) = &service.ward else {
        return Err(Refusal::WrongKind);
    };
    if !matches!(ward.registered, Registered::Confirmed(_)) {
        return Err(Refusal::CapacityUnconfirmed);
    }
    if ward.statement.is_none() {
        return Err(Refusal::NeverReported);
    }
    if now.seconds_since(ward.heard) > limits::SILENT_AFTER_SECONDS {
        return Err(Refusal::StaleFacility);
    }
    if ward.live.len() + taken >= limits::LIVE_PER_WARD_MAX {
        return Err(Refusal::Taken);
    }
    if beyond || ward.available() as usize > taken { Ok(()) } else { Err(Refusal::Taken) }
}

fn slot_room(
    agenda: &Agenda,
    slot: SlotId,
    now: Moment,
    taken: usize,
    beyond: bool,
) -> Result<(), Refusal> {
    if agenda.shape.slot_start(slot.index) <= now {
        return Err(Refusal::SlotBegun);
    }
    if agenda.blocked.contains(&slot.index) {
        return Err(Refusal::Blocked);
    }
    let countable =
        usize::from(agenda.taken[usize::from(slot.index)]) + taken < usize::from(u8::MAX);
    if countable && (beyond || usize::from(agenda.available(slot.index)) > taken) {
        Ok(())
    } else {
        Err(Refusal::Taken)
    }
}

impl Step<'_> {
    /// Takes room for a commitment whose room was checked, and gives it its number.
    pub fn take(&mut self, mut commitment: Commitment, beyond: bool) -> CommitmentId {
        let id = CommitmentId(self.state.next_commitment);
        self.state.next_commitment += 1;
        let place = commitment.place;
        let (service, facility, start) = self.whereabouts(place);
        match place {
            Place::Bed(_) => {
                let number = self.state.services.update(u64::from(service.0), |service| {
                    let Some(ward) = &mut service.ward else {
                        unreachable!("a bed was granted where there are none")
                    };
                    assert!(beyond || ward.available() > 0, "a bed was granted without room");
                    ward.last_number += 1;
                    Arc::make_mut(&mut ward.live).insert(ward.last_number, id);
                    // Nobody has counted it yet, so it is subtracted from what the ward counted.
                    *ward.unaccounted += 1;
                    ward.last_number
                });
                commitment.number = number.unwrap_or_default();
            }
            Place::Slot(slot) => {
                self.state.agendas.derive(u64::from(slot.agenda.0), |agenda| {
                    let capacity = agenda.shape.capacity;
                    let taken = &mut agenda.taken[usize::from(slot.index)];
                    assert!(beyond || *taken < capacity, "a slot was granted without room");
                    *taken += 1;
                    agenda.live.push(id);
                });
            }
        }
        self.happened(
            Some(facility),
            Happening::Granted {
                commitment: id,
                place,
                service,
                number: commitment.number,
                start,
                joint: commitment.joint,
                booked: commitment.status == Status::Booked,
                deadline: commitment.deadline,
                person: commitment.person,
                basis: commitment.basis().copied(),
                transferred_from: commitment.rare.as_ref().and_then(|r| r.transferred_from),
                overcapacity: commitment.rare.as_ref().is_some_and(|r| r.overcapacity.is_some()),
            },
        );
        if commitment.deadline < Moment::MAX {
            self.state.deadlines.insert((commitment.deadline, Due::Commitment(id)));
        }
        self.state.commitments.insert(id.0, commitment);
        id
    }

    /// Ends a live commitment and gives its room up. The end never adds to a number the ward
    /// reported: a commitment the ward does not know of simply stops being subtracted, and one it
    /// counted comes back with the ward's next word.
    pub fn end(&mut self, id: CommitmentId, ending: Ending) {
        self.state.set_deadline(id, Moment::MAX);
        let moment = self.moment;
        let ended = self.state.commitments.update(id.0, |commitment| {
            assert!(commitment.status.is_live(), "a commitment ended twice");
            commitment.status = Status::Ended(ending);
            // Nothing falls due any more: from here on this says when it ended.
            commitment.deadline = moment;
            (commitment.place, commitment.number, commitment.person)
        });
        let Some((place, number, person)) = ended else {
            unreachable!("only a commitment that is remembered ends")
        };
        match place {
            Place::Bed(service) => self.leave_bed(service, number),
            Place::Slot(slot) => self.leave_slot(slot, id),
        }
        let (_, facility, start) = self.whereabouts(place);
        self.state.ended.insert(self.state.next_ended, id);
        self.state.next_ended += 1;
        let ended = Happening::Ended { commitment: id, place, number, ending, person, start };
        self.happened(Some(facility), ended);
    }

    fn leave_bed(&mut self, service: ServiceId, number: u64) {
        self.state.services.update(u64::from(service.0), |service| {
            let Some(ward) = &mut service.ward else {
                unreachable!("a bed was committed where there are none")
            };
            let was = Arc::make_mut(&mut ward.live).remove(&number);
            assert!(was.is_some(), "a ward did not know its own commitment");
            if ward.accounts_for(number) {
                ward.awaiting_return.insert(number);
            } else {
                *ward.unaccounted -= 1;
            }
        });
    }

    fn leave_slot(&mut self, slot: SlotId, id: CommitmentId) {
        self.state.agendas.derive(u64::from(slot.agenda.0), |agenda| {
            let taken = &mut agenda.taken[usize::from(slot.index)];
            assert!(*taken > 0, "a slot gave back what was not taken");
            *taken -= 1;
            let Ok(at) = agenda.live.binary_search(&id) else {
                unreachable!("an agenda did not know its own commitment")
            };
            agenda.live.remove(at);
        });
    }

    /// The service, the facility and the beginning of a place that is known to exist.
    pub fn whereabouts(&self, place: Place) -> (ServiceId, FacilityId, Moment) {
        let known = match place {
            Place::Bed(id) => {
                let service = self.state.services.get(u64::from(id.0));
                service.map(|service| (id, service.facility, Moment::ZERO))
            }
            Place::Slot(slot) => self.state.agenda_of(slot).ok().map(|agenda| {
                (agenda.service, agenda.facility, agenda.shape.slot_start(slot.index))
            }),
        };
        match known {
            Some(known) => known,
            None => unreachable!("a commitment's place outlives it"),
        }
    }
}

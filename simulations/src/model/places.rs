//! How many places are free, counted by going through everything; and taking and leaving them.

use super::{Agenda, Commitment, Mistake, Model, Ward};
use ledger::Refusal;
use ledger::limits::{ARRIVAL_SECONDS_DEFAULT, LIVE_PER_WARD_MAX, SILENT_AFTER_SECONDS};
use ledger::words::{
    AgendaId, CommitmentId, Ending, Moment, Place, Registered, ServiceId, SlotId, Status,
};
use std::collections::BTreeMap;

/// Every place there is, and how many may be granted there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreePlaces {
    /// Beds that may be granted by service, and commitments without room.
    pub beds: BTreeMap<ServiceId, (u32, u32)>,
    /// Places by agenda and slot.
    pub slots: BTreeMap<AgendaId, Vec<u8>>,
}

impl Model {
    /// The free places of the whole nation.
    #[must_use]
    pub fn free_places(&self) -> FreePlaces {
        let mut taken: BTreeMap<SlotId, u64> = BTreeMap::new();
        for commitment in self.commitments.values().filter(|c| c.status.is_live()) {
            if let Place::Slot(slot) = commitment.place {
                *taken.entry(slot).or_default() += 1;
            }
        }
        let wards = self.services.iter().filter(|(_, service)| service.ward.is_some());
        let slots = self.agendas.iter().map(|(id, agenda)| {
            let indices = (0_u16..).take(usize::try_from(agenda.slots()).unwrap_or(usize::MAX));
            let free = indices.map(|index| {
                let taken = taken.get(&SlotId { agenda: *id, index }).copied().unwrap_or_default();
                self.free_of(agenda, index, taken)
            });
            (*id, free.collect())
        });
        FreePlaces {
            beds: wards.map(|(id, _)| (*id, self.beds_at(*id))).collect(),
            slots: slots.collect(),
        }
    }

    /// Beds of a service that may be granted now, and commitments for which there is no room:
    /// what the ward counted free and gave back since, less what that count does not know of.
    #[must_use]
    pub fn beds_at(&self, service: ServiceId) -> (u32, u32) {
        let Some(ward) = self.services.get(&service).and_then(|s| s.ward.as_ref()) else {
            return (0, 0);
        };
        let offered = match (&ward.statement, ward.registered) {
            (Some(said), Registered::Confirmed(_)) => {
                let mut returned = ward.given_back.len();
                if self.errs(Mistake::AccountedComesBack) {
                    returned = ward.ended_since.len();
                }
                u64::from(said.available) + returned as u64
            }
            _ => 0,
        };
        let live = self.commitments.values().filter(|c| {
            c.place == Place::Bed(service)
                && c.status.is_live()
                && !(c.overdue && self.errs(Mistake::OverdueFreesBed))
        });
        let unaccounted = live.filter(|c| !self.accounted(ward, c.number)).count() as u64;
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let free = number(offered.saturating_sub(unaccounted));
        (free, number(unaccounted.saturating_sub(offered)))
    }

    fn accounted(&self, ward: &Ward, number: u64) -> bool {
        match &ward.statement {
            Some(said) if self.errs(Mistake::WatermarkOffByOne) => {
                number < said.accounted_through && !said.exceptions.contains(&number)
            }
            Some(said) if self.errs(Mistake::ExceptionsOverlooked) => {
                number <= said.accounted_through
            }
            _ => ward.accounts_for(number),
        }
    }

    fn free_of(&self, agenda: &Agenda, index: u16, taken: u64) -> u8 {
        if agenda.blocked.contains(&index) && !self.errs(Mistake::BlockOverlooked) {
            return 0;
        }
        u8::try_from(u64::from(agenda.shape.capacity).saturating_sub(taken)).unwrap_or(u8::MAX)
    }

    /// Live commitments at a place.
    #[must_use]
    pub fn live_count_at(&self, place: Place) -> usize {
        self.commitments.values().filter(|c| c.place == place && c.status.is_live()).count()
    }

    /// Whether one more may be granted here, beside those that the same command takes.
    /// `beyond` skips the question whether there is room, and no other.
    ///
    /// # Errors
    /// The refusal that a hold of this place alone would meet.
    pub fn room(&self, place: Place, together: &[Place], beyond: bool) -> Result<(), Refusal> {
        let beside = together.iter().filter(|taken| **taken == place).count();
        let beside = if self.errs(Mistake::LegsOverlooked) { 0 } else { beside };
        match place {
            Place::Bed(service) => self.bed_room(service, beside, beyond),
            Place::Slot(slot) => self.slot_room(slot, beside, beyond),
        }
    }

    fn bed_room(&self, id: ServiceId, beside: usize, beyond: bool) -> Result<(), Refusal> {
        let service = self.open_service(id)?;
        let ward = service.ward.as_ref().ok_or(Refusal::WrongKind)?;
        if !matches!(ward.registered, Registered::Confirmed(_)) {
            return Err(Refusal::CapacityUnconfirmed);
        }
        if ward.statement.is_none() {
            return Err(Refusal::NeverReported);
        }
        let silent = SILENT_AFTER_SECONDS - u64::from(self.errs(Mistake::SilentTooEarly));
        if self.moment.seconds_since(ward.heard) > silent {
            return Err(Refusal::StaleFacility);
        }
        let crowded = self.live_count_at(Place::Bed(id)) + beside >= LIVE_PER_WARD_MAX;
        let (free, _) = self.beds_at(id);
        let room = beyond || free as usize > beside;
        if room && !crowded { Ok(()) } else { Err(Refusal::Taken) }
    }

    fn slot_room(&self, slot: SlotId, beside: usize, beyond: bool) -> Result<(), Refusal> {
        let agenda = self.agendas.get(&slot.agenda).ok_or(Refusal::UnknownAgenda)?;
        if u64::from(slot.index) >= agenda.slots() {
            return Err(Refusal::UnknownSlot);
        }
        let begins = agenda.begins(slot.index);
        let begun =
            begins < self.moment || begins == self.moment && !self.errs(Mistake::BegunTooLate);
        if begun {
            return Err(Refusal::SlotBegun);
        }
        if agenda.blocked.contains(&slot.index) && !self.errs(Mistake::BlockOverlooked) {
            return Err(Refusal::Blocked);
        }
        let taken = self.live_count_at(Place::Slot(slot));
        let free = self.free_of(agenda, slot.index, taken as u64);
        let room = beyond || usize::from(free) > beside;
        // A slot's commitments are counted in a byte, even beyond its capacity.
        let countable = taken + beside < usize::from(u8::MAX);
        if room && countable { Ok(()) } else { Err(Refusal::Taken) }
    }

    /// The first of these places that has room; otherwise the reason the asker can do most with.
    pub(super) fn first_with_room(
        &self,
        candidates: &[Place],
        together: &[Place],
        beyond: bool,
    ) -> Result<u8, Refusal> {
        let said: Vec<_> =
            candidates.iter().map(|place| self.room(*place, together, beyond)).collect();
        if let Some(at) = said.iter().position(Result::is_ok) {
            return Ok(u8::try_from(at).unwrap_or(u8::MAX));
        }
        let reasons: Vec<_> = said.into_iter().filter_map(Result::err).collect();
        for gravest in [Refusal::Taken, Refusal::StaleFacility, Refusal::Blocked] {
            if reasons.contains(&gravest) {
                return Err(gravest);
            }
        }
        Err(reasons.into_iter().next().unwrap_or(Refusal::Taken))
    }

    /// When a booking here falls due: a bed waits for its patient, a slot ends with its agenda.
    pub(super) fn booking_deadline(&self, place: Place, arrival_seconds: u32) -> Moment {
        match place {
            Place::Slot(_) => Moment::MAX,
            Place::Bed(_) if arrival_seconds == 0 => {
                self.moment.plus_seconds(u64::from(ARRIVAL_SECONDS_DEFAULT))
            }
            Place::Bed(_) => self.moment.plus_seconds(u64::from(arrival_seconds)),
        }
    }

    pub(super) fn take(&mut self, mut commitment: Commitment) -> CommitmentId {
        let id = CommitmentId(self.next_commitment);
        self.next_commitment += 1;
        if let Place::Bed(service) = commitment.place {
            self.change_ward(service, |ward| {
                ward.last_number += 1;
                commitment.number = ward.last_number;
            });
        }
        self.commitments.insert(id, commitment);
        id
    }

    /// The end of a commitment adds nothing to what a ward said: it is not subtracted any more, or
    /// comes back with the ward's next word.
    pub(super) fn end(&mut self, id: CommitmentId, ending: Ending) {
        let now = self.moment;
        let Some(commitment) = self.commitments.get_mut(&id) else { return };
        commitment.status = Status::Ended(ending);
        commitment.deadline = now;
        let (place, number) = (commitment.place, commitment.number);
        if let Place::Bed(service) = place {
            let ward = self.services.get(&service).and_then(|service| service.ward.as_ref());
            if ward.is_some_and(|ward| self.accounted(ward, number)) {
                self.change_ward(service, |ward| {
                    ward.ended_since.insert(number);
                });
            }
        }
        self.ended.push(id);
        self.ended_count += 1;
    }
}

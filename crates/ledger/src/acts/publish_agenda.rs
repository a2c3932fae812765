//! Publish slots.

use crate::derived::Derived;
use crate::event::Happening;
use crate::limits::{
    AGENDA_AHEAD_SECONDS_MAX, AGENDAS_PER_SERVICE_MAX, SLOT_CAPACITY_MAX, SLOTS_PER_AGENDA_MAX,
};
use crate::outcome::{Bound, Done, Refusal};
use crate::state::{Due, State, Step};
use crate::words::{Agenda, AgendaId, FacilityId, Moment};
use crate::words::{AgendaShape, ServiceId};
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// Publishes a block of slots of a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublishAgenda {
    /// Of which service.
    pub service: ServiceId,
    /// When the slots are.
    pub shape: AgendaShape,
}

impl PublishAgenda {
    /// Refusals, in order: [`Refusal::UnknownService`], [`Refusal::FacilityClosed`],
    /// [`Refusal::ServiceClosed`], [`Refusal::WrongKind`], [`Refusal::OutOfBounds`],
    /// [`Refusal::CatalogueFull`], [`Refusal::AgendaOverlaps`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let service = step.state.open_service(self.service)?;
        let facility = service.facility;
        if service.kind.is_bed() {
            return Err(Refusal::WrongKind);
        }
        self.judge_shape(step.moment)?;
        if service.agendas.len() >= AGENDAS_PER_SERVICE_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Agendas });
        }
        self.judge_overlaps(step.state, service.agendas.iter().copied())?;

        Ok(Done::Agenda(self.write(step, facility)))
    }

    fn judge_shape(&self, now: Moment) -> Result<(), Refusal> {
        let shape = &self.shape;
        let row = u64::from(shape.columns) * u64::from(shape.step_seconds);
        let latest = now.plus_seconds(AGENDA_AHEAD_SECONDS_MAX);
        let bound = if shape.slots() == 0 || shape.slots() > SLOTS_PER_AGENDA_MAX {
            Bound::Slots
        } else if shape.length_seconds == 0 || shape.length_seconds > shape.step_seconds {
            Bound::SlotLength
        } else if shape.rows > 1 && u64::from(shape.row_seconds) < row {
            Bound::RowLength
        } else if shape.capacity == 0 || shape.capacity > SLOT_CAPACITY_MAX {
            Bound::SlotCapacity
        } else if shape.end() <= now || shape.end() > latest {
            Bound::AgendaTime
        } else {
            return Ok(());
        };
        Err(Refusal::OutOfBounds { bound })
    }

    /// The same hour of the same service twice is a mistake, not a second room: a second room is a
    /// service of its own, or more capacity.
    fn judge_overlaps(
        &self,
        state: &State,
        mut known: impl Iterator<Item = AgendaId>,
    ) -> Result<(), Refusal> {
        let overlap = known.find(|id| {
            let agenda = state.agendas.get(u64::from(id.0));
            agenda.is_some_and(|agenda| self.shape.overlaps(&agenda.shape))
        });
        overlap.map_or(Ok(()), |agenda| Err(Refusal::AgendaOverlaps { agenda }))
    }

    fn write(&self, step: &mut Step<'_>, facility: FacilityId) -> AgendaId {
        let id = AgendaId(step.state.next_agenda);
        step.state.next_agenda += 1;
        let slots = usize::try_from(self.shape.slots()).unwrap_or_default();
        step.state.agendas.insert(
            u64::from(id.0),
            Agenda {
                service: self.service,
                facility,
                shape: self.shape,
                blocked: BTreeSet::new(),
                taken: Derived(vec![0; slots]),
                live: Derived(Vec::new()),
            },
        );
        step.state.services.derive(u64::from(self.service.0), |service| {
            Arc::make_mut(&mut service.agendas).insert(id);
        });
        step.state.deadlines.insert((self.shape.forgotten(), Due::Agenda(id)));
        let (service, shape) = (self.service, self.shape);
        step.happened(Some(facility), Happening::AgendaPublished { service, agenda: id, shape });
        id
    }
}

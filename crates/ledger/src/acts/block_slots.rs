//! Take slots out of use, or back into it.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::AgendaId;

/// Takes slots out of use, or back into it. What is committed there stays committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlockSlots {
    /// Of which agenda.
    pub agenda: AgendaId,
    /// The first slot.
    pub first: u16,
    /// How many slots.
    pub count: u16,
    /// Out of use, or back.
    pub blocked: bool,
}

impl BlockSlots {
    /// Refusals, in order: [`Refusal::UnknownAgenda`], [`Refusal::UnknownSlot`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let agenda = u64::from(self.agenda.0);
        let known = step.state.agendas.get(agenda).ok_or(Refusal::UnknownAgenda)?;
        let end = u32::from(self.first) + u32::from(self.count);
        if self.count == 0 || end > known.shape.slots() {
            return Err(Refusal::UnknownSlot);
        }
        let service = u64::from(known.service.0);

        step.state.agendas.update(agenda, |agenda| {
            for slot in self.first..self.first + self.count {
                if self.blocked {
                    agenda.blocked.insert(slot);
                } else {
                    agenda.blocked.remove(&slot);
                }
            }
        });
        let facility = step.state.services.get(service).map(|service| service.facility);
        let Self { agenda, first, count, blocked } = *self;
        step.happened(facility, Happening::SlotsBlocked { agenda, first, count, blocked });
        Ok(Done::Plain)
    }
}

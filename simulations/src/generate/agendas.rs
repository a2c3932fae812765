//! Drawing the acts of agendas.

use super::draft::Draft;
use crate::model::Agenda;
use ledger::Act;
use ledger::acts::{BlockSlots, PublishAgenda, WithdrawAgenda};
use ledger::limits::{AGENDA_AHEAD_SECONDS_MAX, SLOT_CAPACITY_MAX, SLOTS_PER_AGENDA_MAX};
use ledger::words::{AgendaId, AgendaShape, Moment};

impl Agenda {
    /// When its last slot begins.
    pub(super) fn begins_last(&self) -> Moment {
        self.begins(u16::try_from(self.slots() - 1).unwrap_or(u16::MAX))
    }
}

impl Draft<'_> {
    pub fn publish_agenda(&mut self) -> Act {
        let service = self.service(|service| !service.kind.is_bed());
        let mut shape = self.shape();
        match self.chance.below(10) {
            0 | 1 => self.spoil_shape(&mut shape),
            2 => self.begin_before(&mut shape),
            _ => {}
        }
        Act::PublishAgenda(PublishAgenda { service, shape })
    }

    /// A few slots within the next hours.
    pub fn shape(&mut self) -> AgendaShape {
        let step_seconds = self.chance.one_of([60, 300, 1_200]);
        let length_seconds = self.chance.one_of([step_seconds, step_seconds / 2, 5]);
        let columns = self.chance.between(1, 4) as u16;
        let row = u32::from(columns) * step_seconds;
        let rows = if self.chance.once_in(3) { self.chance.between(2, 3) } else { 1 } as u16;
        let row_seconds = match rows {
            // A row that nothing follows may be given as any length.
            1 => self.chance.one_of([0, 1, step_seconds, row, 86_400]),
            _ => self.chance.one_of([row, row + step_seconds / 2, row + 3_600]),
        };
        let quarter = self.now.seconds() / 300 * 300;
        let start = Moment::from_seconds(quarter + u64::from(self.chance.below(24)) * 300);
        let capacity = self.chance.between(1, 3) as u8;
        AgendaShape { start, step_seconds, length_seconds, columns, row_seconds, rows, capacity }
    }

    /// Rows of days of which the first are over, one of them perhaps now.
    fn begin_before(&mut self, shape: &mut AgendaShape) {
        let days = self.chance.between(1, 3);
        shape.rows = days as u16 + 1;
        shape.row_seconds = 86_400;
        let ago = u64::from(days) * 86_400;
        shape.start = Moment::from_seconds(shape.start.seconds() - ago);
    }

    fn spoil_shape(&mut self, shape: &mut AgendaShape) {
        match self.chance.below(10) {
            0 => shape.columns = 0,
            1 => (shape.columns, shape.rows) = (1, SLOTS_PER_AGENDA_MAX as u16 + 1),
            2 => shape.length_seconds = 0,
            3 => shape.length_seconds = shape.step_seconds + 1,
            4 => {
                shape.rows = 2;
                shape.row_seconds = u32::from(shape.columns) * shape.step_seconds - 1;
            }
            5 => shape.capacity = self.chance.one_of([0, SLOT_CAPACITY_MAX + 1]),
            6 => shape.start = Moment::from_seconds(self.now.seconds() - 90_000),
            7 => shape.start = self.now.plus_seconds(AGENDA_AHEAD_SECONDS_MAX),
            8 => shape.start = Moment::MAX,
            _ => (shape.columns, shape.rows) = (u16::MAX, u16::MAX),
        }
    }

    fn agenda(&mut self) -> AgendaId {
        let known: Vec<_> = self.model.agendas.keys().copied().collect();
        let strange = self.chance.once_in(12);
        let next = AgendaId(self.model.next_agenda);
        self.chance.pick(&known).filter(|_| !strange).unwrap_or(next)
    }

    pub fn block_slots(&mut self) -> Act {
        let agenda = self.agenda();
        let slots = self.model.agendas.get(&agenda).map_or(1, |agenda| agenda.slots() as u32);
        let first = self.chance.below(slots) as u16;
        let left = slots - u32::from(first);
        let count = match self.chance.below(8) {
            0 => 0,
            1 => left + 1,
            2 => u32::from(u16::MAX),
            _ => self.chance.between(1, left),
        };
        let blocked = self.chance.once_in(2);
        Act::BlockSlots(BlockSlots { agenda, first, count: count as u16, blocked })
    }

    pub fn withdraw_agenda(&mut self) -> Act {
        Act::WithdrawAgenda(WithdrawAgenda { agenda: self.agenda() })
    }
}

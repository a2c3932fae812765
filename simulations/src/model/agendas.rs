//! Slots: publishing, blocking and withdrawing them.

use super::catalogue::stranded;
use super::{Agenda, Model};
use ledger::acts::{BlockSlots, PublishAgenda, WithdrawAgenda};
use ledger::limits::{
    AGENDA_AHEAD_SECONDS_MAX, AGENDAS_PER_SERVICE_MAX, SLOT_CAPACITY_MAX, SLOTS_PER_AGENDA_MAX,
    UNREPORTED_AFTER_SECONDS,
};
use ledger::words::{AgendaId, AgendaShape, CommitmentId, Moment, Place};
use ledger::{Bound, Done, Refusal};
use std::collections::BTreeSet;

impl Agenda {
    /// How many slots there are.
    #[must_use]
    pub fn slots(&self) -> u64 {
        slots(&self.shape)
    }

    /// When a slot begins.
    #[must_use]
    pub fn begins(&self, index: u16) -> Moment {
        span(&self.shape, u64::from(index)).0
    }

    /// When the agenda is forgotten, and with it what nobody reported on.
    #[must_use]
    pub fn forgotten(&self) -> Moment {
        last_end(&self.shape).plus_seconds(UNREPORTED_AFTER_SECONDS)
    }
}

impl Model {
    pub(super) fn publish_agenda(&mut self, act: &PublishAgenda) -> Result<Done, Refusal> {
        let service = self.open_service(act.service)?;
        if service.kind.is_bed() {
            return Err(Refusal::WrongKind);
        }
        if let Some(bound) = self.ill_shaped(&act.shape) {
            return Err(Refusal::OutOfBounds { bound });
        }
        let published = || self.agendas.iter().filter(|(_, a)| a.service == act.service);
        if published().count() >= AGENDAS_PER_SERVICE_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Agendas });
        }
        if let Some((agenda, _)) = published().find(|(_, a)| overlap(&a.shape, &act.shape)) {
            return Err(Refusal::AgendaOverlaps { agenda: *agenda });
        }

        let id = AgendaId(self.next_agenda);
        self.next_agenda += 1;
        let agenda = Agenda { service: act.service, shape: act.shape, blocked: BTreeSet::new() };
        self.agendas.insert(id, agenda);
        Ok(Done::Agenda(id))
    }

    fn ill_shaped(&self, shape: &AgendaShape) -> Option<Bound> {
        let row = u64::from(shape.columns) * u64::from(shape.step_seconds);
        let latest = self.moment.plus_seconds(AGENDA_AHEAD_SECONDS_MAX);
        if !(1..=u64::from(SLOTS_PER_AGENDA_MAX)).contains(&slots(shape)) {
            Some(Bound::Slots)
        } else if !(1..=shape.step_seconds).contains(&shape.length_seconds) {
            Some(Bound::SlotLength)
        } else if shape.rows > 1 && u64::from(shape.row_seconds) < row {
            Some(Bound::RowLength)
        } else if !(1..=SLOT_CAPACITY_MAX).contains(&shape.capacity) {
            Some(Bound::SlotCapacity)
        } else if last_end(shape) <= self.moment || last_end(shape) > latest {
            Some(Bound::AgendaTime)
        } else {
            None
        }
    }

    pub(super) fn block_slots(&mut self, act: &BlockSlots) -> Result<Done, Refusal> {
        let agenda = self.agendas.get_mut(&act.agenda).ok_or(Refusal::UnknownAgenda)?;
        let meant = u64::from(act.first)..u64::from(act.first) + u64::from(act.count);
        if meant.is_empty() || meant.end > agenda.slots() {
            return Err(Refusal::UnknownSlot);
        }
        for slot in (act.first..).take(usize::from(act.count)) {
            if act.blocked {
                agenda.blocked.insert(slot);
            } else {
                agenda.blocked.remove(&slot);
            }
        }
        Ok(Done::Plain)
    }

    /// The live commitments in the slots of an agenda, in the order of granting.
    #[must_use]
    pub fn live_in(&self, agenda: AgendaId) -> Vec<CommitmentId> {
        let here = |place| matches!(place, Place::Slot(slot) if slot.agenda == agenda);
        let live = self.commitments.iter().filter(|(_, c)| c.status.is_live() && here(c.place));
        live.map(|(id, _)| *id).collect()
    }

    pub(super) fn withdraw_agenda(&mut self, act: &WithdrawAgenda) -> Result<Done, Refusal> {
        if !self.agendas.contains_key(&act.agenda) {
            return Err(Refusal::UnknownAgenda);
        }
        stranded(&self.live_in(act.agenda))?;

        self.agendas.remove(&act.agenda);
        Ok(Done::Plain)
    }
}

fn slots(shape: &AgendaShape) -> u64 {
    u64::from(shape.columns) * u64::from(shape.rows)
}

/// When a slot begins and when it ends.
fn span(shape: &AgendaShape, index: u64) -> (Moment, Moment) {
    let (row, column) = (index / u64::from(shape.columns), index % u64::from(shape.columns));
    let after = row * u64::from(shape.row_seconds) + column * u64::from(shape.step_seconds);
    let begins = shape.start.plus_seconds(after);
    (begins, begins.plus_seconds(u64::from(shape.length_seconds)))
}

fn last_end(shape: &AgendaShape) -> Moment {
    span(shape, slots(shape) - 1).1
}

/// Whether any slot of one falls together with any slot of the other, by looking at every pair.
fn overlap(one: &AgendaShape, other: &AgendaShape) -> bool {
    if last_end(one) <= other.start || last_end(other) <= one.start {
        return false;
    }
    let others: Vec<_> = (0..slots(other)).map(|index| span(other, index)).collect();
    (0..slots(one)).map(|index| span(one, index)).any(|(begins, ends)| {
        others.iter().any(|(other_begins, other_ends)| begins < *other_ends && *other_begins < ends)
    })
}

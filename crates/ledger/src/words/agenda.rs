//! Published slots, held compactly: a month of a consulting room is one agenda of a few hundred
//! slots that costs a byte each.

use super::ids::{CommitmentId, FacilityId, ServiceId, SlotId};
use super::moment::Moment;
use crate::derived::Derived;
use crate::limits::UNREPORTED_AFTER_SECONDS;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The pattern of a block of slots: `rows` days of `columns` slots each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AgendaShape {
    /// When the first slot of the first row begins.
    pub start: Moment,
    /// Seconds from the beginning of one slot of a row to that of the next.
    pub step_seconds: u32,
    /// Seconds each slot lasts; at most a step.
    pub length_seconds: u32,
    /// Slots in a row.
    pub columns: u16,
    /// Seconds from the beginning of one row to that of the next.
    pub row_seconds: u32,
    /// Rows.
    pub rows: u16,
    /// People each slot has room for.
    pub capacity: u8,
}

impl AgendaShape {
    /// How many slots there are.
    #[must_use]
    pub const fn slots(&self) -> u32 {
        self.columns as u32 * self.rows as u32
    }

    /// When the slot with this index begins.
    #[must_use]
    pub fn slot_start(&self, index: u16) -> Moment {
        let columns = self.columns.max(1);
        let (row, column) = (u64::from(index / columns), u64::from(index % columns));
        self.start
            .plus_seconds(row * u64::from(self.row_seconds) + column * u64::from(self.step_seconds))
    }

    /// When the slot with this index ends.
    #[must_use]
    pub fn slot_end(&self, index: u16) -> Moment {
        self.slot_start(index).plus_seconds(u64::from(self.length_seconds))
    }

    /// When the last slot ends.
    #[must_use]
    pub fn end(&self) -> Moment {
        let last = self.slots().saturating_sub(1);
        self.slot_end(u16::try_from(last).unwrap_or(u16::MAX))
    }

    /// Whether a slot of one falls together with a slot of the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.end() <= other.start || other.end() <= self.start {
            return false;
        }
        let without_gaps = self.length_seconds >= self.step_seconds;
        (0..self.rows).any(|row| {
            let first = row.saturating_mul(self.columns);
            let slots = first..first + self.columns;
            let last = slots.end.saturating_sub(1);
            // Slots are looked at one by one only where the row as a whole meets something.
            other.meets(self.slot_start(first), self.slot_end(last))
                && (without_gaps
                    || slots
                        .into_iter()
                        .any(|index| other.meets(self.slot_start(index), self.slot_end(index))))
        })
    }

    /// Whether a slot falls together with this span of time, its end not included.
    fn meets(&self, from: Moment, to: Moment) -> bool {
        let next = self.first_from(from);
        let before = next.checked_sub(1).and_then(|index| u16::try_from(index).ok());
        let reaches_in = before.is_some_and(|index| self.slot_end(index) > from);
        let begins_within = u16::try_from(next)
            .is_ok_and(|index| next < self.slots() && self.slot_start(index) < to);
        reaches_in || begins_within
    }

    /// When the last slot is so long past that the agenda is forgotten.
    #[must_use]
    pub fn forgotten(&self) -> Moment {
        self.end().plus_seconds(UNREPORTED_AFTER_SECONDS)
    }

    /// The index of the first slot that begins at or after this moment; `slots()` when none does.
    #[must_use]
    pub fn first_from(&self, moment: Moment) -> u32 {
        if moment <= self.start {
            return 0;
        }
        let since = moment.micros() - self.start.micros();
        let step_micros = u64::from(self.step_seconds) * 1_000_000;
        // A single row has no next one, however long it is said to be.
        let (row, within) = match u64::from(self.row_seconds) * 1_000_000 {
            row_micros if self.rows > 1 && row_micros > 0 => {
                (since / row_micros, since % row_micros)
            }
            _ => (0, since),
        };
        if row >= u64::from(self.rows) {
            return self.slots();
        }
        let column = within.div_ceil(step_micros.max(1)).min(u64::from(self.columns));
        let index = row * u64::from(self.columns) + column;
        u32::try_from(index).unwrap_or(u32::MAX).min(self.slots())
    }
}

/// A block of slots as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Agenda {
    /// The service it belongs to, which takes part as long as its agenda is here.
    pub service: ServiceId,
    /// That service's facility.
    pub facility: FacilityId,
    /// When its slots are.
    pub shape: AgendaShape,
    /// Slots that take no new commitments (a doctor on leave, a room being painted).
    pub blocked: BTreeSet<u16>,
    /// How many commitments each slot has.
    pub taken: Derived<Vec<u8>>,
    /// Its live commitments, in the order in which they were granted.
    pub live: Derived<Vec<CommitmentId>>,
}

impl Agenda {
    /// Places left in a slot, not asking when it begins; zero for a blocked or unknown slot.
    #[must_use]
    pub fn available(&self, index: u16) -> u8 {
        if self.blocked.contains(&index) {
            return 0;
        }
        let taken = self.taken.get(usize::from(index)).copied().unwrap_or(u8::MAX);
        self.shape.capacity.saturating_sub(taken)
    }

    /// Whether there is such a slot.
    #[must_use]
    pub fn has(&self, slot: SlotId) -> bool {
        u32::from(slot.index) < self.shape.slots()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNING: AgendaShape = AgendaShape {
        start: Moment::from_seconds(1_000_000),
        step_seconds: 1_200,
        length_seconds: 900,
        columns: 18,
        row_seconds: 86_400,
        rows: 20,
        capacity: 2,
    };

    #[test]
    fn overlaps_are_seen_across_rows() {
        #[track_caller]
        fn check(start: u64, columns: u16, rows: u16, expected: bool) {
            let other =
                AgendaShape { start: Moment::from_seconds(start), columns, rows, ..MORNING };
            assert_eq!(MORNING.overlaps(&other), expected);
            assert_eq!(other.overlaps(&MORNING), expected);
        }
        let row = 18 * 1_200;
        check(1_000_000, 18, 20, true);
        check(1_000_000 + row, 18, 20, false);
        check(1_000_000 + row - 1_200, 18, 20, true);
        check(1_000_000 + row - 1_200, 1, 1, true);
        check(1_000_000 - 1_200, 1, 1, false);
        check(1_000_000 - 1_200, 2, 1, true);
        check(1_000_000 + 19 * 86_400 + row, 1, 1, false);
        check(1_000_000 + 10 * 86_400 + 600, 1, 1, true);
        check(1_000_000 + 30 * 86_400, 18, 20, false);
        // Between two slots there are five minutes in which nobody is expected.
        let between = AgendaShape {
            start: Moment::from_seconds(1_000_000 + 900),
            length_seconds: 300,
            ..MORNING
        };
        assert!(!MORNING.overlaps(&between) && !between.overlaps(&MORNING));
        let longer = AgendaShape { length_seconds: 301, ..between };
        assert!(MORNING.overlaps(&longer) && longer.overlaps(&MORNING));
    }

    #[test]
    fn slots_are_found_by_index_and_by_moment() {
        #[track_caller]
        fn check(seconds: u64, expected: u32) {
            assert_eq!(MORNING.first_from(Moment::from_seconds(seconds)), expected);
        }
        check(0, 0);
        check(1_000_000, 0);
        check(1_000_001, 1);
        check(1_001_200, 1);
        check(1_000_000 + 17 * 1_200 + 1, 18);
        check(1_086_400, 18);
        check(1_086_401, 19);
        check(1_000_000 + 19 * 86_400 + 17 * 1_200, 359);
        check(1_000_000 + 19 * 86_400 + 17 * 1_200 + 1, 360);
        check(9_000_000, 360);
        for index in 0..360 {
            assert_eq!(MORNING.first_from(MORNING.slot_start(index)), u32::from(index));
        }
        for row_seconds in [0, 1, 1_200, 86_400] {
            let row = AgendaShape { rows: 1, row_seconds, ..MORNING };
            for index in 0..18 {
                assert_eq!(row.first_from(row.slot_start(index)), u32::from(index));
            }
            assert_eq!(row.first_from(row.end()), 18);
        }
        assert_eq!(MORNING.slot_end(0).seconds_since(MORNING.slot_start(0)), 900);
        assert_eq!(MORNING.end(), MORNING.slot_end(359));
    }
}
